package io.messagecenter.app.file;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something to serve, as it is and perhaps compressed beforehand. Its tags are those of these very bytes: a browser that has
 * them need not load them again. Immutable.
 */
public final class ServedFile {
    private static final String ASKED_FOR_EVERY_TIME = "no-cache";
    private static final String FOR_A_YEAR = "public, max-age=31536000, immutable";

    private final String type;
    private final String kept;
    private final String hash;
    private final Form plain;
    private final List<Form> compressed;

    /** The bytes in some coding; none is the empty one. */
    private static final class Form {
        private final String coding;
        private final byte[] bytes;
        private final String tag;

        Form(String coding, byte[] bytes, String hash) {
            this.coding = coding;
            this.bytes = bytes;
            this.tag = '"' + hash + (coding.isEmpty() ? "" : "." + coding) + '"';
        }
    }

    private ServedFile(String type, String kept, String hash, Form plain, List<Form> compressed) {
        this.type = type;
        this.kept = kept;
        this.hash = hash;
        this.plain = plain;
        this.compressed = List.copyOf(compressed);
    }

    /** A file that browsers keep, and ask about every time. */
    public static ServedFile of(String type, byte[] bytes) {
        var hash = hash(bytes);
        return new ServedFile(type, ASKED_FOR_EVERY_TIME, hash, new Form("", bytes, hash), List.of());
    }

    /** The same file for one whose address changes with its bytes: browsers keep it for a year, and do not ask. */
    public ServedFile named() {
        return new ServedFile(type, FOR_A_YEAR, hash, plain, compressed);
    }

    /**
     * The same file with another way to send it, which is preferred to those that come later.
     *
     * @param coding as in {@code Accept-Encoding}
     */
    public ServedFile compressed(String coding, byte[] bytes) {
        var more = new ArrayList<>(compressed);
        more.add(new Form(coding, bytes, hash));
        return new ServedFile(type, kept, hash, plain, more);
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has it", e);
        }
    }

    void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var form = compressed.stream()
                .filter(one -> accepts(request, one.coding))
                .findFirst()
                .orElse(plain);
        response.setHeader("Cache-Control", kept);
        response.setHeader("ETag", form.tag);
        if (!compressed.isEmpty()) {
            response.setHeader("Vary", "Accept-Encoding");
        }
        if (has(request, form.tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(type);
        if (!form.coding.isEmpty()) {
            response.setHeader("Content-Encoding", form.coding);
        }
        response.setContentLength(form.bytes.length);
        response.getOutputStream().write(form.bytes); // of nothing, if it was asked by HEAD
    }

    /** Whether a coding is named, and not with a weight of nothing. */
    private static boolean accepts(HttpServletRequest request, String coding) {
        for (var one : values(request, "Accept-Encoding")) {
            var parts = one.toLowerCase(Locale.ROOT).replace(" ", "").split(";", 2);
            if (parts[0].equals(coding)) {
                return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    private static boolean has(HttpServletRequest request, String tag) {
        return values(request, "If-None-Match").stream()
                .map(one -> one.startsWith("W/") ? one.substring(2) : one)
                .anyMatch(one -> one.equals(tag) || one.equals("*"));
    }

    /** No tag of ours has a comma, nor has the name of a coding. */
    private static List<String> values(HttpServletRequest request, String header) {
        return Optional.ofNullable(request.getHeader(header)).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .toList();
    }
}

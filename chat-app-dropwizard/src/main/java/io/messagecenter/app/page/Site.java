package io.messagecenter.app.page;

import io.messagecenter.app.file.ClassPath;
import io.messagecenter.app.file.ServedFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The files of the page, as the frontend's build has left them and listed them in {@code site.txt}. What is not on that
 * list is not there. Immutable.
 */
final class Site {
    /** The bundler puts a hash of their bytes into the names of these, and of no others. */
    private static final String NAMED_BY_THEIR_BYTES = "assets/";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html;charset=utf-8"),
            Map.entry("js", "text/javascript;charset=utf-8"),
            Map.entry("css", "text/css;charset=utf-8"),
            Map.entry("txt", "text/plain;charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("mp3", "audio/mpeg"));

    /** By what a compressed sibling's name ends in, the best one first. */
    private static final List<Map.Entry<String, String>> CODINGS =
            List.of(Map.entry(".br", "br"), Map.entry(".gz", "gzip"));

    private final Map<String, ServedFile> files;

    private Site(Map<String, ServedFile> files) {
        this.files = Map.copyOf(files);
    }

    /** What the jar brings along; empty if it was built without the page. */
    static Optional<Site> built() {
        return of(path -> ClassPath.find(Site.class, path));
    }

    /** What can be read under {@code site.txt} and {@code site/}. */
    static Optional<Site> of(Function<String, Optional<byte[]>> read) {
        return read.apply("site.txt").map(list -> {
            var names = List.of(new String(list, StandardCharsets.UTF_8).split("\n"));
            var files = new HashMap<String, ServedFile>();
            for (var name : names) {
                if (CODINGS.stream().noneMatch(coding -> name.endsWith(coding.getKey()))) {
                    files.put(name, file(name, names, read));
                }
            }
            return new Site(files);
        });
    }

    private static ServedFile file(String name, List<String> names, Function<String, Optional<byte[]>> read) {
        var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalStateException("The page has a file of a type that is not known here: " + name);
        }
        var file = ServedFile.of(type, bytes(name, read));
        for (var coding : CODINGS) {
            var compressed = name + coding.getKey();
            if (names.contains(compressed)) {
                file = file.compressed(coding.getValue(), bytes(compressed, read));
            }
        }
        return name.startsWith(NAMED_BY_THEIR_BYTES) ? file.named() : file;
    }

    private static byte[] bytes(String name, Function<String, Optional<byte[]>> read) {
        return read.apply("site/" + name)
                .orElseThrow(() -> new IllegalStateException("The page lacks a file that it lists: " + name));
    }

    /** A file by its name, without a slash before it. */
    Optional<ServedFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }
}

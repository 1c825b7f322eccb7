package io.messagecenter.app.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.seq.JsonNumber;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The fields of a request, out of a JSON object, a form or a frame. Each is read by the type that it should have; a fault
 * names the field, in the words of the original. Unknown fields are ignored.
 */
public final class Fields {
    private static final String REQUIRED = "This field is required.";
    private static final String NOT_NULL = "This field may not be null.";
    private static final String NO_STRING = "Not a valid string.";

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /**
     * How much they may be written in: bytes of a request, characters of a frame. The longest message fits, though each of
     * its characters is escaped.
     */
    public static final int LONGEST = 192 * 1024;

    /** Of a request without a body. */
    public static final Fields NONE = new Fields(new ObjectNode(JsonNodeFactory.instance), false);

    private final JsonNode object;
    private final boolean written;

    /** @param written whether everything is a text, also what is meant as something else */
    private Fields(JsonNode object, boolean written) {
        this.object = object;
        this.written = written;
    }

    /** What came is not what was announced: no JSON object, or no form. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    public static Fields ofJson(ObjectMapper mapper, byte[] json) throws Malformed {
        return ofJson(mapper, utf8(json).orElseThrow(() -> new Malformed("JSON parse error - not UTF-8")));
    }

    public static Fields ofJson(ObjectMapper mapper, String json) throws Malformed {
        try {
            return of(mapper.readTree(json));
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
    }

    /** The fields of {@code application/x-www-form-urlencoded} in UTF-8; of a repeated one the last. */
    public static Fields ofForm(byte[] form) throws Malformed {
        var object = new ObjectNode(JsonNodeFactory.instance);
        for (var pair : new String(form, StandardCharsets.ISO_8859_1).split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                object.put(decode(name), decode(equals < 0 ? "" : pair.substring(equals + 1)));
            }
        }
        return new Fields(object, true);
    }

    /** Byte by byte, as the form came; only then it is seen whether the bytes are text. */
    private static String decode(String encoded) throws Malformed {
        if (BROKEN_ESCAPE.matcher(encoded).find()) {
            throw new Malformed("Form parse error - a broken percent escape");
        }
        var bytes = URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
        return utf8(bytes).orElseThrow(() -> new Malformed("Form parse error - not UTF-8"));
    }

    /** Strictly: what is no text must not become some other text. */
    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Fields of(JsonNode node) throws Malformed {
        if (!node.isObject()) {
            throw new Malformed("JSON parse error - expected an object");
        }
        return new Fields(node, false);
    }

    private static Malformed malformed(JsonProcessingException e) {
        var at = e.getLocation();
        return new Malformed(
                "JSON parse error" + (at == null ? "" : " - line " + at.getLineNr() + " column " + at.getColumnNr()));
    }

    /** Whether the field is there, whatever it says. */
    public boolean has(String name) {
        return object.has(name);
    }

    /** A text that must be there. */
    public String text(String name) {
        var value = object.get(name);
        if (value == null) {
            throw ChatException.invalid(name, REQUIRED);
        } else if (value.isNull()) {
            throw ChatException.invalid(name, NOT_NULL);
        }
        return textOf(name, value);
    }

    /** A text that must be there, and says something. */
    public String filledText(String name) {
        var text = text(name);
        if (text.isBlank()) {
            throw ChatException.invalid(name, "This field may not be blank.");
        }
        return text;
    }

    /** A text that may be missing or null. */
    public Optional<String> optionalText(String name) {
        var value = object.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(textOf(name, value));
    }

    /**
     * A whole number from 0 to 2^53 - 1, which must be there; as digits where it comes by a form, and in JSON however it is
     * written: {@code 1.0} and {@code 1e0} are 1.
     */
    public long number(String name) {
        var value = object.get(name);
        if (value == null) {
            throw ChatException.invalid(name, REQUIRED);
        } else if (value.isNull()) {
            throw ChatException.invalid(name, NOT_NULL);
        }
        return numberOf(name, value);
    }

    /** A number that may be missing or null. */
    public Optional<Long> optionalNumber(String name) {
        var value = object.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(numberOf(name, value));
    }

    private long numberOf(String name, JsonNode value) {
        boolean digits = written && value.textValue().matches("[0-9]{1,16}");
        if (!digits && !(value.canConvertToExactIntegral() && value.canConvertToLong())) {
            throw ChatException.invalid(name, "A valid integer is required.");
        }
        long number = digits ? Long.parseLong(value.textValue()) : value.longValue();
        if (number < 0 || number > JsonNumber.MAX) {
            throw ChatException.invalid(name, "Ensure this value is from 0 to " + JsonNumber.MAX + ".");
        }
        return number;
    }

    /** Yes or no, which must be there; as a text where it comes by a form. */
    public boolean flag(String name) {
        var value = object.get(name);
        if (value == null) {
            throw ChatException.invalid(name, REQUIRED);
        } else if (value.isBoolean()) {
            return value.booleanValue();
        } else if (written
                && (value.textValue().equals("true") || value.textValue().equals("false"))) {
            return value.textValue().equals("true");
        }
        throw ChatException.invalid(name, value.isNull() ? NOT_NULL : "Must be a valid boolean.");
    }

    private static String textOf(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw ChatException.invalid(name, NO_STRING);
        }
        return value.textValue();
    }
}

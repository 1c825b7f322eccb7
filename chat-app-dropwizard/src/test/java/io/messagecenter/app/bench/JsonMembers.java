package io.messagecenter.app.bench;

import java.nio.charset.StandardCharsets;

/** Finds members of JSON objects in bytes, without making anything of the rest. It trusts that the JSON is valid. */
final class JsonMembers {
    private JsonMembers() {}

    /** The bytes of a member's name or of a string value, quotes included, as the functions here compare it. */
    static byte[] quoted(String text) {
        return ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Where the value of a member begins, of the object that begins at {@code from}; members of members do not count.
     *
     * @param to the end of the bytes
     * @return -1 if there is no such member
     */
    static int find(byte[] json, int from, int to, byte[] quotedName) {
        int depth = 0;
        boolean name = false;
        for (int i = from; i < to; i++) {
            switch (json[i]) {
                case '{', '[' -> {
                    depth++;
                    name = depth == 1;
                }
                case '}', ']' -> {
                    depth--;
                    if (depth == 0) {
                        return -1;
                    }
                }
                case ',' -> name = depth == 1;
                case '"' -> {
                    int end = endOfString(json, i, to);
                    if (name && isAt(json, i, end, quotedName)) {
                        return value(json, end, to);
                    }
                    name = false;
                    i = end - 1;
                }
                default -> {}
            }
        }
        return -1;
    }

    /** Whether a string value stands there. */
    static boolean isAt(byte[] json, int from, int to, byte[] quoted) {
        if (from < 0 || to - from < quoted.length) {
            return false;
        }
        for (int i = 0; i < quoted.length; i++) {
            if (json[from + i] != quoted[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The digits that stand there, or right after a quote that stands there, as a number.
     *
     * @return -1 if there are none
     */
    static long number(byte[] json, int from, int to) {
        if (from < 0) {
            return -1;
        }
        int start = from < to && json[from] == '"' ? from + 1 : from;
        long value = 0;
        int i = start;
        for (; i < to && json[i] >= '0' && json[i] <= '9'; i++) {
            value = 10 * value + json[i] - '0';
        }
        return i == start ? -1 : value;
    }

    private static int endOfString(byte[] json, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (json[i] == '\\') {
                i++;
            } else if (json[i] == '"') {
                return i + 1;
            }
        }
        return to;
    }

    private static int value(byte[] json, int from, int to) {
        for (int i = from; i < to; i++) {
            if (json[i] != ' ' && json[i] != ':' && json[i] != '\n' && json[i] != '\r' && json[i] != '\t') {
                return i;
            }
        }
        return -1;
    }
}

package io.messagecenter.domain.message;

import io.messagecenter.domain.error.ChatException;

/**
 * The text of a message: not blank, without outer white space, without control characters other than tab and line
 * breaks, and well-formed Unicode. How long it may be is the service's to say: see {@link #of}.
 */
public record MessageBody(String text) {
    /** The longest body that any store must hold, in code points. */
    public static final int MAX_CODE_POINTS = 100_000;

    public MessageBody {
        text = strip(text);
        if (text.isEmpty()) {
            throw ChatException.invalid("body", "This field may not be blank.");
        }
        requireText(text);
        requireLength(text, MAX_CODE_POINTS);
    }

    /**
     * A body within a limit.
     *
     * @param limit in code points, at most {@link #MAX_CODE_POINTS}
     * @throws ChatException {@code INVALID}
     */
    public static MessageBody of(String text, int limit) {
        var body = new MessageBody(text);
        body.requireWithin(limit);
        return body;
    }

    /**
     * Requires this to be no longer than a limit.
     *
     * @param limit in code points, at most {@link #MAX_CODE_POINTS}
     * @throws ChatException {@code INVALID}
     */
    public void requireWithin(int limit) {
        requireLength(text, limit);
    }

    private static void requireLength(String text, int limit) {
        // A string has at least as many characters as code points, so most need no counting.
        if (text.length() > limit && text.codePointCount(0, text.length()) > limit) {
            throw ChatException.invalid("body", "Ensure this field has no more than " + limit + " characters.");
        }
    }

    private static void requireText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw ChatException.invalid("body", "Lone surrogates are not allowed.");
            } else if (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t') {
                throw ChatException.invalid("body", "Control characters are not allowed.");
            }
        }
    }

    /** Strips what Unicode calls white space, no-break spaces included, as the original does. */
    private static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    @Override
    public String toString() {
        return text;
    }
}

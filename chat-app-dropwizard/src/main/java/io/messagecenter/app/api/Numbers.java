package io.messagecenter.app.api;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.seq.JsonNumber;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Numbers in a query string. */
final class Numbers {
    private static final String NO_INTEGER = "A valid integer is required.";

    private Numbers() {}

    /** A sequence number, from 0 to 2^53 - 1. */
    static Optional<Long> seq(String name, @Nullable String text) {
        return text == null ? Optional.empty() : Optional.of(within(name, text, 0, JsonNumber.MAX));
    }

    /** An id, from 1 to 2^53 - 1. */
    static Optional<Long> positive(String name, @Nullable String text) {
        return text == null ? Optional.empty() : Optional.of(within(name, text, 1, JsonNumber.MAX));
    }

    /** How many at most: from 1 to {@code max}. */
    static int limit(@Nullable String text, int otherwise, int max) {
        return text == null ? otherwise : (int) within("limit", text, 1, max);
    }

    /** An id in a path; empty for what cannot be one. */
    static Optional<Long> id(String text) {
        return text.matches("[0-9]{1,16}") && Long.parseLong(text) > 0 && Long.parseLong(text) <= JsonNumber.MAX
                ? Optional.of(Long.parseLong(text))
                : Optional.empty();
    }

    private static long within(String name, String text, long min, long max) {
        if (!text.matches("-?[0-9]{1,18}")) {
            throw ChatException.invalid(name, NO_INTEGER);
        }
        long value = Long.parseLong(text);
        if (value < min || value > max) {
            throw ChatException.invalid(name, "Ensure this value is from " + min + " to " + max + ".");
        }
        return value;
    }
}

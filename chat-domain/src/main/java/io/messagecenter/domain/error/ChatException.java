package io.messagecenter.domain.error;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that the message center throws on purpose: a refusal, or an outage of something it depends on.
 *
 * <p>A refusal is part of the conversation with a caller, not a fault, so it carries no stack trace unless it has a
 * cause. Immutable.
 */
public final class ChatException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final ErrorCode code;
    private final Map<String, List<String>> fields;
    private final long feedLast;
    private final Duration retryAfter;

    private ChatException(
            ErrorCode code,
            String message,
            Map<String, List<String>> fields,
            long feedLast,
            Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause, false, cause != null);
        this.code = code;
        this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        this.feedLast = feedLast;
        this.retryAfter = retryAfter;
    }

    public static ChatException of(ErrorCode code, String message) {
        return new ChatException(code, message, Map.of(), -1, SOON, null);
    }

    /** One field that breaks one rule. */
    public static ChatException invalid(String field, String message) {
        return invalid(Map.of(field, List.of(message)));
    }

    /** Several fields, each with what is wrong with it. */
    public static ChatException invalid(Map<String, List<String>> fields) {
        return new ChatException(
                ErrorCode.INVALID, "Invalid: " + String.join(", ", fields.keySet()), fields, -1, SOON, null);
    }

    public static ChatException notFound() {
        return of(ErrorCode.NOT_FOUND, "Not found.");
    }

    /**
     * A cursor that cannot be resumed from.
     *
     * @param feedLast where the feed stands now: the cursor to go on from, once everything was loaded afresh
     */
    public static ChatException cursorTooOld(long feedLast) {
        return new ChatException(
                ErrorCode.CURSOR_TOO_OLD,
                "Events after this cursor are no longer kept.",
                Map.of(),
                feedLast,
                SOON,
                null);
    }

    public static ChatException unavailable(String what, Throwable cause) {
        return new ChatException(ErrorCode.UNAVAILABLE, what, Map.of(), -1, SOON, cause);
    }

    /**
     * More than is allowed in that time.
     *
     * @param retryAfter how long to wait before it is worth trying again
     */
    public static ChatException tooMany(String what, Duration retryAfter) {
        return new ChatException(ErrorCode.TOO_MANY_REQUESTS, what, Map.of(), -1, retryAfter, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** What is wrong with which field; empty unless the code is {@link ErrorCode#INVALID}. */
    public Map<String, List<String>> fields() {
        return fields;
    }

    /** Where the feed stands; present with {@link ErrorCode#CURSOR_TOO_OLD} alone. */
    public OptionalLong feedLast() {
        return feedLast < 0 ? OptionalLong.empty() : OptionalLong.of(feedLast);
    }

    /**
     * How long to wait before trying again; of use with {@link ErrorCode#TOO_MANY_REQUESTS},
     * {@link ErrorCode#OVERLOADED} and {@link ErrorCode#UNAVAILABLE}.
     */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Collects what is wrong with a request, so that a caller hears of all its faults at once. Not thread-safe. */
    public static final class Faults {
        private final Map<String, List<String>> fields = new LinkedHashMap<>();

        /** Runs a check, and keeps what it finds wrong. */
        public <T> @Nullable T check(Supplier<T> check) {
            try {
                return check.get();
            } catch (ChatException e) {
                if (e.code != ErrorCode.INVALID) {
                    throw e;
                }
                fields.putAll(e.fields());
                return null;
            }
        }

        /** Throws one exception with everything found so far, if anything was. */
        public void throwIfAny() {
            if (!fields.isEmpty()) {
                throw invalid(fields);
            }
        }
    }
}

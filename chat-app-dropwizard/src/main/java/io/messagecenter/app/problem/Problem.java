package io.messagecenter.app.problem;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;

/**
 * A problem detail (RFC 9457): {@code type}, {@code title}, {@code status}, {@code detail}, a {@code code} for programs,
 * and what is wrong with which field as extension members.
 *
 * @param members in the order in which they are written; unmodifiable
 * @param headers that go with it over HTTP
 */
public record Problem(int status, Map<String, Object> members, Map<String, String> headers) {
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String RETRY_AFTER = "Retry-After";

    public static Problem of(int status, String title, String detail) {
        return of(status, title, detail, title.toLowerCase(Locale.ROOT).replace(' ', '_'));
    }

    private static Problem of(int status, String title, String detail, String code) {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", "about:blank");
        members.put("title", title);
        members.put("status", status);
        members.put("detail", detail);
        members.put("code", code);
        return new Problem(status, Collections.unmodifiableMap(members), Map.of());
    }

    /** What a refusal or an outage is to a client: the one place where codes become statuses. */
    public static Problem of(ChatException refusal) {
        var problem = of(
                status(refusal.code()),
                title(refusal.code()),
                detail(refusal),
                refusal.code().name().toLowerCase(Locale.ROOT));
        for (var field : refusal.fields().entrySet()) {
            problem = problem.with(field.getKey(), field.getValue());
        }
        if (refusal.feedLast().isPresent()) {
            problem = problem.with("last", refusal.feedLast().getAsLong());
        }
        return switch (refusal.code()) {
            case NOT_SIGNED_IN, WRONG_CREDENTIALS -> problem.withHeader("WWW-Authenticate", "Bearer");
            case OVERLOADED, UNAVAILABLE -> problem.withHeader(RETRY_AFTER, Long.toString(seconds(refusal)));
            case TOO_MANY_REQUESTS ->
                problem.with("retry_after", seconds(refusal)) // a frame of a WebSocket has no headers
                        .withHeader(RETRY_AFTER, Long.toString(seconds(refusal)));
            case INVALID, FORBIDDEN, NOT_FOUND, INVALID_PAGE, USERNAME_TAKEN, CLIENT_KEY_REUSED, CURSOR_TOO_OLD ->
                problem;
        };
    }

    /** In whole seconds, and never too early. */
    private static long seconds(ChatException refusal) {
        return Math.max(1, refusal.retryAfter().plusNanos(999_999_999).toSeconds());
    }

    private static Problem internal(String errorId) {
        return of(
                        500,
                        "Internal Server Error",
                        "Something went wrong here. It was logged under the id " + errorId + ".")
                .with("error_id", errorId);
    }

    /** What is wrong with a request that cannot be read; empty if that is not why it failed. */
    public static Optional<Problem> unreadable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof EofException) {
                return Optional.of(of(400, "Bad Request", "The request ended early."));
            } else if (cause instanceof ZipException) {
                return Optional.of(of(400, "Bad Request", "The body is not compressed as it claims to be."));
            } else if (cause instanceof TimeoutException) {
                return Optional.of(of(408, "Request Timeout", "The rest of the request did not come in time.")
                        .withHeader("Connection", "close"));
            }
        }
        return Optional.empty();
    }

    /** An unexpected failure: the client gets nothing of the inside but an id, under which the log has the rest. */
    public static Problem unexpected(Throwable failure, Logger log) {
        var errorId = UUID.randomUUID().toString();
        log.error("Unexpected failure {}", errorId, failure);
        return internal(errorId);
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID -> 400;
            case NOT_SIGNED_IN, WRONG_CREDENTIALS -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND, INVALID_PAGE -> 404;
            case USERNAME_TAKEN, CLIENT_KEY_REUSED -> 409;
            case CURSOR_TOO_OLD -> 410;
            case TOO_MANY_REQUESTS -> 429;
            case OVERLOADED, UNAVAILABLE -> 503;
        };
    }

    private static String title(ErrorCode code) {
        return switch (code) {
            case INVALID -> "Bad Request";
            case NOT_SIGNED_IN, WRONG_CREDENTIALS -> "Unauthorized";
            case FORBIDDEN -> "Forbidden";
            case NOT_FOUND, INVALID_PAGE -> "Not Found";
            case USERNAME_TAKEN, CLIENT_KEY_REUSED -> "Conflict";
            case CURSOR_TOO_OLD -> "Gone";
            case TOO_MANY_REQUESTS -> "Too Many Requests";
            case OVERLOADED, UNAVAILABLE -> "Service Unavailable";
        };
    }

    private static String detail(ChatException refusal) {
        return switch (refusal.code()) {
            case INVALID -> "Some fields are missing or wrong.";
            // What exactly is out of reach is for the log.
            case UNAVAILABLE -> "The service is out of reach of something it needs. Try again.";
            case NOT_SIGNED_IN,
                    WRONG_CREDENTIALS,
                    FORBIDDEN,
                    NOT_FOUND,
                    INVALID_PAGE,
                    USERNAME_TAKEN,
                    CLIENT_KEY_REUSED,
                    CURSOR_TOO_OLD,
                    TOO_MANY_REQUESTS,
                    OVERLOADED -> String.valueOf(refusal.getMessage());
        };
    }

    /** With an extension member more; the five standard ones are not overwritten. */
    public Problem with(String name, Object value) {
        var more = new LinkedHashMap<>(members);
        more.putIfAbsent(name, value);
        return new Problem(status, Collections.unmodifiableMap(more), headers);
    }

    public Problem withHeader(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, members, Collections.unmodifiableMap(more));
    }
}

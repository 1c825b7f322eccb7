package io.messagecenter.app.auth;

import io.messagecenter.domain.session.SessionToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a request carries its session token: {@code Authorization: Bearer …}, or the cookie {@code sessionid}. */
public final class Tokens {
    public static final String COOKIE = "sessionid";

    /** How many different ones a request may carry: each may cost a look into the store. */
    static final int MOST = 4;

    private static final String BEARER = "Bearer ";

    private Tokens() {}

    /** The token of a header; a header of another scheme has none. */
    public static Optional<SessionToken> ofHeader(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(new SessionToken(
                        authorization.substring(BEARER.length()).strip()))
                : Optional.empty();
    }

    /** The tokens of a servlet's request, each once: the header's, or else the cookies'. */
    public static List<SessionToken> of(HttpServletRequest request) {
        return ofHeader(request.getHeader("Authorization")).map(List::of).orElseGet(() -> ofCookies(request));
    }

    /** The tokens of a request's headers, each once: the first's, or else those of the others. */
    static List<SessionToken> of(@Nullable String authorization, List<String> cookies) {
        return ofHeader(authorization).map(List::of).orElseGet(() -> ofCookies(cookies));
    }

    /** The tokens of a servlet's cookies, each once, in their order. */
    public static List<SessionToken> ofCookies(HttpServletRequest request) {
        return request.getHeader("Cookie") == null
                ? List.of()
                : ofCookies(Collections.list(request.getHeaders("Cookie")));
    }

    /**
     * There may be several of one name: a browser sends what other hosts of the same site have set for all of it, too, and
     * does not say which is whose. Of too many there is one more than {@link #MOST}, and the rest is not looked at.
     *
     * <p>A semicolon ends each, as browsers have it, also between quotes, by which another host's cookie would swallow those
     * beside it if it were read as Jetty reads it.
     */
    private static List<SessionToken> ofCookies(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Arrays.stream(header.split(";")))
                .flatMap(Tokens::value)
                .distinct()
                .limit(MOST + 1)
                .map(SessionToken::new)
                .toList();
    }

    /** Of a cookie of this service's; it may be written in quotes. */
    private static Stream<String> value(String cookie) {
        int equals = cookie.indexOf('=');
        if (equals < 0 || !cookie.substring(0, equals).strip().equals(COOKIE)) {
            return Stream.empty();
        }
        var value = cookie.substring(equals + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return Stream.of(quoted ? value.substring(1, value.length() - 1) : value)
                .filter(one -> !one.isEmpty());
    }
}

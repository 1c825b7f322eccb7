package io.messagecenter.app.auth;

import io.messagecenter.domain.session.SessionToken;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a request carries its session token: {@code Authorization: Bearer …}, or the cookie {@code sessionid}. */
public final class Tokens {
    public static final String COOKIE = "sessionid";
    private static final String BEARER = "Bearer ";

    private Tokens() {}

    /** The token of a header; a header of another scheme has none. */
    public static Optional<SessionToken> ofHeader(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(new SessionToken(
                        authorization.substring(BEARER.length()).strip()))
                : Optional.empty();
    }

    /** The token of a cookie's value. */
    public static Optional<SessionToken> ofCookie(@Nullable String value) {
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(new SessionToken(value));
    }

    /** The token of a servlet's request; the header before the cookie. */
    public static Optional<SessionToken> of(HttpServletRequest request) {
        return ofHeader(request.getHeader("Authorization")).or(() -> ofCookies(request.getCookies()));
    }

    /** The token of a servlet's cookies. */
    private static Optional<SessionToken> ofCookies(Cookie @Nullable [] cookies) {
        if (cookies != null) {
            for (int i = cookies.length - 1; i >= 0; i--) { // of several the last, as Jersey has it
                if (cookies[i].getName().equals(COOKIE)) {
                    return ofCookie(cookies[i].getValue());
                }
            }
        }
        return Optional.empty();
    }
}

package io.messagecenter.app.api;

import io.messagecenter.app.auth.Tokens;
import io.messagecenter.domain.session.Sessions.SignedIn;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;

/** The cookie that carries a session: out of reach of scripts, of other sites, and under TLS of plain HTTP. */
final class SessionCookie {
    private SessionCookie() {}

    /** @param lifetime how long the session lasts at the longest, as use prolongs it */
    static NewCookie of(SignedIn signedIn, Duration lifetime, boolean secure) {
        int age = (int) Math.min(lifetime.toSeconds(), Integer.MAX_VALUE);
        return cookie(signedIn.token().value(), age, secure);
    }

    /** Makes a browser forget the cookie. */
    static NewCookie none(boolean secure) {
        return cookie("", 0, secure);
    }

    private static NewCookie cookie(String value, int maxAge, boolean secure) {
        return new NewCookie.Builder(Tokens.COOKIE)
                .value(value)
                .path("/")
                .maxAge(maxAge)
                .httpOnly(true)
                .secure(secure)
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }
}

package io.messagecenter.domain.session;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * What proves a session: 256 random bits, in URL-safe Base64. Only its {@link #hash()} is ever stored. Never logged:
 * {@link #toString()} hides it.
 */
public record SessionToken(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    public static SessionToken random() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new SessionToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    public TokenHash hash() {
        return TokenHash.of(value);
    }

    @Override
    public String toString() {
        return "SessionToken[hidden]";
    }
}

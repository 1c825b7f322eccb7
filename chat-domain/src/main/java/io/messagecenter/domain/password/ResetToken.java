package io.messagecenter.domain.password;

import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.TokenHash;

/**
 * What lets its holder choose a new password, once: 256 random bits, in URL-safe Base64. Only its {@link #hash()} is ever
 * stored. Never logged: {@link #toString()} hides it.
 */
public record ResetToken(String value) {
    public static ResetToken random() {
        return new ResetToken(SessionToken.random().value());
    }

    public TokenHash hash() {
        return TokenHash.of(value);
    }

    @Override
    public String toString() {
        return "ResetToken[hidden]";
    }
}

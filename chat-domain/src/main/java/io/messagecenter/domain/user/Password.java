package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;
import java.text.Normalizer;

/**
 * A password in clear, on its way to a {@link PasswordHasher}. Unicode-normalised (NFKC), so that two keyboards that
 * type the same characters sign in alike. Never logged: {@link #toString()} hides it.
 */
public record Password(String value) {
    public static final int MIN_LENGTH = 8;
    public static final int MAX_LENGTH = 256;

    /** Anything up to {@link #MAX_LENGTH} code points may be tried; {@link PasswordRules} say what may be set. */
    public Password {
        value = normal("password", value);
    }

    private static String normal(String field, String text) {
        var value = Normalizer.normalize(text, Normalizer.Form.NFKC);
        if (value.codePointCount(0, value.length()) > MAX_LENGTH) {
            throw ChatException.invalid(field, "Use at most " + MAX_LENGTH + " characters.");
        } else if (value.codePoints().anyMatch(Password::isSurrogate)) {
            // Its bytes would be those of a question mark.
            throw ChatException.invalid(field, "Lone surrogates are not allowed.");
        }
        return value;
    }

    private static boolean isSurrogate(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    /**
     * A password that somebody chooses for an account: {@link #MIN_LENGTH} to {@link #MAX_LENGTH} code points.
     *
     * @param field where it was typed, for a refusal to name
     */
    static Password chosen(String field, String value) {
        var password = new Password(normal(field, value));
        if (password.value.codePointCount(0, password.value.length()) < MIN_LENGTH) {
            throw ChatException.invalid(field, "Use at least " + MIN_LENGTH + " characters.");
        }
        return password;
    }

    @Override
    public String toString() {
        return "Password[hidden]";
    }
}

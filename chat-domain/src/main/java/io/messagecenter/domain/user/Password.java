package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;
import java.text.Normalizer;

/**
 * A password in clear, on its way to a {@link PasswordHasher}. Unicode-normalised (NFKC), so that two keyboards that
 * type the same characters sign in alike: passwords are equal where {@link #value()} is. Never logged:
 * {@link #toString()} hides it. Immutable.
 */
public final class Password {
    public static final int MIN_LENGTH = 8;
    public static final int MAX_LENGTH = 256;

    private final String value;
    private final String typed;

    /**
     * Anything up to {@link #MAX_LENGTH} code points may be tried; {@link PasswordRules} say what may be set.
     *
     * @throws ChatException {@code INVALID}, naming {@code password}
     */
    public Password(String typed) {
        this("password", typed);
    }

    private Password(String field, String typed) {
        requireAtMost(field, typed); // before anything is made of it
        this.typed = typed;
        this.value = Normalizer.normalize(typed, Normalizer.Form.NFKC);
        requireAtMost(field, value);
        if (value.codePoints().anyMatch(Password::isSurrogate)) {
            // Its bytes would be those of a question mark.
            throw ChatException.invalid(field, "Lone surrogates are not allowed.");
        }
    }

    private static void requireAtMost(String field, String text) {
        if (length(text) > MAX_LENGTH) {
            throw ChatException.invalid(field, "Use at most " + MAX_LENGTH + " characters.");
        }
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isSurrogate(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    /**
     * A password that somebody chooses for an account: {@link #MIN_LENGTH} to {@link #MAX_LENGTH} code points, as it is
     * typed and as it is normalised, since one character may stand for eighteen.
     *
     * @param field where it was typed, for a refusal to name
     */
    static Password chosen(String field, String typed) {
        var password = new Password(field, typed);
        if (Math.min(length(password.typed), length(password.value)) < MIN_LENGTH) {
            throw ChatException.invalid(field, "Use at least " + MIN_LENGTH + " characters.");
        }
        return password;
    }

    /** What is hashed. */
    public String value() {
        return value;
    }

    /** What it was before it was normalised, for hashes of a system that does not. */
    public String typed() {
        return typed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Password password && password.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "Password[hidden]";
    }
}

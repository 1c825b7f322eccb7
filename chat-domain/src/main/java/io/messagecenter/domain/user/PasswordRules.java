package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;

/** What a password must be for somebody to choose it, wherever they do: long enough, and none that everybody tries first. */
public record PasswordRules(CommonPasswords common) {
    /** Of length alone. */
    public static final PasswordRules LENGTH_ALONE = new PasswordRules(CommonPasswords.NONE);

    /**
     * The password that somebody chooses.
     *
     * @param field where it was typed, for a refusal to name
     * @throws ChatException {@code INVALID}
     */
    public Password choose(String field, String text) {
        var password = Password.chosen(field, text);
        if (common.contains(password)) {
            throw ChatException.invalid(field, "This password is too common.");
        }
        return password;
    }
}

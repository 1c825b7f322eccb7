package io.messagecenter.domain.password;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;

/** Asks people who are signed in for their password once more, before something that matters. Thread-safe. */
public final class PasswordProof {
    private final UserStore users;
    private final PasswordHasher hasher;

    public PasswordProof(UserStore users, PasswordHasher hasher) {
        this.users = users;
        this.hasher = hasher;
    }

    /**
     * Whose password it is. Hashes, so it takes its time.
     *
     * @param field where they typed it
     * @throws ChatException {@code INVALID}, naming the field, if it is not that person's password
     */
    public Credentials require(Person person, String field, String typed) {
        var password = tried(field, typed);
        return users.credentials(person.name())
                .filter(credentials -> hasher.matches(password, credentials.passwordHash()))
                .orElseThrow(() -> wrong(field));
    }

    private static Password tried(String field, String typed) {
        try {
            return new Password(typed);
        } catch (ChatException e) {
            throw wrong(field); // what cannot be a password is nobody's
        }
    }

    /** The refusal of a password that is not theirs. */
    static ChatException wrong(String field) {
        return ChatException.invalid(field, "This is not your password.");
    }
}

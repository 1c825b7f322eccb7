package io.messagecenter.domain.password;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;
import java.util.List;

/** Asks people who are signed in for their password once more, before something that matters. Thread-safe. */
public final class PasswordProof {
    private final UserStore users;
    private final Sessions sessions;
    private final PasswordHasher hasher;

    public PasswordProof(UserStore users, Sessions sessions, PasswordHasher hasher) {
        this.users = users;
        this.sessions = sessions;
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

    /**
     * Why what was proven does not hold any more, where a store has found so: hashing takes its time, and more where many
     * wait for it.
     */
    public ChatException failed(Session session, String field) {
        return sessions.live(List.of(session.id())).isEmpty()
                ? ChatException.of(ErrorCode.NOT_SIGNED_IN, "The session has ended.")
                : wrong(field); // by now
    }

    /** The refusal of a password that is not theirs. */
    private static ChatException wrong(String field) {
        return ChatException.invalid(field, "This is not your password.");
    }
}

package io.messagecenter.domain.password;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.UserStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
     * Does something for whoever knows the password. Hashes, so it takes its time, and more where many wait for that: so
     * the deed is to happen only if what was proven holds still.
     *
     * @param session the one that they are signed in by
     * @param field where they typed it
     * @param deed given the hash that the password has matched; empty, and nothing has changed, if that is not the
     *     person's any more, or the session has ended
     * @throws ChatException {@code INVALID}, naming the field, if it is not that person's password; {@code NOT_SIGNED_IN} if
     *     the session has ended meanwhile
     */
    public <T> T require(Session session, String field, String typed, Function<PasswordHash, Optional<T>> deed) {
        var password = tried(field, typed);
        return deed.apply(matched(session, field, password))
                .or(() -> requireAgain(session, field, password, deed))
                .orElseThrow(() -> wrong(field));
    }

    /** A sign-in at the same time may have put a stronger hash of the same password in the place of a weak one. */
    private <T> Optional<T> requireAgain(
            Session session, String field, Password password, Function<PasswordHash, Optional<T>> deed) {
        if (sessions.live(List.of(session.id())).isEmpty()) {
            throw ChatException.of(ErrorCode.NOT_SIGNED_IN, "The session has ended.");
        }
        return deed.apply(matched(session, field, password));
    }

    private PasswordHash matched(Session session, String field, Password password) {
        return users.credentials(session.person().name())
                .map(Credentials::passwordHash)
                .filter(hash -> hasher.matches(password, hash))
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
    private static ChatException wrong(String field) {
        return ChatException.invalid(field, "This is not your password.");
    }
}

package io.messagecenter.domain.password;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.PasswordRules;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Lets people who are signed in change their password. Thread-safe. */
public final class ChangePassword {
    private final ResetStore passwords;
    private final PasswordProof proof;
    private final Sessions sessions;
    private final PasswordRules rules;
    private final PasswordHasher hasher;
    private final Clock clock;

    /** @param sessions tells everybody what has ended */
    public ChangePassword(
            ResetStore passwords,
            PasswordProof proof,
            Sessions sessions,
            PasswordRules rules,
            PasswordHasher hasher,
            Clock clock) {
        this.passwords = passwords;
        this.proof = proof;
        this.sessions = sessions;
        this.rules = rules;
        this.hasher = hasher;
        this.clock = clock;
    }

    /**
     * What somebody typed.
     *
     * @param session the one that they are signed in by
     */
    public record Command(Session session, String currentPassword, String newPassword) {
        @Override
        public String toString() {
            return "ChangePassword[" + session.person() + "]";
        }
    }

    /**
     * Changes the password, and ends every other session of that person with it. Hashes, so it takes its time.
     *
     * @throws ChatException {@code INVALID}, naming {@code new_password}, or {@code current_password} where it is wrong;
     *     {@code NOT_SIGNED_IN} if the session has ended meanwhile
     */
    public void change(Command command) {
        var chosen = rules.choose("new_password", command.newPassword());
        var session = command.session();
        var person = session.person();
        var ended = proof.require(
                session,
                "current_password",
                command.currentPassword(),
                hash -> passwords.change(person.id(), hash, hasher.hash(chosen), session.id(), now()));
        sessions.tell(person, ended);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

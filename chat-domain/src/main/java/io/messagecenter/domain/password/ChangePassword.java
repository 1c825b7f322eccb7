package io.messagecenter.domain.password;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.PasswordRules;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;

/** Lets people who are signed in change their password. Thread-safe. */
public final class ChangePassword {
    private final UserStore users;
    private final Sessions sessions;
    private final PasswordRules rules;
    private final PasswordHasher hasher;

    public ChangePassword(UserStore users, Sessions sessions, PasswordRules rules, PasswordHasher hasher) {
        this.users = users;
        this.sessions = sessions;
        this.rules = rules;
        this.hasher = hasher;
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
     * Changes the password, and ends every other session of that person. Hashes, so it takes its time.
     *
     * @throws ChatException {@code INVALID}, naming {@code new_password}, or {@code current_password} where it is wrong
     */
    public void change(Command command) {
        var chosen = rules.choose("new_password", command.newPassword());
        var person = command.session().person();
        var hash = proven(person, command.currentPassword()).passwordHash();
        if (!users.setPassword(person.id(), hash, hasher.hash(chosen))) {
            throw wrong(); // by now
        }
        sessions.endOthers(person, command.session().id());
    }

    private Credentials proven(Person person, String typed) {
        var password = tried(typed);
        return users.credentials(person.name())
                .filter(credentials -> hasher.matches(password, credentials.passwordHash()))
                .orElseThrow(ChangePassword::wrong);
    }

    private static Password tried(String typed) {
        try {
            return new Password(typed);
        } catch (ChatException e) {
            throw wrong(); // what cannot be a password is nobody's
        }
    }

    private static ChatException wrong() {
        return ChatException.invalid("current_password", "This is not your password.");
    }
}

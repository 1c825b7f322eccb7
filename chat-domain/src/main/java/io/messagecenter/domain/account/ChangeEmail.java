package io.messagecenter.domain.account;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.mail.Mail;
import io.messagecenter.domain.mail.Mailer;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Lets people set, change and clear their e-mail address. Whoever can read mail at the new one can choose a new password,
 * so the old one is told: it may be somebody else who does it. Thread-safe.
 */
public final class ChangeEmail {
    private static final Logger LOG = System.getLogger(ChangeEmail.class.getName());

    private final UserStore users;
    private final Mailer mailer;
    private final Executor executor;

    /** @param executor sends mail; bounded, so that it may reject, which loses a mail */
    public ChangeEmail(UserStore users, Mailer mailer, Executor executor) {
        this.users = users;
        this.mailer = mailer;
        this.executor = executor;
    }

    /**
     * Sets a person's e-mail address, or clears it. Does not wait for the mail that tells the address before.
     *
     * @return the account as it is now
     * @throws ChatException {@code NOT_FOUND} if there is no such account
     */
    public User change(Person person, Optional<EmailAddress> email) {
        var change = users.setEmail(person.id(), email).orElseThrow(ChatException::notFound);
        change.before()
                .filter(before -> !email.equals(Optional.of(before)))
                .ifPresent(before -> tell(before, change.user()));
        return change.user();
    }

    private void tell(EmailAddress before, User user) {
        try {
            executor.execute(() -> send(mail(before, user)));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.WARNING, "Word of a changed e-mail address is lost: too many wait for their mail");
        }
    }

    private void send(Mail mail) {
        try {
            mailer.send(mail);
        } catch (ChatException e) {
            LOG.log(Level.WARNING, "Word of a changed e-mail address is lost: {0}", Reasons.of(e));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Word of a changed e-mail address is lost", e);
        }
    }

    /** It does not name the new address, which may be a stranger's whom somebody took for themselves by a slip. */
    private static Mail mail(EmailAddress before, User user) {
        var what = user.email().isPresent() ? "changed" : "removed";
        return new Mail(
                before,
                "Your e-mail address was " + what,
                """
                        Hello %s,

                        the e-mail address of your account, which was this one, was %s. Links to choose a new password \
                        no longer come here.

                        If it was you, there is nothing to do. If it was not, somebody else is signed in as you. Sign in \
                        and change your password at once, which signs everybody else out; then set your address again. \
                        If you cannot sign in any more, turn to whoever runs this service.
                        """
                        .formatted(user.person().name(), what));
    }
}

package io.messagecenter.domain.password;

import io.messagecenter.domain.mail.Mail;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.Person;
import java.net.URI;

/** The mail that brings somebody a token for a reset. */
final class ResetMail {
    /** Behind the {@code #}, which a browser sends to no server: so a token is in nobody's log. */
    private static final String FRAGMENT = "#password-reset=";

    private ResetMail() {}

    /** @param page where a new password is chosen */
    static Mail of(Person person, EmailAddress address, ResetToken token, URI page) {
        return new Mail(
                address,
                "Choose a new password",
                """
                        Hello %s,

                        somebody, hopefully you, asked for a new password for your account. To choose one, open this \
                        link within %d minutes; it works once:

                        %s

                        If it was not you, there is nothing to do: your password is still what it was.
                        """
                        .formatted(person.name(), PasswordReset.LIFETIME.toMinutes(), page + FRAGMENT + token.value()));
    }
}

package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.messagecenter.app.mail.LogMailer;
import io.messagecenter.domain.mail.Mailer;

/**
 * {@code type: log}: mail is written to the log, for local use. It takes, and does not need, the settings of SMTP, so
 * that a file can leave the choice of type to the environment.
 */
@JsonTypeName("log")
@JsonIgnoreProperties({"host", "port", "encryption", "user", "password", "from", "timeout", "certificates"})
public final class LogMailerFactory implements MailerFactory {
    @Override
    public Mailer build() {
        return new LogMailer();
    }
}

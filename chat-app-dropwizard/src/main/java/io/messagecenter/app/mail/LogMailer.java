package io.messagecenter.app.mail;

import io.messagecenter.domain.mail.Mail;
import io.messagecenter.domain.mail.Mailer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes mail to the log instead of sending it, secrets and all: for local use, where whoever reads the log is whoever
 * would get the mail.
 */
public final class LogMailer implements Mailer {
    private static final Logger LOG = LoggerFactory.getLogger(LogMailer.class);

    @Override
    public void send(Mail mail) {
        LOG.info("Mail to {}: {}\n{}", mail.to(), mail.subject(), mail.text());
    }
}

package io.messagecenter.app.mail;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.mail.Mail;
import io.messagecenter.domain.mail.Mailer;
import io.messagecenter.domain.user.EmailAddress;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Hands mail over to a mail server by SMTP, on a connection of its own each time: mail is rare. Where the connection is
 * encrypted, the server's certificate must be trusted and bear its name. Thread-safe.
 */
public final class SmtpMailer implements Mailer {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private final SmtpServer server;
    private final InternetAddress from;
    private final Session session;

    /** Sends addresses in UTF-8, to servers that say they can take it; what needs it not, does not. */
    private final Session unicode;

    /**
     * Does no I/O.
     *
     * @param from whom mail comes from, with a name or without: {@code Chat <chat@example.org>}
     * @param trust what makes encrypted connections, and so says whom to trust; the JDK's own otherwise
     * @throws IllegalArgumentException if {@code from} is no address
     */
    public SmtpMailer(SmtpServer server, String from, Optional<SSLSocketFactory> trust) {
        this.server = server;
        this.from = sender(from);
        var properties = properties(server, trust);
        this.session = Session.getInstance(properties);
        var more = new Properties();
        more.putAll(properties);
        more.put("mail.mime.allowutf8", "true");
        this.unicode = Session.getInstance(more);
    }

    private static InternetAddress sender(String from) {
        try {
            var addresses = InternetAddress.parse(from, true);
            if (addresses.length != 1 || addresses[0].isGroup()) {
                throw new IllegalArgumentException("Mail comes from one address, not from: " + from);
            }
            var address = addresses[0];
            address.validate();
            address.setPersonal(address.getPersonal(), UTF_8);
            return address;
        } catch (AddressException | java.io.UnsupportedEncodingException e) {
            throw new IllegalArgumentException("Mail cannot come from: " + from, e);
        }
    }

    private static Properties properties(SmtpServer server, Optional<SSLSocketFactory> trust) {
        var properties = new Properties();
        var patience = Long.toString(server.timeout().toMillis());
        properties.put("mail.transport.protocol", "smtp");
        properties.put("mail.smtp.host", server.host());
        properties.put("mail.smtp.port", Integer.toString(server.port()));
        properties.put("mail.smtp.connectiontimeout", patience);
        properties.put("mail.smtp.timeout", patience);
        properties.put("mail.smtp.writetimeout", patience);
        properties.put("mail.smtp.auth", Boolean.toString(server.login().isPresent()));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        switch (server.encryption()) {
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case TLS -> properties.put("mail.smtp.ssl.enable", "true");
            case NONE -> properties.put("mail.smtp.starttls.enable", "false");
        }
        trust.ifPresent(factory -> properties.put("mail.smtp.ssl.socketFactory", factory));
        return properties;
    }

    @Override
    public void send(Mail mail) {
        try {
            var recipient = recipient(mail.to());
            boolean ascii = isAscii(recipient.getAddress());
            var message = message(mail, recipient, ascii ? session : unicode);
            try (var transport = message.getSession().getTransport()) {
                connect(transport);
                if (!ascii && !((SMTPTransport) transport).supportsExtension("SMTPUTF8")) {
                    throw new AddressException("The mail server takes addresses in ASCII alone");
                }
                transport.sendMessage(message, new Address[] {recipient});
            }
        } catch (MessagingException e) {
            throw ChatException.unavailable("The mail server did not take a mail.", e);
        }
    }

    private void connect(Transport transport) throws MessagingException {
        if (server.login().isPresent()) {
            var login = server.login().get();
            transport.connect(login.user(), login.password());
        } else {
            transport.connect();
        }
    }

    private MimeMessage message(Mail mail, InternetAddress recipient, Session session) throws MessagingException {
        var message = new MimeMessage(session);
        message.setFrom(from);
        message.setRecipient(Message.RecipientType.TO, recipient);
        message.setSubject(mail.subject(), UTF_8);
        message.setSentDate(Date.from(Clock.systemUTC().instant()));
        message.setHeader("Auto-Submitted", "auto-generated"); // nobody's absence is to be told to a service
        message.setText(mail.text(), UTF_8);
        message.saveChanges();
        return message;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** Strictly one address: what a mail server might take for several, or for a command, does not pass. */
    private static InternetAddress recipient(EmailAddress address) throws AddressException {
        var text = address.value();
        int at = text.lastIndexOf('@');
        try {
            var recipient = new InternetAddress(text.substring(0, at + 1) + IDN.toASCII(text.substring(at + 1)), true);
            recipient.validate();
            return recipient;
        } catch (IllegalArgumentException e) {
            throw new AddressException("The domain cannot be written in ASCII");
        }
    }
}

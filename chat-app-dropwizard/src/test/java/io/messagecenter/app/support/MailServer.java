package io.messagecenter.app.support;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.subethamail.smtp.server.SMTPServer;

/** A real SMTP server on a free port of 127.0.0.1, which keeps what it takes. */
public final class MailServer implements AutoCloseable {
    private static final Pattern LINK = Pattern.compile("#password-reset=([\\w-]+)");

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final SMTPServer server;

    /** In the clear, for whoever comes. */
    public MailServer() {
        this(settings -> settings);
    }

    public MailServer(UnaryOperator<SMTPServer.Builder> settings) {
        server = settings.apply(SMTPServer.port(0)
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .messageHandler((context, from, to, data) -> received.add(new Received(
                                from,
                                to,
                                data,
                                context.getAuthenticationHandler().isPresent()))))
                .build();
        server.start();
    }

    /** A mail as it came, for one recipient. */
    public record Received(String from, String to, byte[] data, boolean authenticated) {
        public MimeMessage message() {
            try {
                return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(data));
            } catch (MessagingException e) {
                throw new IllegalStateException(e);
            }
        }

        public String text() {
            try {
                return ((String) message().getContent()).replace("\r\n", "\n");
            } catch (IOException | MessagingException e) {
                throw new IllegalStateException(e);
            }
        }

        public String source() {
            return new String(data, StandardCharsets.UTF_8);
        }

        /** The token of the link in it. */
        public String resetToken() {
            var link = LINK.matcher(text());
            if (!link.find()) {
                throw new AssertionError("No link: " + text());
            }
            return link.group(1);
        }
    }

    public int port() {
        return server.getPortAllocated();
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    /** The so-manyth mail to that address, from 1 on, as soon as it has come. */
    public Received await(String to, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        received.stream().filter(mail -> mail.to().equals(to)).count() >= count);
        return received.stream().filter(mail -> mail.to().equals(to)).toList().get(count - 1);
    }

    @Override
    public void close() {
        server.stop();
    }
}

package io.messagecenter.app.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.messagecenter.app.mail.SmtpServer.Encryption;
import io.messagecenter.app.support.Certificate;
import io.messagecenter.app.support.MailServer;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.mail.Mail;
import io.messagecenter.domain.user.EmailAddress;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocketFactory;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Mail over real SMTP. */
@Timeout(60)
class SmtpMailerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String FROM = "Chat <chat@example.org>";
    private static final Mail MAIL = new Mail(new EmailAddress("alice@example.org"), "Hello", "One\n.\ntwo\n");
    private static final Certificate OURS = new Certificate("ip:127.0.0.1");

    private static SmtpMailer mailer(int port, Encryption encryption) {
        return mailer(port, encryption, Optional.empty(), Optional.empty());
    }

    private static SmtpMailer mailer(
            int port, Encryption encryption, Optional<SmtpServer.Login> login, Optional<SSLSocketFactory> trust) {
        return new SmtpMailer(new SmtpServer("127.0.0.1", port, encryption, TIMEOUT, login), FROM, trust);
    }

    private static Optional<SSLSocketFactory> trusting(Certificate certificate) {
        return Optional.of(certificate.trust());
    }

    private static void assertNotTaken(SmtpMailer mailer) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> mailer.send(MAIL))
                .withMessage("The mail server did not take a mail.")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private static UnaryOperator<SMTPServer.Builder> startTls(Certificate certificate) {
        return settings -> settings.startTlsSocketFactory(certificate.context()).requireTLS();
    }

    @Test
    void aMailArrivesAsItWasWritten() throws MessagingException {
        try (var server = new MailServer()) {
            mailer(server.port(), Encryption.NONE).send(MAIL);

            var mail = server.await("alice@example.org", 1);
            assertThat(server.received()).hasSize(1);
            assertThat(mail.from()).isEqualTo("chat@example.org");
            assertThat(mail.text().strip()).isEqualTo("One\n.\ntwo");
            var message = mail.message();
            assertThat(message.getSubject()).isEqualTo("Hello");
            assertThat(message.getFrom()).containsExactly(new InternetAddress("chat@example.org"));
            assertThat(((InternetAddress) message.getFrom()[0]).getPersonal()).isEqualTo("Chat");
            assertThat(message.getRecipients(RecipientType.TO))
                    .containsExactly(new InternetAddress("alice@example.org"));
            assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
            assertThat(message.getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
            assertThat(message.getSentDate().toInstant())
                    .isCloseTo(Instant.now(), Assertions.within(1, ChronoUnit.MINUTES));
        }
    }

    @Test
    void whatIsNotAsciiArrivesAsItWasWritten() throws Exception {
        try (var server = new MailServer()) {
            var text = "Grüße, 木村さん 👋\n".repeat(40);
            var mailer = new SmtpMailer(
                    new SmtpServer("127.0.0.1", server.port(), Encryption.NONE, TIMEOUT, Optional.empty()),
                    "Größe 木 <chat@example.org>",
                    Optional.empty());

            mailer.send(new Mail(new EmailAddress("alice@exämple.org"), "Schönes 👋", text));

            var mail = server.await("alice@xn--exmple-cua.org", 1);
            assertThat(mail.text().strip()).isEqualTo(text.strip());
            assertThat(mail.message().getSubject()).isEqualTo("Schönes 👋");
            assertThat(((InternetAddress) mail.message().getFrom()[0]).getPersonal())
                    .isEqualTo("Größe 木");
            assertThat(mail.source().chars()).allMatch(c -> c < 128);
        }
    }

    @Test
    void anAddressThatIsMoreThanAsciiArrivesWhereTheServerTakesIt() {
        try (var server = new MailServer()) {
            mailer(server.port(), Encryption.NONE)
                    .send(new Mail(new EmailAddress("élodie@example.org"), "Hello", "text"));

            server.await("élodie@example.org", 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b@example.org",
                "<a>b@example.org",
                "a>b@example.org",
                "\"a\"<b@example.org",
                "a;b@example.org",
                "group:a@example.org",
                "a(b@example.org",
                "a@exam>ple.org",
                "a@b.org,c.org",
                "a@-.example..org"
            })
    void anAddressThatCouldBeTakenForSomethingElseIsMailedNothing(String address) {
        try (var server = new MailServer()) {
            var mailer = mailer(server.port(), Encryption.NONE);

            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> mailer.send(new Mail(new EmailAddress(address), "Hello", "text")));

            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void aTextCannotBecomeAHeaderOrASecondMail() throws MessagingException {
        try (var server = new MailServer()) {
            mailer(server.port(), Encryption.NONE)
                    .send(new Mail(
                            MAIL.to(), "Hello", "\nBcc: eve@example.org\n\r\n.\r\nMAIL FROM:<eve@example.org>\r\n"));

            var mail = server.await("alice@example.org", 1);
            assertThat(server.received()).hasSize(1);
            assertThat(mail.message().getHeader("Bcc")).isNull();
            assertThat(mail.text()).contains("MAIL FROM:<eve@example.org>");
        }
    }

    @Test
    void overStartTlsWithATrustedCertificateAMailArrives() {
        try (var server = new MailServer(startTls(OURS))) {
            mailer(server.port(), Encryption.STARTTLS, Optional.empty(), trusting(OURS))
                    .send(MAIL);

            server.await("alice@example.org", 1);
        }
    }

    @Test
    void overTlsFromTheFirstByteAMailArrives() {
        try (var server = new MailServer(settings -> settings.serverSocketFactory(OURS.context()))) {
            mailer(server.port(), Encryption.TLS, Optional.empty(), trusting(OURS))
                    .send(MAIL);

            server.await("alice@example.org", 1);
        }
    }

    @Test
    void aServerWithoutStartTlsGetsNothingWhereItIsAskedFor() {
        try (var server = new MailServer()) {
            assertNotTaken(mailer(server.port(), Encryption.STARTTLS));

            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused() {
        try (var server = new MailServer(startTls(OURS))) {
            assertNotTaken(mailer(server.port(), Encryption.STARTTLS));
        }
        try (var server = new MailServer(settings -> settings.serverSocketFactory(OURS.context()))) {
            assertNotTaken(mailer(server.port(), Encryption.TLS));
        }
    }

    @Test
    void aTrustedCertificateOfAnotherServerIsRefused() {
        var others = new Certificate("dns:mail.example.org");
        try (var server = new MailServer(startTls(others))) {
            assertNotTaken(mailer(server.port(), Encryption.STARTTLS, Optional.empty(), trusting(others)));

            assertThat(server.received()).isEmpty();
        }
        try (var server = new MailServer(settings -> settings.serverSocketFactory(others.context()))) {
            assertNotTaken(mailer(server.port(), Encryption.TLS, Optional.empty(), trusting(others)));
        }
    }

    private static SMTPServer.Builder withLogin(SMTPServer.Builder settings) {
        return startTls(OURS)
                .apply(settings)
                .requireAuth()
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!user.equals("chat") || !password.equals("gehéim")) {
                        throw new LoginFailedException();
                    }
                }));
    }

    @Test
    void whoeverKnowsThePasswordMaySend() {
        try (var server = new MailServer(SmtpMailerTest::withLogin)) {
            var login = Optional.of(new SmtpServer.Login("chat", "gehéim"));
            mailer(server.port(), Encryption.STARTTLS, login, trusting(OURS)).send(MAIL);

            assertThat(server.await("alice@example.org", 1).authenticated()).isTrue();
        }
    }

    @Test
    void whoeverDoesNotKnowThePasswordSendsNothing() {
        try (var server = new MailServer(SmtpMailerTest::withLogin)) {
            var wrong = Optional.of(new SmtpServer.Login("chat", "wrong"));
            assertNotTaken(mailer(server.port(), Encryption.STARTTLS, wrong, trusting(OURS)));
            assertNotTaken(mailer(server.port(), Encryption.STARTTLS, Optional.empty(), trusting(OURS)));

            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void aServerThatIsGoneIsAnOutageAndMailGoesOnOnceItIsBack() {
        int port;
        try (var server = new MailServer()) {
            port = server.port();
        }
        var mailer = mailer(port, Encryption.NONE);

        assertNotTaken(mailer);

        try (var server = new MailServer(settings -> settings.port(port))) {
            mailer.send(MAIL);
            server.await("alice@example.org", 1);
        }
    }

    @Test
    void aServerThatSaysNothingIsWaitedForWithinBounds() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var server = new SmtpServer(
                    "127.0.0.1", silent.getLocalPort(), Encryption.NONE, Duration.ofMillis(300), Optional.empty());
            var start = System.nanoTime();

            assertNotTaken(new SmtpMailer(server, FROM, Optional.empty()));

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(250), Duration.ofSeconds(8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "chat",
                "a@b.org, c@d.org",
                "Chat <chat@example.org",
                "a@b.org\r\nBcc: c@d.org",
                "g: a@b.org;"
            })
    void whatIsNoSingleAddressCannotBeTheSender(String from) {
        var server = new SmtpServer("127.0.0.1", 25, Encryption.NONE, TIMEOUT, Optional.empty());
        assertThatIllegalArgumentException().isThrownBy(() -> new SmtpMailer(server, from, Optional.empty()));
    }

    @Test
    void thePasswordOfAMailAccountIsHiddenFromLogs() {
        assertThat(new SmtpServer.Login("chat", "secret")).hasToString("Login[chat]");
    }
}

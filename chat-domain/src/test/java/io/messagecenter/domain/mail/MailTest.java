package io.messagecenter.domain.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.messagecenter.domain.memory.InMemoryMailer;
import io.messagecenter.domain.user.EmailAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTest {
    private static final EmailAddress TO = new EmailAddress("alice@example.org");

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\r\nBcc: eve@example.org", "a\nb", "a\rb", "a\u2028b", "a\u0085b", "a\u0000b"})
    void aSubjectIsOneLine(String subject) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Mail(TO, subject, "text"));
    }

    @Test
    void theLatestThousandMailsAreKept() {
        var mailer = new InMemoryMailer();
        for (int i = 0; i < 1_001; i++) {
            mailer.send(new Mail(TO, "mail " + i, "text"));
        }

        assertThat(mailer.sent()).hasSize(1_000);
        assertThat(mailer.sent().get(0).subject()).isEqualTo("mail 1");
        assertThat(mailer.sent().get(999).subject()).isEqualTo("mail 1000");
    }
}

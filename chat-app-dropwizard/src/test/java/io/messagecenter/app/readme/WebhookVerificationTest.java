package io.messagecenter.app.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** By what OpenSSL has computed: the service's own tests hold its requests to the same code. */
class WebhookVerificationTest {
    private static final byte[] SECRET = "a secret of 32 characters or more".getBytes(StandardCharsets.UTF_8);
    private static final byte[] BODY = "{\"version\":1}".getBytes(StandardCharsets.UTF_8);
    private static final String SIGNATURE =
            "t=1700000000,v1=5c9cd7877c50587b92db78afe59f9ee111268a70bb04c59d404ee3ae6e507b39";
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_010);

    @Test
    void whatIsGenuineAndFreshPasses() {
        assertThat(WebhookVerification.isGenuine(SIGNATURE, BODY, SECRET, NOW)).isTrue();
    }

    @Test
    void whatIsNotDoesNot() {
        var otherBody = "{\"version\":2}".getBytes(StandardCharsets.UTF_8);
        var otherSecret = "another one that nobody was given".getBytes(StandardCharsets.UTF_8);
        var otherTime = SIGNATURE.replace("1700000000", "1700000001");

        assertThat(WebhookVerification.isGenuine(SIGNATURE, otherBody, SECRET, NOW))
                .isFalse();
        assertThat(WebhookVerification.isGenuine(SIGNATURE, BODY, otherSecret, NOW))
                .isFalse();
        assertThat(WebhookVerification.isGenuine(otherTime, BODY, SECRET, NOW)).isFalse();
        assertThat(WebhookVerification.isGenuine(SIGNATURE, BODY, SECRET, NOW.plusSeconds(300)))
                .isFalse();
    }
}

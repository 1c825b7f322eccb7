package io.messagecenter.app.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SignatureTest {
    private static final byte[] BODY = "{\"version\":1}".getBytes(StandardCharsets.UTF_8);
    private static final String SECRET = "a secret of 32 characters or more";

    /** {@code printf '1700000000.{"version":1}' | openssl dgst -sha256 -hmac 'a secret of …'}. */
    @Test
    void itIsWhatOpenSslComputes() {
        assertThat(new Signature(SECRET).of(1_700_000_000, BODY))
                .isEqualTo("t=1700000000,v1=5c9cd7877c50587b92db78afe59f9ee111268a70bb04c59d404ee3ae6e507b39");
    }

    @Test
    void timeBodyAndSecretAllMatter() {
        var signature = new Signature(SECRET).of(1_700_000_000, BODY);

        assertThat(new Signature(SECRET).of(1_700_000_001, BODY).substring(13)).isNotEqualTo(signature.substring(13));
        assertThat(new Signature(SECRET).of(1_700_000_000, new byte[0])).isNotEqualTo(signature);
        assertThat(new Signature(SECRET + "!").of(1_700_000_000, BODY)).isNotEqualTo(signature);
        assertThat(new Signature(SECRET).toString()).doesNotContain("secret of");
    }
}

package io.messagecenter.app.readme;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a receiver does with the signature of a webhook. */
public final class WebhookVerification {
    private WebhookVerification() {}

    public static boolean isGenuine(String signature, byte[] body, byte[] secret, Instant now) {
        try {
            return verify(signature, body, secret, now);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean verify(String signature, byte[] body, byte[] secret, Instant now)
            throws GeneralSecurityException {
        var parts = signature.split("[=,]"); // t=1764144000,v1=5257a8…
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        mac.update((parts[1] + ".").getBytes(StandardCharsets.UTF_8));
        boolean genuine =
                MessageDigest.isEqual(mac.doFinal(body), HexFormat.of().parseHex(parts[3]));
        boolean fresh = Math.abs(now.getEpochSecond() - Long.parseLong(parts[1])) < 300;
        return genuine && fresh;
    }
}

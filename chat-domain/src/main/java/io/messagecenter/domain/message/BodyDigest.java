package io.messagecenter.domain.message;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is kept of the body with which a message was sent, once it says something else: enough to know a repeat of that
 * send, and not the text.
 *
 * @param hex SHA-256, 64 digits in lower case
 */
public record BodyDigest(String hex) {
    public BodyDigest {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Not a SHA-256 digest");
        }
    }

    public static BodyDigest of(MessageBody body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return new BodyDigest(
                    HexFormat.of().formatHex(digest.digest(body.text().getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}

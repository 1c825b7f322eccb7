package io.messagecenter.domain.user;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * PBKDF2 with HMAC-SHA256, as the JDK has it, in Django's text form {@code pbkdf2_sha256$iterations$salt$hash}. For
 * embedders without a hashing library; the service itself uses Argon2id.
 */
public final class Pbkdf2PasswordHasher implements PasswordHasher {
    /** What OWASP's password storage cheat sheet asks of PBKDF2 with HMAC-SHA256. */
    public static final int DEFAULT_ITERATIONS = 600_000;

    private static final Pattern ENCODED =
            Pattern.compile("pbkdf2_sha256\\$(\\d{1,9})\\$([^$]{1,64})\\$([A-Za-z0-9+/=]{44})");
    private static final int HASH_BITS = 256;
    private static final int SALT_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final int iterations;

    public Pbkdf2PasswordHasher() {
        this(DEFAULT_ITERATIONS);
    }

    /**
     * With a cost of one's own.
     *
     * @param iterations at least 1; fewer than {@link #DEFAULT_ITERATIONS} are for tests alone
     */
    public Pbkdf2PasswordHasher(int iterations) {
        if (iterations < 1) {
            throw new IllegalArgumentException("At least one iteration, not " + iterations);
        }
        this.iterations = iterations;
    }

    @Override
    public PasswordHash hash(Password password) {
        var bytes = new byte[SALT_BYTES];
        random.nextBytes(bytes);
        var salt = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new PasswordHash("pbkdf2_sha256$" + iterations + "$" + salt + "$" + derive(password, salt, iterations));
    }

    @Override
    public boolean matches(Password password, PasswordHash hash) {
        var encoded = ENCODED.matcher(hash.encoded());
        if (!encoded.matches()) {
            return false;
        }
        var derived = derive(password, encoded.group(2), Integer.parseInt(encoded.group(1)));
        return MessageDigest.isEqual(
                derived.getBytes(StandardCharsets.US_ASCII), encoded.group(3).getBytes(StandardCharsets.US_ASCII));
    }

    private static String derive(Password password, String salt, int iterations) {
        var spec = new PBEKeySpec(
                password.value().toCharArray(),
                salt.getBytes(StandardCharsets.UTF_8),
                Math.max(1, iterations),
                HASH_BITS);
        try {
            var key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec);
            return Base64.getEncoder().encodeToString(key.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}

package io.messagecenter.domain.user;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * PBKDF2 with HMAC-SHA256, as the JDK has it, in Django's text form {@code pbkdf2_sha256$iterations$salt$hash}. For
 * embedders without a hashing library; the service itself uses Argon2id. Verifies what Django made, too, of a password
 * as it was typed.
 */
public final class Pbkdf2PasswordHasher implements PasswordHasher {
    /** What OWASP's password storage cheat sheet asks of PBKDF2 with HMAC-SHA256. */
    public static final int DEFAULT_ITERATIONS = 600_000;

    /** Two seconds or so: several times what anybody asks for, and no more than a forged hash may cost. */
    public static final int MAX_ITERATIONS = 5_000_000;

    private static final Pattern ENCODED =
            Pattern.compile("pbkdf2_sha256\\$([1-9]\\d{0,6})\\$([^$]{1,64})\\$([A-Za-z0-9+/=]{44})");
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
     * @param iterations 1 to {@link #MAX_ITERATIONS}; fewer than {@link #DEFAULT_ITERATIONS} are for tests alone
     */
    public Pbkdf2PasswordHasher(int iterations) {
        if (iterations < 1 || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException("1 to " + MAX_ITERATIONS + " iterations, not " + iterations);
        }
        this.iterations = iterations;
    }

    @Override
    public PasswordHash hash(Password password) {
        var bytes = new byte[SALT_BYTES];
        random.nextBytes(bytes);
        var salt = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new PasswordHash(
                "pbkdf2_sha256$" + iterations + "$" + salt + "$" + derive(password.value(), salt, iterations));
    }

    /** Whether {@link #matches} can say yes to a hash: its form is known, and it takes no unreasonable time. */
    public static boolean canVerify(String encoded) {
        var parts = ENCODED.matcher(encoded);
        return parts.matches() && Integer.parseInt(parts.group(1)) <= MAX_ITERATIONS;
    }

    @Override
    public boolean matches(Password password, PasswordHash hash) {
        var encoded = ENCODED.matcher(hash.encoded());
        if (!canVerify(hash.encoded()) || !encoded.matches()) {
            return false;
        }
        boolean normalised = made(password.value(), encoded);
        if (password.typed().equals(password.value())) {
            return normalised;
        }
        boolean typed = made(password.typed(), encoded); // as Django has it; tried whatever came of the other
        return typed || normalised;
    }

    private static boolean made(String text, Matcher encoded) {
        var derived = derive(text, encoded.group(2), Integer.parseInt(encoded.group(1)));
        return MessageDigest.isEqual(
                derived.getBytes(StandardCharsets.US_ASCII), encoded.group(3).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public boolean needsRehash(PasswordHash hash) {
        var encoded = ENCODED.matcher(hash.encoded());
        return !encoded.matches() || Integer.parseInt(encoded.group(1)) < iterations;
    }

    private static String derive(String text, String salt, int iterations) {
        var spec = new PBEKeySpec(text.toCharArray(), salt.getBytes(StandardCharsets.UTF_8), iterations, HASH_BITS);
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

package io.messagecenter.app.auth;

import com.password4j.Argon2Function;
import com.password4j.BadParametersException;
import com.password4j.types.Argon2;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * Argon2id, by Password4j, with the parameters that OWASP's password storage cheat sheet names first: 19 MiB, two
 * passes, one lane. Verifies hashes with other parameters too, and those that Django makes by PBKDF2. Thread-safe.
 */
public final class Argon2PasswordHasher implements PasswordHasher {
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final String ARGON2ID = "$argon2id$";

    private final SecureRandom random = new SecureRandom();
    private final PasswordHasher django = new Pbkdf2PasswordHasher();
    private final Argon2Function argon2 = Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID);

    @Override
    public PasswordHash hash(Password password) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var bytes = password.value().getBytes(StandardCharsets.UTF_8);
        return new PasswordHash(argon2.hash(bytes, salt).getResult());
    }

    @Override
    public boolean matches(Password password, PasswordHash hash) {
        if (!hash.encoded().startsWith(ARGON2ID)) {
            return django.matches(password, hash); // imported, unless it is no hash at all
        }
        try {
            return Argon2Function.getInstanceFromHash(hash.encoded()).check(password.value(), hash.encoded());
        } catch (BadParametersException e) {
            return false; // no hash of ours, and so nobody's password
        }
    }
}

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
import java.util.Optional;

/**
 * Argon2id, by Password4j. Verifies hashes with other parameters than its own, too, and those that Django makes by
 * PBKDF2. Thread-safe.
 */
public final class Argon2PasswordHasher implements PasswordHasher {
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final String ARGON2ID = "$argon2id$";

    private final SecureRandom random = new SecureRandom();
    private final PasswordHasher django = new Pbkdf2PasswordHasher();
    private final Argon2Function argon2;

    public Argon2PasswordHasher(Cost cost) {
        argon2 = Argon2Function.getInstance(cost.memoryKib(), cost.passes(), cost.lanes(), HASH_BYTES, Argon2.ID);
    }

    /**
     * What a hash costs whoever makes one, and whoever guesses.
     *
     * @param lanes how many could be filled at once; here they are filled one after the other
     */
    public record Cost(int memoryKib, int passes, int lanes) {
        /** What OWASP's password storage cheat sheet names first: 19 MiB, two passes, one lane. */
        public static final Cost DEFAULT = new Cost(19_456, 2, 1);
    }

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
        return function(hash)
                .filter(function -> function.check(password.value(), hash.encoded()))
                .isPresent();
    }

    /** Also where only one of the parameters is less: which of two hashes costs more to guess is nobody's to say then. */
    @Override
    public boolean needsRehash(PasswordHash hash) {
        return function(hash)
                .filter(function -> function.getVersion() >= argon2.getVersion()
                        && function.getMemory() >= argon2.getMemory()
                        && function.getIterations() >= argon2.getIterations()
                        && function.getOutputLength() >= argon2.getOutputLength())
                .isEmpty();
    }

    /** What made the hash; empty if it is no hash of this kind. */
    private static Optional<Argon2Function> function(PasswordHash hash) {
        if (!hash.encoded().startsWith(ARGON2ID)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Argon2Function.getInstanceFromHash(hash.encoded()));
        } catch (BadParametersException e) {
            return Optional.empty(); // no hash of ours, and so nobody's password
        }
    }
}

package io.messagecenter.domain.user;

/**
 * Hashes passwords slowly, on purpose: a call may take a tenth of a second and many megabytes, so keep it off threads
 * that others wait for. Thread-safe.
 */
public interface PasswordHasher {
    /** A new salted hash. */
    PasswordHash hash(Password password);

    /** Whether the password made the hash. A hash of an unknown form matches nothing. Takes the same time either way. */
    boolean matches(Password password, PasswordHash hash);

    /**
     * Whether a hash is weaker than one that {@link #hash} makes, or of another kind, so that it should be made afresh
     * when its password is known: at the next sign-in. By default no hash is.
     */
    default boolean needsRehash(PasswordHash hash) {
        return false;
    }
}

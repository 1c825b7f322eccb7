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
}

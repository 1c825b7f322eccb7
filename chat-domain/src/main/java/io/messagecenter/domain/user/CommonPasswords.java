package io.messagecenter.domain.user;

/** Knows the passwords that are tried first, because so many people have them. Quick, without I/O; thread-safe. */
@FunctionalInterface
public interface CommonPasswords {
    /** Knows none. */
    CommonPasswords NONE = password -> false;

    boolean contains(Password password);
}

package io.messagecenter.app.limit;

/**
 * From where the owner of an account has proven to be its owner not long ago. What it forgets costs convenience, never
 * safety. Thread-safe.
 */
public interface KnownPlaces {
    /** Remembers for some weeks. */
    void remember(String account, String place);

    /** Forgets what it remembers, as if the owner had never been there. */
    void forget(String account, String place);

    /** False also where it is not known. */
    boolean knows(String account, String place);
}

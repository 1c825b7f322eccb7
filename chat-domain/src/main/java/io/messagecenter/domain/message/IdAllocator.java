package io.messagecenter.domain.message;

/**
 * Hands out message ids: unique over all nodes and restarts, growing on each node. Drawn before the transaction that
 * uses them, so that a multi-row insert knows its ids. Thread-safe.
 */
public interface IdAllocator {
    /** The next id. May reach out to the store once in a while, and then throws as a store does. */
    MessageId next();
}

package io.messagecenter.domain.telemetry;

import java.time.Duration;

/** Hears what the message center does, for metrics. Called on its working threads: be quick, never throw. Thread-safe. */
public interface Telemetry {
    /** Listens to nothing. */
    Telemetry NONE = new Telemetry() {};

    /** A batch was committed. */
    default void committed(int batchSize, Duration took) {}

    /** A batch was rolled back as a whole by the store, and is tried again. */
    default void commitRetried() {}

    /** New messages were stored. */
    default void messagesSent(int count) {}

    /** Hints may not have reached the nodes they were meant for. */
    default void hintsLost(int count) {}

    /** A follower had to read the store, and found so many events there. */
    default void caughtUp(int events) {}

    /** So many entries of a feed had been kept long enough, and were dropped. */
    default void entriesPruned(int count) {}

    /** So many messages had been kept long enough, and were deleted. */
    default void messagesRetired(int count) {}

    /** A stretch of somebody's mailbox was indexed for search. */
    default void indexed(Duration took) {}

    /** A webhook has taken so many events. */
    default void webhookDelivered(String webhook, int events) {}

    /** A webhook did not take what was handed over to it. */
    default void webhookFailed(String webhook) {}

    /** So many events were no longer kept when a webhook's turn came. */
    default void webhookMissed(String webhook, long events) {}
}

package io.messagecenter.domain.feed;

import io.messagecenter.domain.seq.FeedSeq;

/**
 * Receives a feed. Calls come one at a time and in order, on whichever thread has the event: hand it on without
 * waiting, and do not call back into the follower except to close it.
 */
public interface FeedListener {
    /** Comes first, once. The first event will be the one after {@code from}. */
    void onStart(FeedSeq from);

    /**
     * Whether it can take an event now. Asked before each one. Once it has said no, no event comes until
     * {@link Feeds.Subscription#resume}: what happens in the meantime is read from the store then, so nothing has to be
     * buffered for a slow reader.
     */
    default boolean ready() {
        return true;
    }

    /** The next event: its place is the last one's plus one. */
    void onEvent(Event event);

    /** Something fleeting, between any two events. Comes only while the feed is live and the listener ready. */
    default void onSignal(Signal signal) {}

    /**
     * The events wanted are no longer kept, or never were. The feed goes on after {@code last}; load everything else
     * afresh. May come instead of {@link #onStart} or at any time after it.
     */
    void onReset(FeedSeq last);
}

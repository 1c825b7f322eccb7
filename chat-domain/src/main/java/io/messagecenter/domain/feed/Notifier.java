package io.messagecenter.domain.feed;

import io.messagecenter.domain.user.UserId;
import java.util.List;

/**
 * Carries hints between nodes, and on one node. It may lose, repeat and reorder them; it must say so by
 * {@link HintListener#onHintsLost} when it knows. Signals go the same way, and leave no trace. Thread-safe.
 */
public interface Notifier extends AutoCloseable {
    /**
     * Tells everyone who listens, on every node. Returns without waiting for a network, and never throws for an outage.
     * Listeners on this node hear of it whatever the state of the network. Hints of one call reach them in its order.
     */
    void publish(List<Hint> hints);

    /**
     * Tells everyone who listens for the signal's user, on every node, if nothing is in the way: a signal is never kept,
     * told again, or counted as lost. Returns and fails as {@link #publish} does.
     */
    void signal(Signal signal);

    /**
     * Listens for one user's hints and signals, from some moment after this call on; returns without waiting for a network. When the
     * subscription takes hold later, or had to be renewed, the listener is told that hints may have been lost.
     */
    Subscription subscribe(UserId user, HintListener listener);

    @Override
    void close();

    /** Ends when closed; a hint already on its way may still arrive. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}

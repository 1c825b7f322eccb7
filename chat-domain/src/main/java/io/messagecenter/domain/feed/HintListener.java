package io.messagecenter.domain.feed;

/** Hears hints and signals for one user. Called on the notifier's threads, possibly several at once: be quick, never throw. */
public interface HintListener {
    void onHint(Hint hint);

    /** Hints may have been lost: look at the store. */
    void onHintsLost();

    /** Something fleeting; whoever has no use for it drops it. */
    default void onSignal(Signal signal) {}
}

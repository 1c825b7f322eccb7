package io.messagecenter.app.bench;

/** Watches one feed: every event must come right after the one before. Not thread-safe. */
final class FeedCheck {
    private final String name;
    private long last;

    /**
     * Begins to watch.
     *
     * @param name for messages
     * @param last where the feed stood before
     */
    FeedCheck(String name, long last) {
        this.name = name;
        this.last = last;
    }

    /**
     * The next event.
     *
     * @throws BenchmarkFailed if it is not the next one
     */
    void accept(long seq) {
        if (seq != last + 1) {
            throw new BenchmarkFailed("The feed of " + name + " has event " + seq + " after " + last);
        }
        last = seq;
    }

    long last() {
        return last;
    }
}

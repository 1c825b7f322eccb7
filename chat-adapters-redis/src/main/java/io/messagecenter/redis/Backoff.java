package io.messagecenter.redis;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: from 50 ms, doubled each time up to 5 s, a random half of it taken off so
 * that nodes which lost the same server do not all come back in the same moment. For one thread.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 50;
    private static final long LAST_MILLIS = 5_000;

    private long next = FIRST_MILLIS;

    long nextMillis() {
        long millis = ThreadLocalRandom.current().nextLong(next / 2, next + 1);
        next = Math.min(2 * next, LAST_MILLIS);
        return millis;
    }

    void reset() {
        next = FIRST_MILLIS;
    }
}

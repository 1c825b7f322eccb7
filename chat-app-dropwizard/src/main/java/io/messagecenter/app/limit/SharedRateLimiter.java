package io.messagecenter.app.limit;

import java.time.Duration;

/**
 * Buckets that all nodes share, each asked before anything is let through. For what is rare, and must be exact. While
 * nobody answers, this node's own buckets decide. These are used up all the while: what they refuse was too much even
 * for one node, and is not worth a question. Thread-safe.
 */
final class SharedRateLimiter implements RateLimiter {
    private final String name;
    private final Rate rate;
    private final RateLimiter own;
    private final SharedCounts shared;

    /** @param name tells these buckets from others */
    SharedRateLimiter(String name, Rate rate, SharedCounts shared) {
        this.name = name + " ";
        this.rate = rate;
        this.own = new LocalRateLimiter(rate);
        this.shared = shared;
    }

    @Override
    public Duration take(String key) {
        var wait = own.take(key);
        if (!wait.isZero()) {
            return wait;
        }
        wait = shared.take(name + key, rate).orElse(Duration.ZERO);
        if (!wait.isZero()) {
            own.giveBack(key);
        }
        return wait;
    }

    @Override
    public void giveBack(String key) {
        own.giveBack(key);
        shared.giveBack(name + key, rate);
    }
}

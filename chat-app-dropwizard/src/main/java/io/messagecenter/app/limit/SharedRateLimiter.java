package io.messagecenter.app.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Buckets that all nodes share, each asked before anything is let through. For what is rare, and must be exact. While
 * nobody answers, this node's own buckets decide. These are used up all the while: what they refuse was too much even
 * for one node, and is not worth a question. Thread-safe.
 */
final class SharedRateLimiter implements RateLimiter {
    /** Longer than what was taken is held before it is used up or given back. */
    private static final Duration ATTEMPT = Duration.ofMinutes(2);

    private final String name;
    private final Rate rate;
    private final RateLimiter own;
    private final SharedCounts shared;

    /** How many this node alone has counted, lately, and not given back: what nobody else has counted is not theirs to get. */
    private final Cache<String, Integer> uncounted = Caffeine.newBuilder()
            .expireAfterWrite(ATTEMPT)
            .maximumSize(LocalRateLimiter.MAX_KEYS)
            .build();

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
        var counted = shared.take(name + key, rate);
        if (counted.isEmpty()) {
            uncounted.asMap().merge(key, 1, Integer::sum);
            return Duration.ZERO;
        }
        if (!counted.get().isZero()) {
            own.giveBack(key);
        }
        return counted.get();
    }

    @Override
    public void giveBack(String key) {
        own.giveBack(key);
        if (!takeUncounted(key)) {
            shared.giveBack(name + key, rate);
        }
    }

    private boolean takeUncounted(String key) {
        var found = new AtomicBoolean();
        uncounted.asMap().computeIfPresent(key, (same, count) -> {
            found.set(true);
            return count > 1 ? count - 1 : null;
        });
        return found.get();
    }
}

package io.messagecenter.app.limit;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Buckets of this node, settled with the other nodes' every now and then: for what is frequent, and must not wait. What is
 * used here is charged to a bucket that all nodes share, and what others have used of that is taken from the one here.
 *
 * <p>So with several nodes somebody may use more at once than the burst: that of each node, until they have settled. What
 * was too much they owe, and in the long run have no more than the rate. Thread-safe.
 */
final class SettledRateLimiter implements RateLimiter {
    private final String name;
    private final Rate rate;
    private final LocalRateLimiter own;
    private final SharedCounts shared;
    private final Map<String, Long> used = new ConcurrentHashMap<>();

    /** @param name tells these buckets from others */
    SettledRateLimiter(String name, Rate rate, SharedCounts shared) {
        this.name = name + " ";
        this.rate = rate;
        this.own = new LocalRateLimiter(rate);
        this.shared = shared;
    }

    @Override
    public Duration take(String key) {
        var wait = own.take(key);
        if (wait.isZero()) {
            used.merge(key, 1L, Long::sum);
        }
        return wait;
    }

    @Override
    public void giveBack(String key) {
        own.giveBack(key);
        used.merge(key, -1L, Long::sum);
    }

    /** Tells what was used since the last time. To be called often; waits for nothing. */
    void settle() {
        var charges = new HashMap<String, Long>();
        for (var key : List.copyOf(used.keySet())) {
            var count = used.remove(key);
            if (count != null && count != 0) {
                charges.put(name + key, count);
            }
        }
        if (!charges.isEmpty()) {
            shared.charge(charges, rate, (bucket, left) -> own.lower(bucket.substring(name.length()), left));
        }
    }
}

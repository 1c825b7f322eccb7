package io.messagecenter.app.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * Buckets of this node alone, in memory: by Bucket4j, without locks. At most {@value #MAX_KEYS} at once; of more, those are
 * forgotten that are used least, so that a flood of new keys does not drive out the busy ones. Thread-safe.
 */
public final class LocalRateLimiter implements RateLimiter {
    static final int MAX_KEYS = 100_000;

    private final LoadingCache<String, Bucket> buckets;

    /** All full. */
    public LocalRateLimiter(Rate rate) {
        this(rate, TimeMeter.SYSTEM_NANOTIME);
    }

    LocalRateLimiter(Rate rate, TimeMeter clock) {
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_KEYS)
                .expireAfterAccess(rate.toRecover())
                .ticker(clock::currentTimeNanos)
                .build(key -> Bucket.builder()
                        .withCustomTimePrecision(clock)
                        .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(rate.count(), rate.period()))
                        .build());
    }

    @Override
    public Duration take(String key) {
        var bucket = buckets.get(key);
        if (bucket.tryConsume(1)) {
            return Duration.ZERO;
        }
        var probe = bucket.estimateAbilityToConsume(1);
        return Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
    }

    /** Takes away what is above this, as far as below nothing. */
    void lower(String key, long left) {
        var bucket = buckets.get(key);
        long above = bucket.getAvailableTokens() - left;
        if (above > 0) {
            bucket.consumeIgnoringRateLimits(above);
        }
    }

    @Override
    public void giveBack(String key) {
        buckets.get(key).addTokens(1);
    }
}

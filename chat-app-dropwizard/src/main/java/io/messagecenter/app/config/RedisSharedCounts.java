package io.messagecenter.app.config;

import io.messagecenter.app.limit.Rate;
import io.messagecenter.redis.RedisCounts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;

/** The limits' counts on Redis. Thread-safe. */
final class RedisSharedCounts implements NotifierFactory.CloseableCounts {
    private final RedisCounts counts;

    RedisSharedCounts(RedisCounts counts) {
        this.counts = counts;
    }

    private static RedisCounts.Rate of(Rate rate) {
        return new RedisCounts.Rate(rate.count(), rate.period(), rate.burst());
    }

    @Override
    public Optional<Duration> take(String bucket, Rate rate) {
        return counts.take(bucket, of(rate));
    }

    @Override
    public void giveBack(String bucket, Rate rate) {
        counts.giveBack(bucket, of(rate));
    }

    @Override
    public void charge(Map<String, Long> used, Rate rate, ObjLongConsumer<String> left) {
        counts.charge(used, of(rate), left);
    }

    @Override
    public void remember(String fact, Duration time) {
        counts.remember(fact, time);
    }

    @Override
    public void forget(String fact) {
        counts.forget(fact);
    }

    @Override
    public Optional<Boolean> remembers(String fact) {
        return counts.remembers(fact);
    }

    @Override
    public void hold(String what, String holder, Duration time) {
        counts.hold(what, holder, time);
    }

    @Override
    public void release(String what, String holder) {
        counts.release(what, holder);
    }

    @Override
    public Optional<Long> holders(String what) {
        return counts.holders(what);
    }

    @Override
    public void close() {
        counts.close();
    }
}

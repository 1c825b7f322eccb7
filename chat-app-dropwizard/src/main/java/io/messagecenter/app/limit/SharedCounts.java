package io.messagecenter.app.limit;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;

/**
 * What nodes count together. Never fails: an empty answer means that nobody answers just now, and each node goes by what
 * it has counted itself. Questions take a moment at the most; what is merely told takes none. Thread-safe.
 */
public interface SharedCounts {
    /** Takes a token. Zero if there was one, else how long to wait for it. */
    Optional<Duration> take(String bucket, Rate rate);

    /** Puts a token back. */
    void giveBack(String bucket, Rate rate);

    /**
     * Takes tokens that were used already.
     *
     * @param used how many of which bucket
     * @param left is told, later and on another thread, what each has left, which may be less than nothing
     */
    void charge(Map<String, Long> used, Rate rate, ObjLongConsumer<String> left);

    /** Remembers a fact for a time. */
    void remember(String fact, Duration time);

    void forget(String fact);

    Optional<Boolean> remembers(String fact);

    /** Says that somebody holds a share of something, for a time unless it is said again. */
    void hold(String what, String holder, Duration time);

    void release(String what, String holder);

    /** How many hold a share of something. */
    Optional<Long> holders(String what);
}

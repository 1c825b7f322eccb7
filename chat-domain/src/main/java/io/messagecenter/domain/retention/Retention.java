package io.messagecenter.domain.retention;

import io.messagecenter.domain.lease.Lease;
import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.lease.LeaseName;
import io.messagecenter.domain.lease.LeaseStore;
import io.messagecenter.domain.send.RetireMessages;
import io.messagecenter.domain.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/**
 * Drops what has been kept long enough: entries of feeds, and messages if that is wished. One node at a time does so, in
 * the background and in small steps; what is interrupted goes on by itself, on any node. Thread-safe.
 */
public final class Retention implements AutoCloseable {
    static final LeaseName FEEDS = new LeaseName("feed-retention");
    static final LeaseName MESSAGES = new LeaseName("message-retention");

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration LONGEST_REST = Duration.ofHours(1);
    private static final Duration SHORTEST_REST = Duration.ofMillis(100);

    /**
     * For how long things are kept.
     *
     * @param feed entries of feeds, at least: whoever was away for longer loads everything afresh
     * @param messages messages, counted from when they were sent; for ever if empty
     */
    public record Limits(Duration feed, Optional<Duration> messages) {
        public static final Limits DEFAULT = new Limits(Duration.ofDays(30), Optional.empty());

        public Limits {
            if (!isPositive(feed) || !messages.map(Limits::isPositive).orElse(true)) {
                throw new IllegalArgumentException("What is kept is kept for a while");
            }
        }

        private static boolean isPositive(Duration time) {
            return time.compareTo(Duration.ZERO) > 0;
        }
    }

    private final List<Rounds> rounds = new ArrayList<>();

    /**
     * Begins after a while.
     *
     * @param thread a single one, for this alone; it stays its maker's
     */
    public Retention(
            RetentionStore store,
            LeaseStore leases,
            RetireMessages retireMessages,
            Limits limits,
            Clock clock,
            Telemetry telemetry,
            ScheduledExecutorService thread) {
        var node = LeaseHolder.random();
        var feeds = new FeedRetention(store, limits.feed(), clock, telemetry);
        rounds.add(rounds(leases, FEEDS, node, feeds::step, limits.feed(), thread));
        limits.messages().ifPresent(keep -> {
            var messages = new MessageRetention(store, retireMessages, keep, clock, telemetry);
            rounds.add(rounds(leases, MESSAGES, node, messages::step, keep, thread));
        });
    }

    private static Rounds rounds(
            LeaseStore leases,
            LeaseName name,
            LeaseHolder node,
            BooleanSupplier step,
            Duration keep,
            ScheduledExecutorService thread) {
        return new Rounds(new Lease(leases, name, node, LEASE), step, rest(keep), thread);
    }

    /** Nothing is kept for much longer than it has to be. */
    private static Duration rest(Duration keep) {
        var some = keep.dividedBy(100);
        if (some.compareTo(LONGEST_REST) > 0) {
            return LONGEST_REST;
        }
        return some.compareTo(SHORTEST_REST) < 0 ? SHORTEST_REST : some;
    }

    /** Drops no more, once the step at hand is done. */
    @Override
    public void close() {
        rounds.forEach(Rounds::close);
    }
}

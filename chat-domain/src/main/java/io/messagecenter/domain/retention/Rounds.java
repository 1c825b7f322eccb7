package io.messagecenter.domain.retention;

import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.lease.Lease;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes through something large in small steps, then rests, then goes through it again: on one node at a time, by a lease,
 * and never more than half of the time. Thread-safe.
 */
final class Rounds implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());
    private static final long SHORTEST_BREAK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_BREAK = TimeUnit.SECONDS.toNanos(1);

    private final Lease lease;
    private final BooleanSupplier step;
    private final long rest;
    private final long renewal;
    private final ScheduledExecutorService thread;

    // The thread's own.
    private long renewed = System.nanoTime();
    private long next = renewed;

    // Guarded by this.
    private boolean closed;
    private @Nullable Future<?> waiting;

    /**
     * Begins after a while.
     *
     * @param step does a little; false once it has come to the end, and begins anew with the next call. What it throws
     *     is tried again after a while.
     * @param rest how long after the end
     * @param thread a single one, which may have other work that is short; it stays its maker's
     */
    Rounds(Lease lease, BooleanSupplier step, Duration rest, ScheduledExecutorService thread) {
        this.lease = lease;
        this.step = step;
        this.rest = rest.toNanos();
        this.renewal = lease.length().toNanos() / 3;
        this.thread = thread;
        schedule(Math.min(this.rest, renewal));
    }

    private synchronized void schedule(long nanos) {
        if (!closed) {
            waiting = thread.schedule(this::turn, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void turn() {
        long pause = Math.min(renewal, rest);
        try {
            if (hold()) {
                goOn();
                pause = Math.min(renewal, next - System.nanoTime());
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> "What was kept long enough is still kept: " + Reasons.of(e));
        }
        try {
            schedule(pause);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Another node goes on, or this one when it is back");
        }
    }

    /** Whether this node has the lease, which is renewed in time. */
    private boolean hold() {
        long now = System.nanoTime();
        if (lease.held() && now - renewed < renewal) {
            return true;
        }
        renewed = now;
        return lease.take();
    }

    /** Makes a step if it is time for it. */
    private void goOn() {
        long start = System.nanoTime();
        if (start - next >= 0) {
            boolean more = step.getAsBoolean();
            long end = System.nanoTime();
            next = end + (more ? Math.min(Math.max(end - start, SHORTEST_BREAK), LONGEST_BREAK) : rest);
        }
    }

    /** Makes no step after the one at hand, then gives the lease back on its thread. */
    @Override
    public synchronized void close() {
        closed = true;
        if (waiting != null) {
            waiting.cancel(false);
        }
        try {
            thread.execute(this::giveBack);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "The lease runs out by itself");
        }
    }

    private void giveBack() {
        try {
            lease.close();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, () -> "The lease runs out by itself: " + Reasons.of(e));
        }
    }
}

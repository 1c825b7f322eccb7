package io.messagecenter.domain.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's claim to a lease. Whoever holds it asks again well before it has run out, say every third of its length;
 * whoever does not asks likewise, and gets it once the holder has not renewed it for the whole length.
 *
 * <p>Safe as long as the clocks of two nodes run about equally fast, whatever they show: the holder counts from before it
 * asked, whoever waits counts from after the answer. What takes longer than is left of it may overlap with the work of
 * the next holder, so that work must bear being done twice. Thread-safe.
 */
public final class Lease implements AutoCloseable {
    private final LeaseStore leases;
    private final LeaseName name;
    private final LeaseHolder holder;
    private final Duration length;
    private final LongSupplier nanoTime;

    private @Nullable LeaseState seen;
    private long seenAt;
    private boolean taken;
    private long takenAt;

    public Lease(LeaseStore leases, LeaseName name, LeaseHolder holder, Duration length) {
        this(leases, name, holder, length, System::nanoTime);
    }

    /** With another source of {@link System#nanoTime}. */
    public Lease(LeaseStore leases, LeaseName name, LeaseHolder holder, Duration length, LongSupplier nanoTime) {
        this.leases = leases;
        this.name = name;
        this.holder = holder;
        this.length = length;
        this.nanoTime = nanoTime;
    }

    /** How long it lasts without being renewed. */
    public Duration length() {
        return length;
    }

    /**
     * Takes or renews the lease, if that can be.
     *
     * @return whether this node holds it
     * @throws io.messagecenter.domain.error.ChatException if the store does not answer; what was held is held until it
     *     has run out
     */
    public synchronized boolean take() {
        long asked = nanoTime.getAsLong();
        var now = leases.take(name, holder, stale(asked));
        taken = now.holder().equals(Optional.of(holder));
        if (taken) {
            takenAt = asked;
        } else if (!now.equals(seen)) {
            seen = now;
            seenAt = nanoTime.getAsLong();
        }
        return taken;
    }

    private Optional<LeaseState> stale(long now) {
        return now - seenAt > length.toNanos() ? Optional.ofNullable(seen) : Optional.empty();
    }

    /** Whether this node holds it at this moment; asks nobody. */
    public synchronized boolean held() {
        return taken && nanoTime.getAsLong() - takenAt < length.toNanos();
    }

    /** Gives it back, so that another node need not wait. */
    @Override
    public synchronized void close() {
        if (taken) {
            taken = false;
            leases.release(name, holder);
        }
    }
}

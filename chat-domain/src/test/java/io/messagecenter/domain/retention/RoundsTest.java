package io.messagecenter.domain.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.lease.Lease;
import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.lease.LeaseName;
import io.messagecenter.domain.lease.LeaseState;
import io.messagecenter.domain.lease.LeaseStore;
import io.messagecenter.domain.memory.InMemoryStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoundsTest {
    private static final LeaseName NAME = new LeaseName("test");
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LENGTH = Duration.ofMinutes(1);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService otherThread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger steps = new AtomicInteger();

    @AfterEach
    void close() {
        thread.shutdownNow();
        otherThread.shutdownNow();
    }

    private final AtomicInteger renewals = new AtomicInteger();
    private final LeaseStore leases = new LeaseStore() {
        @Override
        public LeaseState take(LeaseName name, LeaseHolder holder, Optional<LeaseState> stale) {
            renewals.incrementAndGet();
            return storage.leases().take(name, holder, stale);
        }

        @Override
        public void release(LeaseName name, LeaseHolder holder) {
            storage.leases().release(name, holder);
        }
    };

    private Rounds rounds(ScheduledExecutorService on, Duration rest, BooleanSupplier step) {
        return new Rounds(new Lease(leases, NAME, LeaseHolder.random(), LENGTH), step, rest, on);
    }

    private Optional<LeaseHolder> holder() {
        return storage.leases()
                .take(NAME, LeaseHolder.random(), Optional.empty())
                .holder();
    }

    @Test
    void itGoesRoundAndRound() {
        try (var rounds = rounds(thread, SHORT, () -> steps.incrementAndGet() % 3 != 0)) {
            await().until(() -> steps.get() > 9);
            assertThat(renewals)
                    .as("a lease that lasts is not asked for at every step")
                    .hasValue(1);
            assertThat(rounds).isNotNull();
        }
    }

    @Test
    void aStepThatFailsIsNotTheLast() {
        BooleanSupplier step = () -> {
            if (steps.incrementAndGet() < 3) {
                throw ChatException.unavailable("gone", new IOException());
            }
            return true;
        };
        try (var rounds = rounds(thread, SHORT, step)) {
            await().until(() -> steps.get() > 3);
            assertThat(rounds).isNotNull();
        }
    }

    @Test
    void oneNodeAtATimeAndTheNextOneOnceTheFirstIsClosed() throws InterruptedException {
        var others = new AtomicInteger();
        var first = rounds(thread, SHORT, () -> steps.incrementAndGet() > 0);
        await().until(() -> steps.get() > 0);
        var second = rounds(otherThread, SHORT, () -> others.incrementAndGet() > 0);
        int before = steps.get();
        await().until(() -> steps.get() > before + 5);
        assertThat(others).hasValue(0);

        first.close();
        thread.shutdown();
        assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        int last = steps.get();

        await().until(() -> others.get() > 1);
        assertThat(steps).hasValue(last);
        second.close();
    }

    @Test
    void closingWaitsForNothingAndGivesTheLeaseBackAfterTheStepAtHand() throws InterruptedException {
        var inside = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var rounds = rounds(thread, SHORT, () -> {
            steps.incrementAndGet();
            inside.countDown();
            try {
                return go.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        inside.await();

        rounds.close();
        thread.shutdown();
        assertThat(thread.isTerminated()).isFalse();
        go.countDown();

        assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(steps).hasValue(1);
        var fresh = LeaseHolder.random();
        assertThat(storage.leases().take(NAME, fresh, Optional.empty()).holder())
                .contains(fresh);
    }

    @Test
    void whoRestsStillHoldsTheLeaseAndRenewsIt() {
        var node = LeaseHolder.random();
        var inTime = new AtomicInteger();
        var held = new AtomicReference<BooleanSupplier>(() -> false);
        var watched = new LeaseStore() {
            @Override
            public LeaseState take(LeaseName name, LeaseHolder holder, Optional<LeaseState> stale) {
                if (held.get().getAsBoolean()) {
                    inTime.incrementAndGet();
                }
                return leases.take(name, holder, stale);
            }

            @Override
            public void release(LeaseName name, LeaseHolder holder) {
                leases.release(name, holder);
            }
        };
        var lease = new Lease(watched, NAME, node, Duration.ofMillis(150));
        held.set(lease::held);
        try (var rounds = new Rounds(lease, () -> steps.incrementAndGet() < 0, Duration.ofHours(1), thread)) {
            await().until(() -> inTime.get() > 2);
            assertThat(steps).hasValueLessThan(2);
            assertThat(holder()).contains(node);
            assertThat(rounds).isNotNull();
        }
    }
}

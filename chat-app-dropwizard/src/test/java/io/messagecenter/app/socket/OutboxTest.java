package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutboxTest {
    private final Queue<Callback> untaken = new ArrayDeque<>();
    private final AtomicInteger drained = new AtomicInteger();
    private final Outbox outbox = new Outbox(session(untaken), drained::incrementAndGet);

    @Test
    void itHasRoomFor256Frames() {
        send(255);
        assertThat(outbox.hasRoom()).isTrue();
        send(1);
        assertThat(outbox.hasRoom()).isFalse();
    }

    @Test
    void itHasRoomForHalfAMegabyte() {
        outbox.send("x".repeat(512 * 1024 - 1));
        assertThat(outbox.hasRoom()).isTrue();
        outbox.send("x");
        assertThat(outbox.hasRoom()).isFalse();
    }

    @Test
    void itCallsBackOnceWhenFewFramesAreLeft() {
        send(256);
        assertThat(outbox.hasRoom()).isFalse();
        take(191);
        assertThat(drained).hasValue(0);
        take(1);
        assertThat(drained).hasValue(1);
        take(64);
        assertThat(drained).hasValue(1);
    }

    @Test
    void itCallsBackWhenFewCharactersAreLeft() {
        for (int i = 0; i < 8; i++) {
            outbox.send("x".repeat(64 * 1024));
        }
        assertThat(outbox.hasRoom()).isFalse();
        take(5);
        assertThat(drained).hasValue(0);
        take(1);
        assertThat(drained).hasValue(1);
    }

    @Test
    void itCallsNobodyBackWhoDidNotAsk() {
        send(256);
        take(256);
        assertThat(drained).hasValue(0);
    }

    @Test
    void whatFailsIsOutOfTheWay() {
        send(256);
        assertThat(outbox.hasRoom()).isFalse();
        while (!untaken.isEmpty()) {
            untaken.remove().fail(new IllegalStateException("closed"));
        }
        assertThat(outbox.hasRoom()).isTrue();
        assertThat(drained).hasValue(1);
        assertThat(outbox.stalledNanos()).isZero();
    }

    @Test
    void itStallsWhileSomethingWaitsAndNothingIsTaken() {
        assertThat(outbox.stalledNanos()).isZero();
        passes(30);
        assertThat(outbox.stalledNanos()).isZero();
        long before = System.nanoTime();
        send(2);
        passes(30);
        assertThat(outbox.stalledNanos()).isBetween(TimeUnit.MILLISECONDS.toNanos(30), System.nanoTime() - before);
        long taken = System.nanoTime();
        take(1);
        assertThat(outbox.stalledNanos()).isLessThanOrEqualTo(System.nanoTime() - taken);
        send(1); // what is added is no progress
        passes(30);
        send(1);
        assertThat(outbox.stalledNanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
        take(3);
        assertThat(outbox.stalledNanos()).isZero();
    }

    /** Whoever is told that there is no room is told when there is, however the two race. */
    @Test
    void nobodyWaitsForEver() {
        var callbacks = new ConcurrentLinkedQueue<Callback>();
        var room = new Semaphore(0);
        var racing = new Outbox(session(callbacks), room::release);
        var large = "x".repeat(512 * 1024);
        int rounds = 200_000;
        var round = new AtomicInteger(-1);
        var taking = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < rounds; i++) {
                awaitAtLeast(round, i);
                callbacks.remove().succeed();
            }
        });
        for (int i = 0; i < rounds; i++) {
            racing.send(large);
            round.set(i); // from here on the client takes it, just when somebody asks for room
            for (int wait = i % 97; wait > 0; wait--) {
                round.get(); // a few nanoseconds, so that the two meet at every step of each other
            }
            if (!racing.hasRoom()) {
                assertThat(tryAcquire(room)).isTrue();
            }
            await(racing::hasRoom);
            room.drainPermits(); // of one who asked, and was answered at the second look
        }
        taking.join();
        assertThat(racing.stalledNanos()).isZero();
    }

    private static void awaitAtLeast(AtomicInteger round, int number) {
        await(() -> round.get() >= number);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static boolean tryAcquire(Semaphore room) {
        try {
            return room.tryAcquire(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Session session(Queue<Callback> callbacks) {
        // Without a record of its calls, of which there are many.
        var session = mock(Session.class, org.mockito.Mockito.withSettings().stubOnly());
        doAnswer(call -> callbacks.add(call.getArgument(1))).when(session).sendText(anyString(), any());
        return session;
    }

    private void send(int frames) {
        for (int i = 0; i < frames; i++) {
            outbox.send("frame");
        }
    }

    private void take(int frames) {
        for (int i = 0; i < frames; i++) {
            untaken.remove().succeed();
        }
    }

    private static void passes(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Awaitility.await().until(() -> System.nanoTime() > end);
    }
}

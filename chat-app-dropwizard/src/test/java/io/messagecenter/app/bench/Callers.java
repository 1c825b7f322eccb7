package io.messagecenter.app.bench;

import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.user.Person;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Concurrent callers of {@link SendMessage}: each sends to its neighbour, and again as soon as its last message is
 * acknowledged. They are not threads, as those who wait in the service are none.
 */
final class Callers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Person> people;
    private final AtomicLong number = new AtomicLong();

    /**
     * Gets ready.
     *
     * @param people one for each caller, an even number
     */
    Callers(List<Person> people) {
        this.people = List.copyOf(people);
    }

    /** How many messages a second were acknowledged. */
    double run(SendMessage send, Duration time) throws InterruptedException {
        var run = new Run(send, time);
        for (int i = 0; i < people.size(); i++) {
            run.next(i);
        }
        return run.perSecond();
    }

    private final class Run {
        private final SendMessage send;
        private final long start = System.nanoTime();
        private final long end;
        private final AtomicLong acknowledged = new AtomicLong();
        private final AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
        private final CountDownLatch running = new CountDownLatch(people.size());

        Run(SendMessage send, Duration time) {
            this.send = send;
            this.end = start + time.toNanos();
        }

        void next(int caller) {
            if (System.nanoTime() - end >= 0) {
                running.countDown();
                return;
            }
            long n = number.getAndIncrement();
            var command = new SendMessage.Command(
                    people.get(caller),
                    people.get(caller ^ 1).name().value(),
                    new MessageBody(Texts.body(n)),
                    Optional.of(new ClientKey("append-" + n)));
            send.send(command).whenComplete((sent, thrown) -> {
                if (thrown != null) {
                    failure.set(Optional.of(thrown));
                    running.countDown();
                } else {
                    acknowledged.incrementAndGet();
                    next(caller);
                }
            });
        }

        double perSecond() throws InterruptedException {
            boolean ended = running.await(end - System.nanoTime() + PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            if (!ended || failure.get().isPresent()) {
                throw new BenchmarkFailed("Appending failed: " + failure.get());
            }
            return acknowledged.get() / ((System.nanoTime() - start) / 1e9);
        }
    }
}

package io.messagecenter.domain.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SearchIndexerTest {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger indexed = new AtomicInteger();
    private final Telemetry telemetry = new Telemetry() {
        @Override
        public void indexed(Duration took) {
            indexed.incrementAndGet();
        }
    };

    @AfterEach
    void end() throws InterruptedException {
        thread.shutdownNow();
        assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Work for users 1, 2, 3 …, two of whom are a range. */
    private static class Work implements SearchIndex {
        final List<Long> advanced = new ArrayList<>();
        final TreeMap<Long, Integer> left = new TreeMap<>();

        @Override
        public synchronized boolean advance(UserId user) {
            int steps = left.getOrDefault(user.value(), 0);
            if (steps > 0) {
                left.put(user.value(), steps - 1);
                advanced.add(user.value());
            }
            return steps > 0;
        }

        @Override
        public synchronized Behind behind(Optional<UserId> after, int range) {
            long from = after.map(UserId::value).orElse(0L);
            var users = left.tailMap(from, false).keySet().stream().limit(2).toList();
            return new Behind(
                    users.stream()
                            .filter(user -> left.get(user) > 0)
                            .map(UserId::new)
                            .toList(),
                    users.size() < 2 ? Optional.empty() : Optional.of(new UserId(users.get(1))));
        }

        synchronized void put(long user, int steps) {
            left.put(user, steps);
        }

        synchronized List<Long> advanced() {
            return List.copyOf(advanced);
        }

        @Override
        public Reach reach(UserId user) {
            throw new AssertionError();
        }

        @Override
        public Hits find(
                UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int entries) {
            throw new AssertionError();
        }

        @Override
        public SortedSet<MailboxSeq> latest(UserId user, SortedSet<MailboxSeq> places, int characters) {
            throw new AssertionError();
        }

        @Override
        public SortedMap<MailboxSeq, Message> read(UserId user, SortedSet<MailboxSeq> places) {
            throw new AssertionError();
        }

        @Override
        public Optional<MailboxSeq> place(UserId user, MessageId id) {
            throw new AssertionError();
        }
    }

    private SearchIndexer indexer(SearchIndex index) {
        return new SearchIndexer(index, () -> 0, telemetry, thread);
    }

    @Test
    void everybodysMessagesAreIndexedAndALongMailboxDoesNotKeepOthersWaiting() {
        var work = new Work();
        work.put(1, 3 * SearchIndexer.TURN);
        work.put(2, 2);
        work.put(3, 1);
        work.put(4, 0);
        work.put(5, 1);
        try (var indexer = indexer(work)) {
            Awaitility.await().until(() -> work.advanced().size() == 3 * SearchIndexer.TURN + 4);
            assertThat(work.advanced().indexOf(2L)).isEqualTo(SearchIndexer.TURN);
            assertThat(indexed).hasValue(3 * SearchIndexer.TURN + 4);
            Awaitility.await().until(() -> indexer.behind() == 0);
            work.put(3, 2); // and it goes on to look
            Awaitility.await().until(() -> work.advanced().size() == 3 * SearchIndexer.TURN + 6);
        }
    }

    @Test
    void whoeverSearchesIsIndexedEvenIfTheirMessagesAreFew() {
        var work = new Work() {
            @Override
            public synchronized Behind behind(Optional<UserId> after, int range) {
                return new Behind(List.of(), Optional.empty());
            }
        };
        work.put(7, SearchIndexer.TURN + 2);
        try (var indexer = indexer(work)) {
            indexer.soon(new UserId(7));
            indexer.soon(new UserId(8));
            Awaitility.await().until(() -> work.advanced().size() == SearchIndexer.TURN + 2);
        }
    }

    @Test
    void anOutageIsOverWhenItIsOver() {
        var outage = new AtomicInteger(1);
        var work = new Work() {
            @Override
            public synchronized boolean advance(UserId user) {
                if (outage.getAndDecrement() > 0) {
                    throw ChatException.unavailable("away", new IllegalStateException());
                }
                return super.advance(user);
            }
        };
        work.put(1, 1);
        try (var indexer = indexer(work)) {
            Awaitility.await().until(() -> work.advanced().equals(List.of(1L)));
            assertThat(indexer).isNotNull();
        }
    }

    @Test
    void whoseMessagesCannotBeIndexedDoesNotKeepOthersWaiting() {
        var work = new Work() {
            @Override
            public synchronized boolean advance(UserId user) {
                if (user.value() == 1) {
                    throw new IllegalStateException("on purpose");
                }
                return super.advance(user);
            }
        };
        work.put(1, 1);
        work.put(2, 1);
        work.put(3, 1);
        try (var indexer = indexer(work)) {
            Awaitility.await().until(() -> work.advanced().equals(List.of(2L, 3L)));
            Awaitility.await().until(() -> indexer.behind() == 1);
        }
    }

    /** Which part of the time it works, while so many writes are stored between one stretch and the next. */
    private double partOfTheTime(long writes) {
        var working = new AtomicLong();
        var work = new Work() {
            @Override
            public synchronized boolean advance(UserId user) {
                long start = System.nanoTime();
                while (System.nanoTime() - start < 2_000_000) {
                    Thread.onSpinWait();
                }
                working.addAndGet(System.nanoTime() - start);
                return super.advance(user);
            }
        };
        work.put(1, 1_000);
        var written = new AtomicLong();
        long start = System.nanoTime();
        try (var indexer = new SearchIndexer(work, () -> written.addAndGet(writes), telemetry, thread)) {
            Awaitility.await().until(() -> work.advanced().size() >= 20);
            assertThat(indexer).isNotNull();
            return (double) working.get() / (System.nanoTime() - start);
        }
    }

    @Test
    void itWorksAPartOfTheTimeAlone() {
        assertThat(partOfTheTime(0)).isLessThan(0.4);
    }

    @Test
    void whileMuchIsStoredItWorksASmallPartOfTheTime() {
        assertThat(partOfTheTime(1_000_000)).isLessThan(0.1);
    }

    @Test
    void itEndsWhenItIsClosedWhateverIsLeft() throws InterruptedException {
        var work = new Work();
        work.put(1, Integer.MAX_VALUE);
        var indexer = indexer(work);
        Awaitility.await().until(() -> !work.advanced().isEmpty());
        indexer.close();
        thread.shutdown();

        assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }
}

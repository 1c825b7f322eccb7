package io.messagecenter.domain.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class FeedsTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final Accounts accounts = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), Clock.systemUTC());
    private final Person alice = accounts.register("alice");
    private final Person bob = accounts.register("bob");
    private final WatchedStore store = new WatchedStore();
    private final ManualNotifier notifier = new ManualNotifier();
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Feeds> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Feeds::close);
        scheduler.shutdownNow();
    }

    /** Reads happen when the test says so. */
    private Feeds feeds() {
        return feeds(NEVER, tasks::add);
    }

    private Feeds feeds(Duration heartbeat, Executor reader) {
        var feeds = new Feeds(store, notifier, reader, scheduler, heartbeat, Telemetry.NONE);
        opened.add(feeds);
        return feeds;
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private Event say(Person person) {
        return say(storage, person);
    }

    private static Event say(Storage storage, Person person) {
        var draft = new NewMessage(
                storage.ids().next(), person, person, new MessageBody("note"), Instant.EPOCH, Optional.empty());
        storage.messages().write(List.of(draft));
        var head = storage.feeds().heads(List.of(person.id())).get(person.id());
        return storage.feeds()
                .read(person.id(), new FeedSeq(head.value() - 1), 1)
                .events()
                .get(0);
    }

    private static final class Heard implements FeedListener {
        private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onStart(FeedSeq from) {
            heard.add("start " + from);
        }

        @Override
        public void onEvent(Event event) {
            heard.add("" + event.seq());
        }

        @Override
        public void onSignal(Signal signal) {
            heard.add("typing " + ((Signal.Typing) signal).by());
        }

        @Override
        public void onReset(FeedSeq last) {
            heard.add("reset " + last);
        }

        List<String> heard() {
            return List.copyOf(heard);
        }
    }

    /** Counts questions, and is out of reach on demand. */
    private final class WatchedStore implements FeedStore {
        private final AtomicInteger headQueries = new AtomicInteger();
        private final List<Integer> usersAQuery = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger reads = new AtomicInteger();
        private volatile FeedStore feeds = storage.feeds();
        private volatile boolean outage;
        private volatile Runnable whileComparing = () -> {};

        @Override
        public FeedPage read(UserId user, FeedSeq after, int limit) {
            failDuringOutage();
            reads.incrementAndGet();
            return feeds.read(user, after, limit);
        }

        @Override
        public Map<UserId, FeedSeq> heads(Collection<UserId> users) {
            headQueries.incrementAndGet();
            usersAQuery.add(users.size());
            failDuringOutage();
            var heads = feeds.heads(users);
            whileComparing.run();
            return heads;
        }

        private void failDuringOutage() {
            if (outage) {
                throw ChatException.unavailable("gone", new IOException());
            }
        }

        void forget() {
            headQueries.set(0);
            usersAQuery.clear();
            reads.set(0);
        }
    }

    /** Carries nothing by itself: a test reaches the listeners through it. */
    private static final class ManualNotifier implements Notifier {
        private final Map<HintListener, UserId> listeners = new ConcurrentHashMap<>();

        @Override
        public void publish(List<Hint> hints) {
            for (var hint : hints) {
                listeners.forEach((listener, user) -> {
                    if (user.equals(hint.user())) {
                        listener.onHint(hint);
                    }
                });
            }
        }

        @Override
        public void signal(Signal signal) {
            listeners.forEach((listener, user) -> {
                if (user.equals(signal.user())) {
                    listener.onSignal(signal);
                }
            });
        }

        void tellEveryoneThatHintsAreLost() {
            listeners.keySet().forEach(HintListener::onHintsLost);
        }

        @Override
        public Subscription subscribe(UserId user, HintListener listener) {
            listeners.put(listener, user);
            return () -> listeners.remove(listener);
        }

        @Override
        public void close() {
            listeners.clear();
        }
    }

    @Test
    void whoFollowsHearsSignalsOfTheirOwnAndOnlyWhileTheyFollow() {
        var heard = new Heard();
        var others = new Heard();
        var feeds = feeds();
        var subscription = feeds.follow(alice, Optional.empty(), heard);
        feeds.follow(bob, Optional.empty(), others);
        run();
        var typing = new Signal.Typing(alice.id(), bob);

        notifier.signal(typing);
        subscription.close();
        notifier.signal(typing);

        assertThat(heard.heard()).containsExactly("start 0", "typing bob");
        assertThat(others.heard()).containsExactly("start 0");
    }

    @Test
    void aFeedIsReadByItsOwner() {
        var event = say(alice);

        assertThat(feeds().read(alice, FeedSeq.ZERO, 10))
                .isEqualTo(new FeedPage(List.of(event), new FeedSeq(1), false));
    }

    @Test
    void whoFollowsGetsWhatTheyMissedAndThenWhatComes() {
        say(alice);
        say(alice);
        var heard = new Heard();

        feeds().follow(alice, Optional.of(new FeedSeq(1)), heard);
        assertThat(heard.heard()).isEmpty();
        run();
        notifier.publish(List.of(Hint.of(alice.id(), say(alice)), Hint.of(bob.id(), say(bob))));

        assertThat(heard.heard()).containsExactly("start 1", "2", "3");
    }

    @Test
    void aFollowerListensBeforeItReads() {
        var heard = new Heard();
        store.whileComparing = () -> {
            store.whileComparing = () -> {};
            notifier.publish(List.of(Hint.of(alice.id(), say(alice))));
        };

        feeds(NEVER, Runnable::run).follow(alice, Optional.empty(), heard);

        assertThat(heard.heard()).containsExactly("start 0", "1");
    }

    @Test
    void followersAreCountedAndGoneOnceClosed() {
        var feeds = feeds();
        var heard = new Heard();
        var one = feeds.follow(alice, Optional.empty(), heard);
        var other = feeds.follow(alice, Optional.empty(), new Heard());
        run();
        assertThat(feeds.followers()).isEqualTo(2);

        one.close();
        one.close();
        notifier.publish(List.of(Hint.of(alice.id(), say(alice))));

        assertThat(feeds.followers()).isEqualTo(1);
        assertThat(notifier.listeners).hasSize(1);
        assertThat(heard.heard()).containsExactly("start 0");
        other.close();
        assertThat(feeds.followers()).isZero();
        assertThat(notifier.listeners).isEmpty();
    }

    @Test
    void closingEndsEverySubscription() {
        var feeds = feeds();
        var heard = new Heard();
        feeds.follow(alice, Optional.empty(), heard);
        feeds.follow(bob, Optional.empty(), new Heard());
        run();

        feeds.close();

        assertThat(feeds.followers()).isZero();
        assertThat(notifier.listeners).isEmpty();
        assertThat(heard.heard()).containsExactly("start 0");
    }

    @Test
    void whoMayHaveMissedHintsIsComparedWithTheStore() {
        var ofAlice = new Heard();
        var ofBob = new Heard();
        var feeds = feeds();
        feeds.follow(alice, Optional.empty(), ofAlice);
        feeds.follow(bob, Optional.empty(), ofBob);
        run();
        say(alice);
        say(alice);
        store.forget();

        notifier.tellEveryoneThatHintsAreLost();
        run();

        assertThat(ofAlice.heard()).containsExactly("start 0", "1", "2");
        assertThat(ofBob.heard()).containsExactly("start 0");
        assertThat(store.reads).as("only who is behind reads").hasValue(1);
    }

    @Test
    void howeverManyMayHaveMissedHintsTheyAreComparedAtOnce() {
        var feeds = feeds();
        for (int i = 0; i < 100; i++) {
            feeds.follow(i % 2 == 0 ? alice : bob, Optional.empty(), new Heard());
        }
        run();
        store.forget();

        notifier.tellEveryoneThatHintsAreLost();
        notifier.tellEveryoneThatHintsAreLost();
        assertThat(tasks).hasSize(1);
        run();

        assertThat(store.headQueries).hasValue(1);
        assertThat(store.usersAQuery).containsExactly(2);
    }

    @Test
    void whoLosesHintsDuringAComparisonIsComparedAgain() {
        var feeds = feeds();
        var heard = new Heard();
        feeds.follow(alice, Optional.empty(), heard);
        run();
        store.whileComparing = () -> {
            store.whileComparing = () -> {};
            say(alice);
            notifier.tellEveryoneThatHintsAreLost();
        };

        notifier.tellEveryoneThatHintsAreLost();
        run();

        assertThat(heard.heard()).containsExactly("start 0", "1");
    }

    @Test
    void whoeverIsAheadOfAStoreThatWasRestoredFromABackupIsReset() {
        var heard = new Heard();
        feeds().follow(alice, Optional.empty(), heard);
        run();
        for (int i = 0; i < 3; i++) {
            notifier.publish(List.of(Hint.of(alice.id(), say(alice))));
        }
        var backup = new InMemoryStorage();
        new Accounts(backup.users(), new Pbkdf2PasswordHasher(1), Clock.systemUTC()).register("alice");
        say(backup, alice);
        store.feeds = backup.feeds();

        notifier.tellEveryoneThatHintsAreLost();
        run();
        notifier.publish(List.of(Hint.of(alice.id(), say(backup, alice))));
        say(backup, alice);
        notifier.tellEveryoneThatHintsAreLost();
        run();

        assertThat(heard.heard()).containsExactly("start 0", "1", "2", "3", "reset 1", "2", "3");
    }

    @Test
    void whatComesDuringAComparisonIsNoReasonForAReset() {
        var heard = new Heard();
        feeds().follow(alice, Optional.empty(), heard);
        run();
        store.whileComparing = () -> notifier.publish(List.of(Hint.of(alice.id(), say(alice))));

        notifier.tellEveryoneThatHintsAreLost();
        run();

        assertThat(heard.heard()).containsExactly("start 0", "1");
    }

    @Test
    void headsAreComparedAThousandUsersAQuery() {
        var feeds = feeds();
        var people = new ArrayList<Person>();
        for (int i = 0; i < 2_100; i++) {
            people.add(accounts.register("user" + i));
        }
        people.forEach(person -> feeds.follow(person, Optional.empty(), new Heard()));
        run();
        store.forget();

        notifier.tellEveryoneThatHintsAreLost();
        run();

        assertThat(store.usersAQuery).containsExactly(1_000, 1_000, 100);
    }

    @Test
    void theHeartbeatCatchesWhatNoHintTold() {
        var ofAlice = new Heard();
        var ofBob = new Heard();
        var feeds = feeds(Duration.ofMillis(20), Runnable::run);
        feeds.follow(alice, Optional.empty(), ofAlice);
        feeds.follow(bob, Optional.empty(), ofBob);

        say(alice);
        await().untilAsserted(() -> assertThat(ofAlice.heard()).containsExactly("start 0", "1"));
        say(alice);
        say(bob);

        await().untilAsserted(() -> assertThat(ofAlice.heard()).containsExactly("start 0", "1", "2"));
        await().untilAsserted(() -> assertThat(ofBob.heard()).containsExactly("start 0", "1"));
    }

    @Test
    void aNodeThatNobodyFollowsAsksNothing() {
        var beats = new AtomicInteger();
        feeds(Duration.ofMillis(5), task -> {
            beats.incrementAndGet();
            task.run();
        });
        var counting = new AtomicInteger();
        scheduler.scheduleWithFixedDelay(counting::incrementAndGet, 5, 5, TimeUnit.MILLISECONDS);

        await().until(() -> counting.get() >= 10);

        assertThat(beats).hasValue(0);
        assertThat(store.headQueries).hasValue(0);
    }

    @Test
    void theHeartbeatGoesOnAfterAnOutageAndCatchesUp() {
        var heard = new Heard();
        var feeds = feeds(Duration.ofMillis(20), Runnable::run);
        feeds.follow(alice, Optional.empty(), heard);
        store.outage = true;
        store.forget();
        say(alice);
        await().until(() -> store.headQueries.get() >= 3);
        assertThat(heard.heard()).containsExactly("start 0");

        store.outage = false;

        await().untilAsserted(() -> assertThat(heard.heard()).containsExactly("start 0", "1"));
    }

    @Test
    void whoFollowsDuringAnOutageStartsAfterIt() {
        var heard = new Heard();
        store.outage = true;
        var feeds = feeds(Duration.ofMillis(20), Runnable::run);
        feeds.follow(alice, Optional.of(FeedSeq.ZERO), heard);
        say(alice);
        assertThat(heard.heard()).isEmpty();

        store.outage = false;

        await().untilAsserted(() -> assertThat(heard.heard()).containsExactly("start 0", "1"));
    }

    @Test
    void whoWasComparedIsNotComparedAgainForTheLossesOfOthers() {
        var feeds = feeds();
        feeds.follow(alice, Optional.empty(), new Heard());
        feeds.follow(bob, Optional.empty(), new Heard());
        run();
        notifier.tellEveryoneThatHintsAreLost();
        run();
        store.forget();

        notifier.listeners.forEach((listener, user) -> {
            if (user.equals(alice.id())) {
                listener.onHintsLost();
            }
        });
        run();

        assertThat(store.usersAQuery).containsExactly(1);
    }

    @Test
    void onceClosedTheHeartIsStill() {
        scheduler.setRemoveOnCancelPolicy(true);
        var feeds = feeds(Duration.ofMillis(5), Runnable::run);
        feeds.follow(alice, Optional.empty(), new Heard());
        await().until(() -> store.headQueries.get() > 3);

        feeds.close();

        await().until(() ->
                scheduler.getActiveCount() == 0 && scheduler.getQueue().isEmpty());
    }

    @Test
    void aPageGoesOnFromItsLastEventOrFromTheCursor() {
        var event = say(alice);

        assertThat(FeedPage.of(List.of(event), FeedSeq.ZERO, true).last()).isEqualTo(new FeedSeq(1));
        assertThat(FeedPage.of(List.of(), new FeedSeq(7), false).last()).isEqualTo(new FeedSeq(7));
    }
}

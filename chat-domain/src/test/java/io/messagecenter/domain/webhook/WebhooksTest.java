package io.messagecenter.domain.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.contract.ForwardingStorage;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.EventType;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.lease.LeaseName;
import io.messagecenter.domain.lease.LeaseState;
import io.messagecenter.domain.lease.LeaseStore;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class WebhooksTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(5);
    private static final int LONG = 10_000;

    /** So many long messages fit into one request. */
    private static final int MOST_LONG_ONES = 27;

    private final InMemoryStorage storage = new InMemoryStorage();
    private final List<MessageCenter> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(MessageCenter::close);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /** Takes batches as it is told to, and remembers them all. */
    private static final class Receiver implements WebhookSender {
        final List<WebhookBatch> seen = new CopyOnWriteArrayList<>();
        final List<WebhookBatch> taken = new CopyOnWriteArrayList<>();
        volatile Function<WebhookBatch, WebhookAnswer> answer = batch -> WebhookAnswer.TAKEN;

        @Override
        public WebhookAnswer send(WebhookBatch batch) {
            seen.add(batch);
            var answered = answer.apply(batch);
            if (answered.taken()) {
                taken.add(batch);
            }
            return answered;
        }

        List<WebhookDelivery> deliveries() {
            return taken.stream().flatMap(batch -> batch.deliveries().stream()).toList();
        }

        /** What came of one user's feed, in the order in which it came. */
        List<Event> of(Person person) {
            return deliveries().stream()
                    .filter(delivery -> delivery.user().equals(person))
                    .map(WebhookDelivery::event)
                    .toList();
        }

        void awaitOf(Person person, int events) {
            await().untilAsserted(() -> assertThat(of(person)).hasSize(events));
        }
    }

    private static Webhook.Builder webhook(WebhookSender sender) {
        return Webhook.builder(new WebhookName("push"), sender)
                .firstRetry(SOON)
                .longestRetry(SOON.multipliedBy(10))
                .sweep(NEVER)
                .lease(Duration.ofSeconds(60));
    }

    private MessageCenter node(Webhook.Builder webhook) {
        return node(MessageCenter.builder().storage(storage), webhook);
    }

    private MessageCenter node(MessageCenter.Builder builder, Webhook.Builder webhook) {
        var node = builder.passwordHasher(new Pbkdf2PasswordHasher(1))
                .webhook(webhook.build())
                .build();
        nodes.add(node);
        return node;
    }

    /** One that delivers already. */
    private MessageCenter delivering(Webhook.Builder webhook) {
        var node = node(webhook);
        awaitDelivering(node);
        return node;
    }

    private static void awaitDelivering(MessageCenter node) {
        await().until(() -> status(node).delivering());
    }

    private static WebhookStatus status(MessageCenter node) {
        return node.webhooks().status().get(0);
    }

    private static Event say(MessageCenter node, Person from, Person to, String text) {
        var sent = node.send(from, to.name().value(), text).join();
        return node.feeds().read(from, FeedSeq.ZERO, 100_000).events().stream()
                .filter(event ->
                        event instanceof MessageSent one && one.message().equals(sent.message()))
                .findFirst()
                .orElseThrow();
    }

    private List<Event> feed(Person person) {
        return storage.feeds().read(person.id(), FeedSeq.ZERO, 100_000).events();
    }

    @Test
    void bothSidesOfAMessageAreToldOfAtOnceAndOnce() {
        var receiver = new Receiver();
        var node = delivering(webhook(receiver));
        var alice = node.accounts().register("alice");
        var bob = node.accounts().register("bob");

        say(node, alice, bob, "hello");
        say(node, alice, bob, "again");

        receiver.awaitOf(alice, 2);
        receiver.awaitOf(bob, 2);
        assertThat(receiver.of(bob)).isEqualTo(feed(bob));
        assertThat(receiver.of(alice)).isEqualTo(feed(alice));
        await().untilAsserted(() -> assertThat(
                        storage.webhooks().behind(new WebhookName("push"), List.of(alice.id(), bob.id())))
                .isEmpty());
        assertThat(receiver.deliveries()).hasSize(4);
    }

    @Test
    void aNewWebhookIsToldOfWhatHappensFromNowOn() {
        var before = MessageCenter.builder().storage(storage).build();
        nodes.add(before);
        var alice = before.accounts().register("alice");
        say(before, alice, alice, "long ago");
        var receiver = new Receiver();
        var node = delivering(webhook(receiver));

        var now = say(node, alice, alice, "now");

        receiver.awaitOf(alice, 1);
        assertThat(receiver.of(alice)).containsExactly(now);
    }

    @Test
    void onlyTheEventsThatAreWantedAreHandedOverAndAllOthersArePassedBy() {
        var receiver = new Receiver();
        var node = delivering(webhook(receiver).events(Set.of(EventType.USER_BLOCKED)));
        var alice = node.accounts().register("alice");
        var bob = node.accounts().register("bob");
        for (int i = 0; i < 700; i++) {
            say(node, alice, bob, "of no interest");
        }

        node.blocks().block(alice, "bob");

        receiver.awaitOf(alice, 1);
        assertThat(receiver.deliveries()).hasSize(1);
        assertThat(receiver.deliveries().get(0).event()).isEqualTo(feed(alice).get(700));
        await().untilAsserted(() -> assertThat(
                        storage.webhooks().behind(new WebhookName("push"), List.of(alice.id(), bob.id())))
                .isEmpty());
    }

    @Test
    void everyTypeOfEventHasANameAndIsWantedByIt() {
        assertThat(EventType.values()).hasSameSizeAs(Event.class.getPermittedSubclasses());
        for (var type : EventType.values()) {
            assertThat(EventType.of(type.toString())).contains(type);
        }
        assertThat(EventType.of("message.send")).isEmpty();
    }

    @Test
    void aBatchIsNoLongerThanItMayBeAndALongFeedKeepsOthersFromNothing() {
        var receiver = new Receiver();
        var open = new CountDownLatch(1);
        receiver.answer = batch -> {
            awaitOpen(open);
            return WebhookAnswer.TAKEN;
        };
        var node = delivering(webhook(receiver).batch(10));
        var busy = node.accounts().register("busy");
        var quiet = node.accounts().register("quiet");
        for (int i = 0; i < 95; i++) {
            say(node, busy, busy, "note " + i);
        }
        say(node, quiet, quiet, "just one");
        open.countDown();

        receiver.awaitOf(busy, 95);
        receiver.awaitOf(quiet, 1);
        assertThat(receiver.of(busy)).isEqualTo(feed(busy));
        assertThat(receiver.taken)
                .allSatisfy(batch -> assertThat(batch.deliveries()).hasSizeBetween(1, 10));
        var quietCame = IntStream.range(0, receiver.taken.size())
                .filter(i -> receiver.taken.get(i).deliveries().stream()
                        .anyMatch(delivery -> delivery.user().equals(quiet)))
                .findFirst();
        assertThat(quietCame.orElseThrow()).isLessThan(receiver.taken.size() - 1);
    }

    @Test
    void aBatchOfLongMessagesIsShorter() {
        var receiver = new Receiver();
        var open = new CountDownLatch(1);
        receiver.answer = batch -> {
            awaitOpen(open);
            return WebhookAnswer.TAKEN;
        };
        var node = delivering(webhook(receiver).batch(1_000));
        var alice = node.accounts().register("alice");
        for (int i = 0; i < 60; i++) {
            say(node, alice, alice, "x".repeat(10_000));
        }
        open.countDown();

        receiver.awaitOf(alice, 60);
        assertThat(receiver.taken)
                .allSatisfy(batch -> assertThat(batch.deliveries()).hasSizeLessThanOrEqualTo(27));
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatWasNotTakenComesAgainUnderTheSameIdUntilItIs() {
        var receiver = new Receiver();
        var failures = new AtomicInteger(5);
        receiver.answer = batch -> {
            if (failures.get() == 3) {
                failures.decrementAndGet();
                throw new IllegalStateException("out of order");
            }
            return failures.getAndDecrement() > 0 ? WebhookAnswer.again("busy") : WebhookAnswer.TAKEN;
        };
        var telemetry = new Counts();
        var node = node(MessageCenter.builder().storage(storage).telemetry(telemetry), webhook(receiver));
        awaitDelivering(node);
        var alice = node.accounts().register("alice");

        var event = say(node, alice, alice, "hello");

        receiver.awaitOf(alice, 1);
        assertThat(receiver.seen).hasSize(6);
        assertThat(receiver.seen.stream().map(WebhookBatch::id).distinct()).hasSize(1);
        assertThat(receiver.of(alice)).containsExactly(event);
        await().until(() -> telemetry.delivered.get() == 1);
        assertThat(telemetry.failed).hasValue(5);
    }

    @Test
    void otherEventsHaveAnotherId() {
        var receiver = new Receiver();
        var node = delivering(webhook(receiver));
        var alice = node.accounts().register("alice");
        for (int i = 1; i <= 3; i++) {
            say(node, alice, alice, "hello");
            receiver.awaitOf(alice, i);
        }

        assertThat(receiver.taken.stream().map(WebhookBatch::id)).doesNotHaveDuplicates();
    }

    @Test
    void whatWasUnsentMeanwhileIsNotHandedOver() {
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        var node = delivering(webhook(receiver));
        var alice = node.accounts().register("alice");
        var sent = node.send(alice, "alice", "regretted").join().message();
        await().until(() -> receiver.seen.size() > 1);

        node.changeMessage().unsend(alice, sent.id()).join();
        receiver.answer = batch -> WebhookAnswer.TAKEN;

        receiver.awaitOf(alice, 1);
        assertThat(((MessageSent) receiver.of(alice).get(0)).message().text()).isEmpty();
    }

    @Test
    void whoWasErasedMeanwhileIsForgottenAndOthersAreNot() {
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        var node = delivering(webhook(receiver));
        var alice = node.accounts().register("alice");
        var bob = node.accounts().register("bob");
        say(node, alice, alice, "mine");
        await().until(() -> receiver.seen.size() > 1);
        assertThat(storage.accounts().erase(alice.id(), Instant.now())).isTrue();

        receiver.answer = batch -> WebhookAnswer.TAKEN;
        var event = say(node, bob, bob, "goes on");

        receiver.awaitOf(bob, 1);
        assertThat(receiver.of(bob)).containsExactly(event);
        assertThat(receiver.of(alice)).isEmpty();
    }

    @Test
    void theReceiverIsAskedAgainWhenItWantsToBeWithinBounds() {
        var times = new CopyOnWriteArrayList<Long>();
        var node = delivering(webhook(batch -> {
                    times.add(System.nanoTime());
                    return times.size() == 1
                            ? WebhookAnswer.again("later", Duration.ofDays(1))
                            : WebhookAnswer.again("at once", Duration.ZERO);
                })
                .firstRetry(Duration.ofMillis(100))
                .longestRetry(Duration.ofMillis(300)));
        var alice = node.accounts().register("alice");
        say(node, alice, alice, "hello");

        await().until(() -> times.size() > 3);
        assertThat(times.get(1) - times.get(0)).isBetween(300_000_000L, 60_000_000_000L);
        assertThat(times.get(2) - times.get(1)).isGreaterThanOrEqualTo(100_000_000);
        assertThat(times.get(3) - times.get(2)).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void aReceiverThatIsAwayIsToldOfAndWhatWaitsForItIsCounted() {
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        var node = delivering(webhook(receiver).sweep(SOON).longestRetry(Duration.ofMillis(200)));
        var alice = node.accounts().register("alice");
        for (int i = 0; i < 8; i++) {
            say(node, alice, alice, "note");
        }

        await().until(() -> status(node).behind() == 8);
        await().until(() -> status(node).failing().compareTo(Duration.ofMillis(50)) > 0);
        receiver.answer = batch -> WebhookAnswer.TAKEN;
        receiver.awaitOf(alice, 8);
        await().untilAsserted(() ->
                assertThat(status(node)).isEqualTo(new WebhookStatus(new WebhookName("push"), true, 0, Duration.ZERO)));
    }

    @Test
    void whatAnotherNodeHasStoredIsFound() {
        var receiver = new Receiver();
        var node = delivering(webhook(receiver).sweep(SOON));
        var other = MessageCenter.builder().storage(storage).build();
        nodes.add(other);
        var alice = other.accounts().register("alice");

        var event = say(other, alice, alice, "from elsewhere");

        receiver.awaitOf(alice, 1);
        assertThat(receiver.of(alice)).containsExactly(event);
        assertThat(status(node).delivering()).isTrue();
    }

    @Test
    void moreFeedsThanAreRememberedAreFoundAllTheSame() {
        var receiver = new Receiver();
        var open = new CountDownLatch(1);
        receiver.answer = batch -> {
            awaitOpen(open);
            return WebhookAnswer.TAKEN;
        };
        var node = delivering(webhook(receiver).batch(1_000));
        var first = node.accounts().register("first");
        say(node, first, first, "keeps it busy");
        await().until(() -> !receiver.seen.isEmpty());
        var many = IntStream.range(0, Moved.MOST + 500)
                .mapToObj(i -> node.accounts().register("p" + i))
                .toList();
        many.forEach(person -> node.send(person, person.name().value(), "note").join());
        open.countDown();

        await().until(() -> receiver.deliveries().size() == many.size() + 1);
        assertThat(receiver.deliveries().stream().map(WebhookDelivery::user)).doesNotHaveDuplicates();
    }

    @Test
    void whatWasNotTakenBeforeAStopIsHandedOverAfterIt() {
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        var node = delivering(webhook(receiver));
        var alice = node.accounts().register("alice");
        say(node, alice, alice, "one");
        say(node, alice, alice, "two");
        await().until(() -> !receiver.seen.isEmpty());
        node.close();

        receiver.answer = batch -> WebhookAnswer.TAKEN;
        delivering(webhook(receiver));

        receiver.awaitOf(alice, 2);
        assertThat(receiver.of(alice)).isEqualTo(feed(alice));
    }

    @Test
    void oneNodeDeliversAtATimeAndOneThatStopsLetsAnotherGoOnAtOnce() {
        var receiver = new Receiver();
        var one = delivering(webhook(receiver).sweep(SOON).lease(Duration.ofSeconds(3)));
        var other = node(webhook(receiver).sweep(SOON).lease(Duration.ofSeconds(3)));
        var alice = one.accounts().register("alice");
        for (int i = 0; i < 20; i++) {
            say(i % 2 == 0 ? one : other, alice, alice, "note " + i);
            assertThat(status(other).delivering()).isFalse();
        }
        receiver.awaitOf(alice, 20);

        one.close();
        awaitDelivering(other);
        say(other, alice, alice, "the last");

        receiver.awaitOf(alice, 21);
        assertThat(receiver.of(alice)).isEqualTo(feed(alice));
    }

    @Test
    void aNodeThatHangsIsReplacedAndItsLateWordMovesNothing() {
        var stuck = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        var cut = new AtomicBoolean();
        var hanging = new Receiver();
        hanging.answer = batch -> {
            reached.countDown();
            awaitOpen(stuck);
            return WebhookAnswer.TAKEN;
        };
        var lease = Duration.ofMillis(1_500);
        var one = node(
                MessageCenter.builder().storage(new CutOff(storage, cut)),
                webhook(hanging).lease(lease).sweep(SOON));
        awaitDelivering(one);
        var receiver = new Receiver();
        var other = node(webhook(receiver).lease(lease).sweep(SOON));
        var alice = other.accounts().register("alice");
        say(other, alice, alice, "one");
        awaitOpen(reached);

        cut.set(true); // it renews nothing any more
        awaitDelivering(other);
        say(other, alice, alice, "two");
        receiver.awaitOf(alice, 2);
        cut.set(false);
        stuck.countDown();

        await().until(() -> !status(one).delivering());
        say(other, alice, alice, "three");
        receiver.awaitOf(alice, 3);
        assertThat(receiver.of(alice)).isEqualTo(feed(alice));
        assertThat(hanging.deliveries()).hasSize(1);
    }

    /** A storage whose leases and places in feeds are out of reach while it is cut off. */
    private static final class CutOff extends ForwardingStorage {
        private final Storage storage;
        private final AtomicBoolean cut;

        CutOff(Storage storage, AtomicBoolean cut) {
            super(storage);
            this.storage = storage;
            this.cut = cut;
        }

        private void require() {
            if (cut.get()) {
                throw ChatException.unavailable("Cut off.", new IllegalStateException());
            }
        }

        @Override
        public LeaseStore leases() {
            var leases = storage.leases();
            return new LeaseStore() {
                @Override
                public LeaseState take(LeaseName name, LeaseHolder holder, Optional<LeaseState> stale) {
                    require();
                    return leases.take(name, holder, stale);
                }

                @Override
                public void release(LeaseName name, LeaseHolder holder) {
                    require();
                    leases.release(name, holder);
                }
            };
        }

        @Override
        public WebhookStore webhooks() {
            return new Watched(storage.webhooks(), this::require);
        }
    }

    /** A store that may be out of reach. */
    private record Watched(WebhookStore store, Runnable before) implements WebhookStore {
        @Override
        public void begin(WebhookName webhook) {
            before.run();
            store.begin(webhook);
        }

        @Override
        public List<Behind> behind(WebhookName webhook, Collection<UserId> users) {
            before.run();
            return store.behind(webhook, users);
        }

        @Override
        public Found behind(WebhookName webhook, Optional<UserId> after, int users) {
            before.run();
            return store.behind(webhook, after, users);
        }

        @Override
        public boolean advance(WebhookName webhook, LeaseHolder holder, Map<UserId, FeedSeq> places) {
            before.run();
            return store.advance(webhook, holder, places);
        }
    }

    @Test
    void whatIsNoLongerKeptWhenItsTurnComesIsPassedOverAndToldOf() {
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        var telemetry = new Counts();
        var node = node(
                MessageCenter.builder().storage(storage).telemetry(telemetry),
                webhook(receiver).sweep(SOON));
        awaitDelivering(node);
        var alice = node.accounts().register("alice");
        for (int i = 0; i < 6; i++) {
            node.send(alice, "alice", "note " + i).join();
        }
        await().until(() -> !receiver.seen.isEmpty()); // it has been tried, and is to be tried again

        var kept = feed(alice).subList(3, 6);
        assertThat(storage.retention().prune(alice.id(), Instant.now().plusSeconds(60), 3))
                .isEqualTo(3);
        receiver.answer = batch -> WebhookAnswer.TAKEN;

        receiver.awaitOf(alice, 3);
        assertThat(receiver.of(alice)).isEqualTo(kept);
        assertThat(telemetry.missed).hasValue(3);
    }

    @Test
    void aFeedOfWhichNothingIsLeftKeepsNobodyWaiting() {
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        var node = delivering(webhook(receiver).sweep(SOON));
        var alice = node.accounts().register("alice");
        var bob = node.accounts().register("bob");
        node.send(alice, "alice", "gone").join();
        await().until(() -> !receiver.seen.isEmpty());
        assertThat(storage.retention().prune(alice.id(), Instant.now().plusSeconds(60), 10))
                .isEqualTo(1);
        receiver.answer = batch -> WebhookAnswer.TAKEN;

        var event = say(node, bob, bob, "goes on");

        receiver.awaitOf(bob, 1);
        assertThat(receiver.deliveries()).extracting(WebhookDelivery::event).containsExactly(event);
        await().untilAsserted(() -> assertThat(storage.webhooks().behind(new WebhookName("push"), List.of(alice.id())))
                .isEmpty());
    }

    /** A node that tells nobody, while the webhook has begun and nobody delivers for it. */
    private MessageCenter elsewhere() {
        delivering(webhook(new Receiver())).close();
        var node = MessageCenter.builder().storage(storage).build();
        nodes.add(node);
        return node;
    }

    private static List<Message> sayMuch(MessageCenter node, Person from, Person to, int messages) {
        return IntStream.range(0, messages)
                .mapToObj(i ->
                        node.send(from, to.name().value(), "note " + i).join().message())
                .toList();
    }

    private static void makeLong(MessageCenter node, Person sender, List<Message> messages) {
        var body = new MessageBody("x".repeat(LONG));
        messages.forEach(
                message -> node.changeMessage().edit(sender, message.id(), body).join());
    }

    private List<Event> sent(Person person) {
        return feed(person).stream().filter(MessageSent.class::isInstance).toList();
    }

    private static List<String> places(List<WebhookDelivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> delivery.user().name() + " " + delivery.event().seq())
                .toList();
    }

    @Test
    void whatEditsHaveMadeTooLongForOneRequestComesInSeveralAndNothingComesBefore() {
        var elsewhere = elsewhere();
        var alice = elsewhere.accounts().register("alice");
        var bob = elsewhere.accounts().register("bob");
        var messages = sayMuch(elsewhere, alice, bob, 60);
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        delivering(webhook(receiver));
        await().until(() -> !receiver.seen.isEmpty());
        var refused = receiver.seen.get(0);
        assertThat(refused.deliveries()).hasSize(100); // all of alice's, and a part of bob's

        makeLong(elsewhere, alice, messages.subList(0, 14));
        await().until(() -> last(receiver).deliveries().size() == 60 + MOST_LONG_ONES - 14);
        makeLong(elsewhere, alice, messages.subList(14, 60));
        await().until(() -> last(receiver).deliveries().size() == MOST_LONG_ONES);
        var tried = ConcurrentHashMap.<String>newKeySet();
        receiver.answer = batch -> batch.deliveries().size() > MOST_LONG_ONES || tried.add(batch.id())
                ? WebhookAnswer.again("too long, or for the first time")
                : WebhookAnswer.TAKEN;

        receiver.awaitOf(alice, 60);
        receiver.awaitOf(bob, 60);
        assertThat(receiver.of(alice)).isEqualTo(sent(alice));
        assertThat(receiver.of(bob)).isEqualTo(sent(bob));
        assertThat(places(receiver.deliveries()).subList(0, 100)).isEqualTo(places(refused.deliveries()));
        assertThat(receiver.taken.stream().map(WebhookBatch::id))
                .as("what comes again comes under the same id")
                .containsExactlyInAnyOrderElementsOf(tried);
        await().untilAsserted(() -> assertThat(
                        storage.webhooks().behind(new WebhookName("push"), List.of(alice.id(), bob.id())))
                .isEmpty());
    }

    @Test
    void whoIsErasedWhileTheirMessagesAreTooLongForOneRequestKeepsNobodyWaiting() {
        var elsewhere = elsewhere();
        var alice = elsewhere.accounts().register("alice");
        var bob = elsewhere.accounts().register("bob");
        var notes = sayMuch(elsewhere, alice, alice, 40);
        sayMuch(elsewhere, bob, bob, 5);
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        delivering(webhook(receiver));
        await().until(() -> !receiver.seen.isEmpty());
        makeLong(elsewhere, alice, notes);
        await().until(() -> last(receiver).deliveries().size() == MOST_LONG_ONES);

        assertThat(storage.accounts().erase(alice.id(), Instant.now())).isTrue();
        await().until(() -> last(receiver).deliveries().size() == 5);
        receiver.answer = batch -> WebhookAnswer.TAKEN;

        receiver.awaitOf(bob, 5);
        assertThat(receiver.of(bob)).isEqualTo(feed(bob));
        assertThat(receiver.of(alice)).isEmpty();
    }

    private static WebhookBatch last(Receiver receiver) {
        return receiver.seen.get(receiver.seen.size() - 1);
    }

    @Test
    void whatIsStillKeptOfAPartThatCannotBeReadAgainComesBeforeTheNext() {
        var elsewhere = elsewhere();
        var alice = elsewhere.accounts().register("alice");
        sayMuch(elsewhere, alice, alice, 9);
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        var telemetry = new Counts();
        node(
                MessageCenter.builder().storage(storage).telemetry(telemetry),
                webhook(receiver).batch(5).sweep(SOON));
        await().until(() -> !receiver.seen.isEmpty()); // five of them, and four are to come

        var kept = feed(alice).subList(3, 9);
        assertThat(storage.retention().prune(alice.id(), Instant.now().plusSeconds(60), 3))
                .isEqualTo(3);
        receiver.answer = batch -> WebhookAnswer.TAKEN;

        receiver.awaitOf(alice, 6);
        assertThat(receiver.of(alice)).isEqualTo(kept);
        assertThat(telemetry.missed).hasValue(3);
    }

    @Test
    void whatIsStillKeptOfWhatCameInSeveralRequestsComesInItsOrder() {
        var elsewhere = elsewhere();
        var alice = elsewhere.accounts().register("alice");
        var notes = sayMuch(elsewhere, alice, alice, 40);
        var receiver = new Receiver();
        receiver.answer = batch -> WebhookAnswer.again("away");
        var telemetry = new Counts();
        node(
                MessageCenter.builder().storage(storage).telemetry(telemetry),
                webhook(receiver).sweep(SOON));
        await().until(() -> !receiver.seen.isEmpty());
        makeLong(elsewhere, alice, notes);
        await().until(() -> last(receiver).deliveries().size() == MOST_LONG_ONES);

        var kept = sent(alice).subList(3, 40);
        assertThat(storage.retention().prune(alice.id(), Instant.now().plusSeconds(60), 3))
                .isEqualTo(3);
        receiver.answer = batch -> WebhookAnswer.TAKEN;

        receiver.awaitOf(alice, 37);
        assertThat(receiver.of(alice)).isEqualTo(kept);
        assertThat(telemetry.missed).hasValue(3);
    }

    @Test
    void aStoreThatIsAwayForAWhileLosesNothing() {
        var receiver = new Receiver();
        var cut = new AtomicBoolean();
        var node = node(MessageCenter.builder().storage(new CutOff(storage, cut)), webhook(receiver));
        awaitDelivering(node);
        var alice = node.accounts().register("alice");
        cut.set(true);
        for (int i = 0; i < 5; i++) {
            say(node, alice, alice, "note " + i);
        }
        await().until(() -> !status(node).delivering());

        cut.set(false);

        receiver.awaitOf(alice, 5);
        assertThat(receiver.of(alice)).isEqualTo(feed(alice));
    }

    @Test
    void aFeedThatCannotBeReadKeepsOthersFromNothing() {
        var receiver = new Receiver();
        var broken = new ConcurrentHashMap<UserId, Boolean>();
        var node = node(
                MessageCenter.builder().storage(new BrokenFeeds(storage, broken)),
                webhook(receiver).sweep(SOON));
        awaitDelivering(node);
        var alice = node.accounts().register("alice");
        var bob = node.accounts().register("bob");
        broken.put(alice.id(), true);
        node.send(alice, "alice", "stuck").join();
        node.send(bob, "bob", "goes on").join();

        receiver.awaitOf(bob, 1);
        assertThat(receiver.of(alice)).isEmpty();
        broken.clear();
        receiver.awaitOf(alice, 1);
    }

    private static final class BrokenFeeds extends ForwardingStorage {
        private final Storage storage;
        private final Map<UserId, Boolean> broken;

        BrokenFeeds(Storage storage, Map<UserId, Boolean> broken) {
            super(storage);
            this.storage = storage;
            this.broken = broken;
        }

        @Override
        public FeedStore feeds() {
            var feeds = storage.feeds();
            return new FeedStore() {
                @Override
                public FeedPage read(UserId user, FeedSeq after, int limit) {
                    if (broken.containsKey(user)) {
                        throw new IllegalStateException("It lacks an entry");
                    }
                    return feeds.read(user, after, limit);
                }

                @Override
                public Map<UserId, FeedSeq> heads(Collection<UserId> users) {
                    return feeds.heads(users);
                }
            };
        }
    }

    @Test
    void aStopDoesNotWaitForAReceiverThatHangs() {
        var reached = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var node = delivering(webhook(batch -> {
            reached.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return WebhookAnswer.TAKEN;
        }));
        var alice = node.accounts().register("alice");
        say(node, alice, alice, "hello");
        awaitOpen(reached);
        long start = System.nanoTime();

        node.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(interrupted.getCount()).isZero();
        delivering(webhook(new Receiver())); // the lease was given back
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverFailsEverythingComesAndFirstInItsOrder(long seed) {
        var random = new Random(seed);
        var receiver = new Receiver();
        receiver.answer = batch -> {
            synchronized (random) {
                int dice = random.nextInt(10);
                if (dice < 2) {
                    throw new IllegalStateException("refused");
                }
                if (dice < 5) {
                    receiver.taken.add(batch); // it has it, and its answer is lost
                    return WebhookAnswer.again("lost");
                }
                return WebhookAnswer.TAKEN;
            }
        };
        var types = EnumSet.allOf(EventType.class);
        var cut = new AtomicBoolean();
        var settings = webhook(receiver)
                .events(types)
                .batch(1 + random.nextInt(20))
                .firstRetry(Duration.ofMillis(1))
                .longestRetry(Duration.ofMillis(3))
                .sweep(SOON)
                .lease(Duration.ofMillis(150));
        var one = node(MessageCenter.builder().storage(new CutOff(storage, cut)), settings);
        awaitDelivering(one);
        var other = node(settings);
        var people = IntStream.range(0, 6)
                .mapToObj(i -> other.accounts().register("p" + i))
                .toList();
        for (int i = 0; i < 400; i++) {
            var node = i % 3 == 0 ? one : other;
            var from = people.get(pick(random));
            var to = people.get(pick(random));
            node.send(from, to.name().value(), "m" + i).join();
            if (i % 40 == 20) {
                cut.set(!cut.get());
            }
        }
        cut.set(false);

        for (var person : people) {
            await().untilAsserted(() ->
                    assertThat(receiver.of(person).stream().distinct()).hasSameSizeAs(feed(person)));
            assertThat(receiver.of(person).stream().distinct())
                    .isEqualTo(feed(person))
                    .isNotEmpty();
        }
    }

    private static int pick(Random random) {
        synchronized (random) {
            return random.nextInt(6);
        }
    }

    @Test
    void twoWebhooksOfOneNameAreRefused() {
        var builder = MessageCenter.builder().webhook(webhook(new Receiver()).build());

        assertThatThrownBy(() -> builder.webhook(webhook(new Receiver()).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("push");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Push", "a b", "a:b", "ä", "0123456789012345678901234567890123456789012345678"})
    void aNameIsOneOfALeaseToo(String name) {
        assertThatThrownBy(() -> new WebhookName(name)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new WebhookName("a-b_9").lease().value()).isEqualTo("webhook:a-b_9");
    }

    private static final class Counts implements Telemetry {
        final AtomicInteger delivered = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final AtomicInteger missed = new AtomicInteger();

        @Override
        public void webhookDelivered(String webhook, int events) {
            delivered.addAndGet(events);
        }

        @Override
        public void webhookFailed(String webhook) {
            failed.incrementAndGet();
        }

        @Override
        public void webhookMissed(String webhook, long events) {
            missed.addAndGet((int) events);
        }
    }
}

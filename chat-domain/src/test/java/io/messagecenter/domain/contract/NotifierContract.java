package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a {@link Notifier} promises while nothing fails. It may repeat hints and may take its time to subscribe, so tests
 * look at what was heard first, and begin once a subscription has taken hold.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class NotifierContract {
    /** Where tests knock to find out whether a subscription has taken hold; no test publishes it otherwise. */
    private static final FeedSeq PROBE = new FeedSeq(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Notifier> opened = new ArrayList<>();

    /** A node that does nothing but knock. */
    private Optional<Notifier> prober = Optional.empty();

    /** Opens another node of the same system, ready for use. The kit closes it. */
    protected abstract Notifier openNotifier();

    private Notifier node() {
        var node = openNotifier();
        opened.add(node);
        return node;
    }

    @AfterEach
    final void closeNotifiers() {
        opened.forEach(Notifier::close);
        opened.clear();
    }

    @Test
    void aNodeHearsItsOwnHints() {
        var node = node();
        var alice = freshUser();
        var listener = listen(node, alice);
        var hint = hint(alice, 2);

        node.publish(List.of(hint));

        listener.awaitExactly(hint);
    }

    @Test
    void aNodeHearsTheHintsOfAnother() {
        var alice = freshUser();
        var publisher = node();
        var listener = listen(node(), alice);
        var hint = hint(alice, 2);

        publisher.publish(List.of(hint));

        listener.awaitExactly(hint);
    }

    @Test
    void everyNodeWithAListenerHears() {
        var alice = freshUser();
        var nodes = List.of(node(), node(), node());
        var listeners = nodes.stream().map(node -> listen(node, alice)).toList();
        var hints = new ArrayList<Hint>();

        for (int i = 0; i < 3; i++) {
            var hint = hint(alice, 2 + i);
            hints.add(hint);
            nodes.get(i).publish(List.of(hint));
            listeners.forEach(listener -> listener.awaitExactly(hints));
        }
    }

    @Test
    void allListenersOfOneUserHear() {
        var node = node();
        var alice = freshUser();
        var listeners = List.of(listen(node, alice), listen(node, alice), listen(node(), alice));
        var hint = hint(alice, 2);

        node.publish(List.of(hint));

        listeners.forEach(listener -> listener.awaitExactly(hint));
    }

    @Test
    void oneListenerMayListenTwiceAndEndOneOfTheTwo() {
        var node = node();
        var alice = freshUser();
        var listener = new Listener();
        var first = node.subscribe(alice, listener);
        node.subscribe(alice, listener);
        awaitHold(node, alice, listener);
        var hint = hint(alice, 2);

        first.close();
        node.publish(List.of(hint));

        listener.awaitExactly(hint);
    }

    @Test
    void hintsForOthersNeverArrive() {
        var alice = freshUser();
        var bob = freshUser();
        var publisher = node();
        var listening = node();
        var ofAlice = listen(listening, alice);
        var ofBob = listen(listening, bob);
        var own = listen(publisher, alice);
        var forAlice = hint(alice, 2);
        var forBob = hint(bob, 2);

        publisher.publish(List.of(hint(freshUser(), 2), forBob, forAlice, hint(freshUser(), 3)));

        ofAlice.awaitExactly(forAlice);
        ofBob.awaitExactly(forBob);
        own.awaitExactly(forAlice);
    }

    @Test
    void hintsOfOneCallKeepTheirOrder() {
        var alice = freshUser();
        var bob = freshUser();
        var publisher = node();
        var remoteNode = node();
        var local = listen(publisher, alice);
        var remote = listen(remoteNode, alice);
        var remoteBob = listen(remoteNode, bob);
        var hints = new ArrayList<Hint>();
        for (int i = 2; i < 500; i++) {
            hints.add(i % 3 == 0 ? Hint.of(alice, new FeedSeq(i)) : hint(alice, i));
            hints.add(hint(bob, i));
        }

        publisher.publish(hints);

        local.awaitExactly(hints.stream().filter(of(alice)).toList());
        remote.awaitExactly(hints.stream().filter(of(alice)).toList());
        remoteBob.awaitExactly(hints.stream().filter(of(bob)).toList());
    }

    @Test
    void callsThatFollowEachOtherAllArrive() {
        var alice = freshUser();
        var publisher = node();
        var listener = listen(node(), alice);
        var hints = LongStream.range(2, 200).mapToObj(seq -> hint(alice, seq)).toList();

        hints.forEach(hint -> publisher.publish(List.of(hint)));

        soon().untilAsserted(() -> assertThat(listener.heard()).containsExactlyInAnyOrderElementsOf(hints));
    }

    static List<String> texts() {
        return List.of(
                "plain",
                "😀👩‍👩‍👧‍👦 𠀀",
                "שלום ‏ مرحبا",
                "one\ntwo\r\nthree\tfour\u2028five",
                "\"quoted\" \\ \\n \\u0041 {\"v\":1} it's </script> 100%",
                "e\u0301 \u00e9 \u200b\ufeff",
                "😀".repeat(10_000));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void eventsSurviveTheTripExactly(String text) {
        var alice = new Person(freshUser(), new Username("Alice.Ä+_@-" + 1));
        var bob = new Person(freshUser(), new Username("BOB𠀀漢"));
        var publisher = node();
        var local = listen(publisher, alice.id());
        var remote = listen(node(), alice.id());
        var sent = Instant.parse("2026-11-22T07:45:26.450886Z");
        var withKey = new Message(
                new MessageId(JsonNumber.MAX),
                alice,
                bob,
                new MessageBody(text),
                sent,
                new MessageSeq(JsonNumber.MAX),
                Optional.of(new ClientKey("!\"#$%&'()*+,-./\\<=>?@[]^_`{|}~")));
        var withoutKey = new Message(
                new MessageId(1),
                bob,
                alice,
                new MessageBody(text),
                Instant.parse("2026-01-01T00:00:00Z"),
                new MessageSeq(7),
                Optional.empty());
        var hints = List.of(
                Hint.of(alice.id(), new MessageSent(new FeedSeq(2), withKey)),
                Hint.of(alice.id(), new MessageSent(new FeedSeq(JsonNumber.MAX), withoutKey)));

        publisher.publish(hints);

        for (var listener : List.of(local, remote)) {
            listener.awaitExactly(hints);
            StorageContractBase.assertSame(List.copyOf(listener.heard()), hints);
        }
    }

    @Test
    void aHintMayComeWithoutItsEvent() {
        var alice = freshUser();
        var publisher = node();
        var listener = listen(node(), alice);
        var hint = Hint.of(alice, new FeedSeq(JsonNumber.MAX));

        publisher.publish(List.of(hint));

        listener.awaitExactly(hint);
    }

    @Test
    void theLongestMessageIsAtLeastAnnounced() {
        var alice = freshUser();
        var publisher = node();
        var listener = listen(node(), alice);
        var message = message(alice, "漢".repeat(MessageBody.MAX_CODE_POINTS));
        var next = hint(alice, 3);

        publisher.publish(List.of(Hint.of(alice, new MessageSent(new FeedSeq(2), message)), next));

        soon().untilAsserted(() -> assertThat(listener.heard())
                .extracting(hint -> hint.seq().value())
                .containsExactly(2L, 3L));
    }

    @Test
    void aClosedSubscriptionHearsNothingMore() {
        var alice = freshUser();
        var publisher = node();
        var listening = node();
        var closed = new Listener();
        var subscription = listening.subscribe(alice, closed);
        awaitHold(publisher, alice, closed);
        var other = listen(listening, alice);
        var ofPublisher = listen(publisher, alice);
        var before = hint(alice, 2);
        var after = hint(alice, 3);
        publisher.publish(List.of(before));
        closed.awaitExactly(before);

        subscription.close();
        publisher.publish(List.of(after));

        other.awaitExactly(before, after);
        ofPublisher.awaitExactly(before, after);
        closed.awaitExactly(before);
    }

    @Test
    void aSubscriptionMayBeClosedTwice() {
        var node = node();
        var alice = freshUser();
        var subscription = node.subscribe(alice, new Listener());
        var other = listen(node, alice);
        var hint = hint(alice, 2);

        subscription.close();
        subscription.close();
        node.publish(List.of(hint));

        other.awaitExactly(hint);
    }

    @Test
    void whoSubscribesAgainAfterTheLastSubscriptionEndedHearsAgain() {
        var alice = freshUser();
        var publisher = node();
        var listening = node();

        for (int i = 0; i < 10; i++) {
            var listener = new Listener();
            var subscription = listening.subscribe(alice, listener);
            awaitHold(publisher, alice, listener);
            var hint = hint(alice, 2 + i);
            publisher.publish(List.of(hint));
            listener.awaitExactly(hint);
            subscription.close();
        }
    }

    @Test
    void whoSubscribesAgainAtOnceHearsOrIsToldThatHintsMayBeLost() {
        var alice = freshUser();
        var publisher = node();
        var listening = node();

        for (int i = 0; i < 50; i++) {
            var listener = new Listener();
            var subscription = listening.subscribe(alice, listener);
            var hint = hint(alice, 2 + i);
            publisher.publish(List.of(hint));
            listener.awaitHeardOrLost(hint);
            subscription.close();
        }
    }

    @Test
    void aSubscriptionThatTakesHoldLateIsToldThatHintsMayBeLost() {
        var publisher = node();
        var listening = node();

        for (int i = 0; i < 50; i++) {
            var user = freshUser();
            var listener = new Listener();
            listening.subscribe(user, listener);
            var hint = hint(user, 2);
            publisher.publish(List.of(hint));
            listener.awaitHeardOrLost(hint);
        }
    }

    @Test
    void aListenerThatThrowsHarmsNoOther() {
        var alice = freshUser();
        var publisher = node();
        var remote = node();
        var hints = List.of(hint(alice, 2), hint(alice, 3), hint(alice, 4));
        var angry = new AtomicInteger();
        for (var node : List.of(publisher, remote)) {
            node.subscribe(alice, new HintListener() {
                @Override
                public void onHint(Hint hint) {
                    angry.incrementAndGet();
                    throw new IllegalStateException("A listener that throws");
                }

                @Override
                public void onHintsLost() {
                    throw new IllegalStateException("A listener that throws");
                }
            });
        }
        var listeners = List.of(listen(publisher, alice), listen(remote, alice));

        assertThatCode(() -> publisher.publish(hints)).doesNotThrowAnyException();

        listeners.forEach(listener -> listener.awaitExactly(hints));
        soon().until(() -> angry.get() >= 2 * hints.size());
    }

    @Test
    void publishingToNobodyIsFine() {
        var node = node();
        var many = LongStream.range(1, 5_000)
                .mapToObj(seq -> Hint.of(freshUser(), new FeedSeq(seq)))
                .toList();

        assertThatCode(() -> node.publish(List.of())).doesNotThrowAnyException();
        assertThatCode(() -> node.publish(many)).doesNotThrowAnyException();
    }

    @Test
    void manyUsersEachHearTheirOwn() {
        var publisher = node();
        var listening = node();
        var users = LongStream.range(0, 1_000).mapToObj(i -> freshUser()).toList();
        var listeners = new ArrayList<Listener>();
        for (var user : users) {
            var listener = new Listener();
            listening.subscribe(user, listener);
            listeners.add(listener);
        }
        var probes = users.stream().map(user -> Hint.of(user, PROBE)).toList();
        soon().until(() -> {
            publisher.publish(probes);
            return listeners.stream().allMatch(Listener::probed);
        });
        var hints = users.stream().map(user -> hint(user, 2)).toList();

        publisher.publish(hints);

        for (int i = 0; i < users.size(); i++) {
            listeners.get(i).awaitExactly(hints.get(i));
        }
    }

    @Test
    void manyThreadsMaySubscribePublishAndEnd() {
        var nodes = List.of(node(), node());

        Race.run(16, thread -> {
            var user = freshUser();
            for (int i = 0; i < 10; i++) {
                var listener = new Listener();
                try (var subscription = nodes.get(i % 2).subscribe(user, listener)) {
                    awaitHold(nodes.get(thread % 2), user, listener);
                    var hint = hint(user, 2 + i);
                    nodes.get(thread % 2).publish(List.of(hint));
                    listener.awaitHeard(hint); // and perhaps earlier ones, which come late
                }
            }
            return thread;
        });
    }

    @Test
    void aNodeThatIsClosedLeavesTheOthersListening() {
        var alice = freshUser();
        var closing = node();
        var staying = node();
        var publisher = node();
        var ofClosing = listen(closing, alice);
        var ofStaying = listen(staying, alice);
        var hint = hint(alice, 2);

        closing.close();
        publisher.publish(List.of(hint));

        ofStaying.awaitExactly(hint);
        ofClosing.awaitExactly();
    }

    @Test
    void aSignalReachesEveryListenerOfItsUserOnEveryNodeAndNobodyElse() {
        var alice = freshUser();
        var bob = freshUser();
        var publisher = node();
        var remote = node();
        var listeners = List.of(
                listen(publisher, alice), listen(publisher, alice), listen(remote, alice), listen(node(), alice));
        var others = List.of(listen(publisher, bob), listen(remote, bob));
        var toAlice = new Signal.Typing(alice, new Person(bob, new Username("BOB𠀀漢")));
        var toBob = new Signal.Typing(bob, new Person(alice, new Username("alice")));

        publisher.signal(new Signal.Typing(freshUser(), new Person(alice, new Username("alice"))));
        publisher.signal(toAlice);
        publisher.signal(toBob); // what is to come to others has come by the time that this has

        listeners.forEach(listener -> listener.awaitSignals(toAlice));
        others.forEach(listener -> listener.awaitSignals(toBob));
        listeners.forEach(listener -> assertThat(listener.signals()).containsExactly(toAlice));
        for (var listener : listeners) {
            assertThat(listener.signals().get(0).toString()).isEqualTo(toAlice.toString()); // equal names may differ
        }
    }

    @Test
    void aSignalIsNeitherAHintNorTheLossOfOne() {
        var alice = freshUser();
        var publisher = node();
        var listeners = List.of(listen(publisher, alice), listen(node(), alice));
        var lost = listeners.stream().map(Listener::lost).toList();
        var typing = new Signal.Typing(alice, new Person(freshUser(), new Username("bob")));
        var hint = hint(alice, 2);

        publisher.signal(typing);
        publisher.publish(List.of(hint));
        publisher.signal(typing);

        listeners.forEach(listener -> {
            listener.awaitSignals(typing, typing);
            listener.awaitExactly(hint);
        });
        assertThat(listeners.stream().map(Listener::lost).toList()).isEqualTo(lost);
    }

    @Test
    void aClosedSubscriptionHearsNoSignal() {
        var alice = freshUser();
        var publisher = node();
        var listening = node();
        var closed = new Listener();
        var subscription = listening.subscribe(alice, closed);
        awaitHold(publisher, alice, closed);
        var other = listen(listening, alice);
        var typing = new Signal.Typing(alice, new Person(freshUser(), new Username("bob")));

        subscription.close();
        publisher.signal(typing);

        other.awaitSignals(typing);
        assertThat(closed.signals()).isEmpty();
    }

    @Test
    void aListenerThatThrowsAtASignalHarmsNoOther() {
        var alice = freshUser();
        var publisher = node();
        var remote = node();
        var typing = new Signal.Typing(alice, new Person(freshUser(), new Username("bob")));
        for (var node : List.of(publisher, remote)) {
            node.subscribe(alice, new HintListener() {
                @Override
                public void onHint(Hint hint) {}

                @Override
                public void onHintsLost() {}

                @Override
                public void onSignal(Signal signal) {
                    throw new IllegalStateException("A listener that throws");
                }
            });
        }
        var listeners = List.of(listen(publisher, alice), listen(remote, alice));

        assertThatCode(() -> publisher.signal(typing)).doesNotThrowAnyException();

        listeners.forEach(listener -> listener.awaitSignals(typing));
    }

    private static Predicate<Hint> of(UserId user) {
        return hint -> hint.user().equals(user);
    }

    protected static UserId freshUser() {
        return new UserId(1 + ThreadLocalRandom.current().nextLong(JsonNumber.MAX));
    }

    protected static Hint hint(UserId user, long seq) {
        return Hint.of(user, new MessageSent(new FeedSeq(seq), message(user, "message " + seq)));
    }

    private static Message message(UserId user, String text) {
        var sender = new Person(user, new Username("user" + user));
        return new Message(
                new MessageId(1 + ThreadLocalRandom.current().nextLong(JsonNumber.MAX)),
                sender,
                sender,
                new MessageBody(text),
                Instant.parse("2026-11-22T07:45:26.450886Z"),
                new MessageSeq(1),
                Optional.empty());
    }

    private static ConditionFactory soon() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    /**
     * Subscribes, and returns once the subscription has taken hold on every way that hints take: another node's probe
     * has arrived, since a node may tell its own listeners directly.
     */
    protected final Listener listen(Notifier node, UserId user) {
        var listener = new Listener();
        node.subscribe(user, listener);
        var other = prober.orElseGet(this::node);
        prober = Optional.of(other);
        awaitHold(other, user, listener);
        return listener;
    }

    /** Publishes a probe now and then until the listener has heard one from this publisher. */
    protected static void awaitHold(Notifier publisher, UserId user, Listener listener) {
        soon().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).until(() -> {
            publisher.publish(List.of(Hint.of(user, PROBE)));
            return listener.probed();
        });
    }

    /** Remembers what it has heard, probes and repeats aside. */
    protected static final class Listener implements HintListener {
        private final Set<Hint> heard = Collections.synchronizedSet(new LinkedHashSet<>());
        private final List<Signal> signals = new CopyOnWriteArrayList<>();
        private final AtomicInteger lost = new AtomicInteger();
        private volatile boolean probed;

        @Override
        public void onHint(Hint hint) {
            if (hint.seq().equals(PROBE)) {
                probed = true;
            } else {
                heard.add(hint);
            }
        }

        @Override
        public void onHintsLost() {
            lost.incrementAndGet();
        }

        @Override
        public void onSignal(Signal signal) {
            signals.add(signal);
        }

        public List<Signal> signals() {
            return List.copyOf(signals);
        }

        public void awaitSignals(Signal... expected) {
            soon().untilAsserted(() -> assertThat(signals()).containsExactly(expected));
        }

        /** How often it was told that hints may have been lost. */
        public int lost() {
            return lost.get();
        }

        boolean probed() {
            return probed;
        }

        /** Each hint once, in the order in which they were first heard. */
        public List<Hint> heard() {
            synchronized (heard) {
                return List.copyOf(heard);
            }
        }

        public void awaitExactly(Hint... hints) {
            awaitExactly(List.of(hints));
        }

        public void awaitExactly(List<Hint> hints) {
            soon().untilAsserted(() -> assertThat(heard()).isEqualTo(hints));
        }

        void awaitHeard(Hint hint) {
            soon().until(() -> heard().contains(hint));
        }

        void awaitHeardOrLost(Hint hint) {
            soon().until(() -> lost() > 0 || heard().contains(hint));
        }
    }
}

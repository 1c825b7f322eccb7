package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.contract.UnreliableNotifier.Mode;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.send.SendMessage.Sent;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What whole nodes promise on one storage and one notifier, also while one of them dies or the notifier is as bad as it
 * may be: exactly-once sends, and feeds that every follower gets whole and in order.
 */
public abstract class MessageCenterContract extends StorageContractBase {
    private static final Duration HEARTBEAT = Duration.ofMillis(100);

    private final List<MessageCenter> opened = new ArrayList<>();

    /** Opens the notifier of another node. The kit closes it. */
    protected abstract Notifier openNotifier();

    @AfterEach
    final void closeNodes() {
        opened.forEach(MessageCenter::close);
        opened.clear();
    }

    private MessageCenter node() {
        return node(openStorage(), openNotifier());
    }

    private MessageCenter node(Notifier notifier) {
        return node(openStorage(), notifier);
    }

    private MessageCenter node(Storage storage, Notifier notifier) {
        var node = MessageCenter.builder()
                .storage(storage)
                .notifier(notifier)
                .heartbeat(HEARTBEAT)
                .build();
        opened.add(node);
        return node;
    }

    @Test
    void aMessageReachesBothSidesOnEveryNode() throws Exception {
        var nodes = List.of(node(), node());
        var alice = person();
        var bob = person();
        var followed = new ArrayList<FollowedFeed>();
        for (var node : nodes) {
            for (var person : List.of(alice, bob)) {
                followed.add(follow(node, person, Optional.empty()));
            }
        }

        var first = send(nodes.get(0), alice, bob, "one");
        var second = send(nodes.get(1), bob, alice, "two");

        for (var feed : followed) {
            feed.awaitLast(2);
            assertThat(feed.messages()).containsExactly(first, second);
        }
    }

    @Test
    void whoResumesGetsWhatCameAfterTheirCursorAndThenWhatComes() throws Exception {
        var here = node();
        var there = node();
        var alice = person();
        var said = new ArrayList<Message>();
        for (int i = 1; i <= 5; i++) {
            said.add(send(here, alice, alice, "note " + i));
        }

        var fromStart = follow(there, alice, Optional.of(FeedSeq.ZERO));
        var fromMiddle = follow(there, alice, Optional.of(new FeedSeq(3)));
        var fromNow = follow(there, alice, Optional.empty());
        assertThat(fromNow.last()).hasValue(5);
        said.add(send(here, alice, alice, "note 6"));

        fromStart.awaitLast(6);
        fromMiddle.awaitLast(6);
        fromNow.awaitLast(6);
        assertThat(fromStart.messages()).isEqualTo(said);
        assertThat(fromMiddle.messages()).isEqualTo(said.subList(3, 6));
        assertThat(fromNow.messages()).isEqualTo(said.subList(5, 6));
    }

    @Test
    void aFollowerThatIsClosedHearsNothingMore() throws Exception {
        var node = node();
        var alice = person();
        var closed = new FollowedFeed();
        var subscription = node.feeds().follow(alice, Optional.empty(), closed);
        closed.awaitStart();
        var other = follow(node, alice, Optional.empty());
        send(node, alice, alice, "before");
        closed.awaitLast(1);

        subscription.close();
        send(node, alice, alice, "after");

        other.awaitLast(2);
        assertThat(closed.last()).hasValue(1);
    }

    @Test
    void whatANodeCommittedButDidNotPublishComesWithTheHeartbeat() throws Exception {
        var dying = node(new UnreliableNotifier(openNotifier(), Mode.LOSES_ALL, 1));
        var other = node();
        var alice = person();
        var bob = person();
        var ofAlice = follow(other, alice, Optional.empty());
        var ofBob = follow(other, bob, Optional.empty());
        var onTheDying = follow(dying, bob, Optional.empty());

        var said = new ArrayList<Message>();
        for (int i = 0; i < 20; i++) {
            said.add(send(dying, alice, bob, "message " + i));
        }

        for (var followed : List.of(ofAlice, ofBob, onTheDying)) {
            followed.awaitLast(20);
            assertThat(followed.messages()).isEqualTo(said);
        }
    }

    @Test
    void aHintBringsWhatTheLostOnesBeforeItWouldHaveBrought() throws Exception {
        var notifier = new UnreliableNotifier(openNotifier(), Mode.LOSES_ALL, 1);
        var sending = node(notifier);
        var listening = node();
        var alice = person();
        var bob = person();
        var followed = follow(listening, bob, Optional.empty());
        var said = new ArrayList<Message>();

        for (int i = 0; i < 40; i++) {
            notifier.mode(i % 8 == 7 ? Mode.RELIABLE : Mode.LOSES_ALL);
            said.add(send(sending, alice, bob, "message " + i));
        }

        followed.awaitLast(40);
        assertThat(followed.messages()).isEqualTo(said);
    }

    @Test
    void aRepeatAfterANodeDiedBeforeItPublishedAnswersWithTheFirstMessage() throws Exception {
        var alice = person();
        var bob = person();
        var dying = node(new UnreliableNotifier(openNotifier(), Mode.LOSES_ALL, 1));
        var first = sendOnce(dying, alice, bob, "once", "k").get(30, TimeUnit.SECONDS);
        dying.close();
        opened.remove(dying);
        var other = node();
        var followed = follow(other, bob, Optional.of(FeedSeq.ZERO));

        var repeat = sendOnce(other, alice, bob, "once", "k").get(30, TimeUnit.SECONDS);

        assertThat(first.repeated()).isFalse();
        assertSame(repeat, new Sent(first.message(), true));
        followed.awaitLast(1);
        assertThat(conversation(storage(), alice, bob)).containsExactly(first.message());
    }

    @Test
    void aRepeatAfterAnAnswerWasLostAnswersWithTheFirstMessage() throws Exception {
        var alice = person();
        var bob = person();
        var cutOff = node(new ForgetfulStorage(openStorage()), openNotifier());
        var other = node();
        var followed = follow(other, bob, Optional.of(FeedSeq.ZERO));

        var failure = refusal(sendOnce(cutOff, alice, bob, "once", "k"));
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        followed.awaitLast(1);
        var repeat = sendOnce(other, alice, bob, "once", "k").get(30, TimeUnit.SECONDS);

        assertThat(repeat.repeated()).isTrue();
        assertThat(followed.messages()).containsExactly(repeat.message());
        assertThat(conversation(storage(), alice, bob)).containsExactly(repeat.message());
        assertThat(refusal(sendOnce(other, alice, bob, "twice", "k")).code()).isEqualTo(ErrorCode.CLIENT_KEY_REUSED);
    }

    @Test
    void fiftySendersWithOneKeyOnTwoNodesSendOneMessage() {
        var nodes = List.of(node(), node());
        var alice = person();
        var bob = person();

        var sent = Race.run(50, thread -> sendOnce(nodes.get(thread % 2), alice, bob, "once", "k")
                .get(60, TimeUnit.SECONDS));

        assertThat(sent).filteredOn(one -> !one.repeated()).hasSize(1);
        assertThat(sent).extracting(Sent::message).containsOnly(sent.get(0).message());
        assertThat(feed(storage(), bob)).containsExactly(sent.get(0).message());
    }

    @Test
    void aNodeThatIsClosedStoresWhatItAccepted() throws Exception {
        var alice = person();
        var bob = person();
        var closing = node();
        var accepted = new ArrayList<CompletableFuture<Sent>>();
        for (int i = 0; i < 500; i++) {
            accepted.add(closing.send(alice, bob.name().value(), "message " + i));
        }

        closing.close();
        opened.remove(closing);

        var messages = new ArrayList<Message>();
        for (var future : accepted) {
            assertThat(future).isDone();
            messages.add(future.get().message());
        }
        assertThat(conversation(storage(), alice, bob)).isEqualTo(messages);
        assertThat(refusal(closing.send(alice, bob.name().value(), "too late")).code())
                .isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void aNodeThatIsClosedLeavesTheOthersAtWork() throws Exception {
        var closing = node();
        var staying = node();
        var alice = person();
        var followed = follow(staying, alice, Optional.empty());
        follow(closing, alice, Optional.empty());

        closing.close();
        opened.remove(closing);
        var message = send(staying, alice, alice, "still here");

        followed.awaitLast(1);
        assertThat(followed.messages()).containsExactly(message);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"RELIABLE", "SCRAMBLES", "SCRAMBLES_AND_LOSES"})
    void everyFollowerGetsEveryEventOnceAndInOrderHoweverBadTheNotifier(Mode mode) throws Exception {
        var nodes = List.of(
                node(new UnreliableNotifier(openNotifier(), mode, 1)),
                node(new UnreliableNotifier(openNotifier(), mode, 2)));
        var alice = person();
        var bob = person();
        var followed = new ArrayList<FollowedFeed>();
        for (var node : nodes) {
            followed.add(follow(node, alice, Optional.of(FeedSeq.ZERO)));
            followed.add(follow(node, bob, Optional.empty()));
        }

        var sent = new ArrayList<CompletableFuture<Sent>>();
        for (int i = 0; i < 200; i++) {
            var even = i % 2 == 0;
            var recipient = even ? bob : alice;
            sent.add(nodes.get(i / 3 % 2)
                    .send(even ? alice : bob, recipient.name().value(), "message " + i));
        }
        for (var future : sent) {
            future.get(60, TimeUnit.SECONDS);
        }

        var said = conversation(storage(), alice, bob);
        assertThat(said).hasSize(200);
        for (var feed : followed) {
            feed.awaitLast(200);
            assertThat(feed.messages()).isEqualTo(said);
        }
    }

    @Test
    void streamsOfFollowersThatComeAndGoJoinWithoutAGapOrARepeat() {
        var nodes = List.of(
                node(new UnreliableNotifier(openNotifier(), Mode.SCRAMBLES_AND_LOSES, 3)),
                node(new UnreliableNotifier(openNotifier(), Mode.SCRAMBLES, 4)));
        var people = people(4);
        int senders = 4;
        int messages = 60;
        var sending = new AtomicInteger(senders);

        Race.run(senders + 2 * people.size(), thread -> {
            var random = new Random(thread);
            if (thread < senders) {
                try {
                    var accepted = new ArrayList<CompletableFuture<Sent>>();
                    for (int i = 0; i < messages; i++) {
                        var sender = people.get(random.nextInt(people.size()));
                        var recipient = people.get(random.nextInt(people.size()));
                        accepted.add(nodes.get(random.nextInt(2))
                                .send(sender, recipient.name().value(), thread + "." + i));
                        if (i % 5 == 4) {
                            accepted.get(i).get(60, TimeUnit.SECONDS);
                        }
                    }
                    for (var future : accepted) {
                        future.get(60, TimeUnit.SECONDS);
                    }
                } finally {
                    sending.decrementAndGet();
                }
            } else {
                comeAndGo(nodes, people.get(thread % people.size()), sending, random);
            }
            return thread;
        });
    }

    /** Follows one feed from its beginning to its end, in many stretches, on whichever node. */
    private void comeAndGo(List<MessageCenter> nodes, Person person, AtomicInteger sending, Random random) {
        var stream = new ArrayList<Message>();
        boolean end;
        do {
            end = sending.get() == 0;
            long head = storage()
                    .feeds()
                    .heads(List.of(person.id()))
                    .get(person.id())
                    .value();
            var cursor = new FeedSeq(stream.size());
            var followed = new FollowedFeed();
            try (var subscription =
                    nodes.get(random.nextInt(2)).feeds().follow(person, Optional.of(cursor), followed)) {
                long wanted = end ? head : cursor.value() + random.nextInt(8);
                await().atMost(Duration.ofSeconds(60))
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> sending.get() == 0 && followed.last().orElse(-1) >= cursor.value()
                                || followed.last().orElse(-1) >= wanted);
                if (end) {
                    followed.awaitLast(head);
                }
            }
            stream.addAll(followed.messages());
        } while (!end);
        assertThat(stream).isEqualTo(feed(storage(), person));
    }

    private static FollowedFeed follow(MessageCenter node, Person person, Optional<FeedSeq> after) {
        var followed = new FollowedFeed();
        node.feeds().follow(person, after, followed);
        followed.awaitStart();
        return followed;
    }

    private static Message send(MessageCenter node, Person sender, Person recipient, String text) throws Exception {
        return node.send(sender, recipient.name().value(), text)
                .get(30, TimeUnit.SECONDS)
                .message();
    }

    private static CompletableFuture<Sent> sendOnce(
            MessageCenter node, Person sender, Person recipient, String text, String key) {
        return node.sendMessage()
                .send(new SendMessage.Command(
                        sender, recipient.name().value(), node.body(text), Optional.of(new ClientKey(key))));
    }

    private static ChatException refusal(CompletableFuture<Sent> future) {
        var failure = catchThrowableOfType(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS));
        assertThat(failure).isNotNull();
        assertThat(failure).cause().isInstanceOf(ChatException.class);
        return (ChatException) failure.getCause();
    }
}

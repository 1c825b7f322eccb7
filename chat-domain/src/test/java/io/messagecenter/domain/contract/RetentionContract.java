package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.retention.Retention;
import io.messagecenter.domain.send.MarkConversation;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Person;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What whole nodes promise about what was kept long enough. They drop what is old whosever it is: give them a storage of their own. */
public abstract class RetentionContract extends StorageContractBase {
    private static final Duration LONG = Duration.ofDays(30);

    /** Long enough for a test, and short enough for several rounds in one. */
    private static final Duration A_WHILE = Duration.ofSeconds(60);

    private final List<MessageCenter> opened = new ArrayList<>();
    private final AtomicInteger pruned = new AtomicInteger();
    private final AtomicInteger retired = new AtomicInteger();

    @BeforeEach
    final void forget() {
        pruned.set(0);
        retired.set(0);
    }

    @AfterEach
    final void closeNodes() {
        opened.forEach(MessageCenter::close);
        opened.clear();
    }

    private MessageCenter node(Duration feed, Optional<Duration> messages) {
        var node = MessageCenter.builder()
                .storage(openStorage())
                .retention(new Retention.Limits(feed, messages))
                .telemetry(new Telemetry() {
                    @Override
                    public void entriesPruned(int count) {
                        pruned.addAndGet(count);
                    }

                    @Override
                    public void messagesRetired(int count) {
                        retired.addAndGet(count);
                    }
                })
                .build();
        opened.add(node);
        return node;
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    // --- feeds

    @Test
    void whoFollowsTheDocumentedRecoveryEndsUpWithTheFreshState() {
        var node = node(Duration.ofMillis(200), Optional.empty());
        var alice = person();
        var people = List.of(alice, person(), person());
        var stopped = new AtomicBoolean();
        var writing = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 2; i++) {
            var random = new Random(i);
            writing.add(CompletableFuture.runAsync(() -> {
                while (!stopped.get()) {
                    doSomething(node, people, random);
                }
            }));
        }
        var replica = new Replica(node, alice);
        try {
            for (int i = 1; i <= 3; i++) {
                replica.catchUp();
                patiently().until(() -> isTooOld(node, alice, replica.cursor())); // away for longer than is kept
                replica.catchUp();
                assertThat(replica.resets()).isGreaterThanOrEqualTo(i);
            }
        } finally {
            stopped.set(true);
        }
        writing.forEach(CompletableFuture::join);

        replica.catchUp();

        assertThat(replica.looks()).isEqualTo(Replica.fresh(node, alice)).isNotEmpty();
        assertThat(pruned).hasPositiveValue();
        assertThat(retired).hasValue(0);
    }

    /** Anything that somebody may do; what is refused is refused. */
    private static void doSomething(MessageCenter node, List<Person> people, Random random) {
        var one = people.get(random.nextInt(people.size()));
        var other = people.get(random.nextInt(people.size()));
        long count = node.messages().count(one, other);
        var upto = new MessageSeq(1 + random.nextInt((int) count + 1));
        try {
            switch (random.nextInt(10)) {
                case 0 ->
                    change(node, one, other, upto, message -> node.changeMessage()
                            .edit(one, message.id(), new MessageBody("edited " + random.nextInt())));
                case 1 ->
                    change(node, one, other, upto, message -> node.changeMessage()
                            .unsend(one, message.id()));
                case 2, 3 -> mark(node, Mark.Kind.READ, one, other, upto);
                case 4 -> mark(node, Mark.Kind.DELIVERED, one, other, upto);
                case 5 -> {
                    if (!one.equals(other)) {
                        node.blocks().block(one, other.name().value());
                        node.blocks().unblock(one, other.name().value());
                    }
                }
                default ->
                    node.send(one, other.name().value(), "hello " + random.nextInt())
                            .join();
            }
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(ChatException.class);
            assertThat(((ChatException) e.getCause()).code()).isIn(ErrorCode.NOT_FOUND, ErrorCode.FORBIDDEN);
        }
    }

    private static void change(
            MessageCenter node,
            Person one,
            Person other,
            MessageSeq seq,
            Function<Message, CompletableFuture<?>> change) {
        node.messages().before(one, other, seq.next(), 1).stream()
                .filter(message -> message.sender().equals(one))
                .forEach(message -> change.apply(message).join());
    }

    private static void mark(MessageCenter node, Mark.Kind kind, Person one, Person other, MessageSeq upto) {
        node.markConversation()
                .mark(new MarkConversation.Command(kind, one, other.name().value(), upto))
                .join();
    }

    private static boolean isTooOld(MessageCenter node, Person person, FeedSeq cursor) {
        try {
            return node.feeds().read(person, cursor, 1) == null;
        } catch (ChatException e) {
            return e.code() == ErrorCode.CURSOR_TOO_OLD;
        }
    }

    @Test
    void ofTwoNodesOneDropsWhatIsOldAndTheOtherGoesOnWhereItEnds() {
        var first = node(A_WHILE, Optional.empty());
        var second = node(A_WHILE, Optional.empty());
        var alice = person();
        for (int i = 0; i < 5; i++) {
            sayAt(alice, alice, now().minus(LONG), Optional.empty());
        }
        var young = sayAt(alice, alice, now(), Optional.empty());
        patiently().until(() -> isTooOld(second, alice, new FeedSeq(4)));
        assertThat(second.feeds().read(alice, new FeedSeq(5), 10).events())
                .containsExactly(new MessageSent(new FeedSeq(6), young));

        first.close();
        opened.remove(first);
        var bob = person();
        sayAt(bob, bob, now().minus(LONG), Optional.empty());

        patiently().until(() -> isTooOld(second, bob, FeedSeq.ZERO));
    }

    // --- messages

    @Test
    void messagesThatAreTooOldAreDeletedOnceForEverybodyWhoCouldReadThem() {
        var alice = person();
        var bob = person();
        int count = 120;
        var old = new ArrayList<Message>();
        for (int i = 0; i < count; i++) {
            old.add(sayAt(i % 2 == 0 ? alice : bob, i % 2 == 0 ? bob : alice, now().minus(LONG), Optional.empty()));
        }
        var unsent = storage().messages().write(List.of(new MessageChange(old.get(7), Optional.empty(), now())));
        assertThat(unsent).hasSize(1);
        var young = sayAt(alice, bob, now(), Optional.empty());
        var unused = storage().blocks().block(alice.id(), bob, now()); // who blocks whom does not matter
        var unusedEither = storage().blocks().block(bob.id(), alice, now());

        var nodes = List.of(node(LONG, Optional.of(A_WHILE)), node(LONG, Optional.of(A_WHILE)));
        patiently().untilAsserted(() -> assertThat(storage()
                        .retention()
                        .expired(ConversationKey.of(alice.id(), bob.id()), now().minus(A_WHILE), 1))
                .isEmpty());

        var expected = new ArrayList<Message>();
        old.forEach(message -> expected.add(message.tombstone()));
        expected.add(young);
        assertThat(conversation(storage(), alice, bob)).isEqualTo(expected);
        assertThat(expected)
                .extracting(message -> message.seq().value())
                .isEqualTo(LongStream.rangeClosed(1, count + 1).boxed().toList());
        for (var node : nodes) {
            for (var reader : List.of(alice, bob)) {
                assertThat(mailbox(storage(), reader)).isEqualTo(expected);
                assertThat(deleted(node, reader)).containsExactlyInAnyOrderElementsOf(expected.subList(0, count));
                var conversation = node.messages().conversations(reader, Optional.empty(), 10);
                assertThat(conversation).singleElement().satisfies(one -> {
                    assertThat(one.last()).isEqualTo(young);
                    assertThat(one.unread()).isEqualTo(reader.equals(bob) ? 1 : 0);
                });
                node.exportAccount().export(reader).messages().forEachRemaining(message -> assertThat(message.deleted())
                        .isEqualTo(!message.equals(young)));
            }
        }
        assertThat(retired).hasValueGreaterThanOrEqualTo(count - 1);
    }

    private static List<Message> deleted(MessageCenter node, Person reader) {
        return node.feeds().read(reader, FeedSeq.ZERO, 10_000).events().stream()
                .filter(MessageDeleted.class::isInstance)
                .map(event -> ((MessageDeleted) event).message())
                .toList();
    }

    @Test
    void whoFollowsTheFeedHearsThatAMessageIsGoneAndARepeatOfItsSendIsAnsweredWithItsPlace() {
        var alice = person();
        var bob = person();
        var node = node(LONG, Optional.of(A_WHILE));
        var message = sayAt(alice, bob, now().minus(LONG), Optional.of(new ClientKey("key")));

        patiently().until(() -> !deleted(node, bob).isEmpty());

        var repeated = node.sendMessage()
                .send(new SendMessage.Command(
                        alice, bob.name().value(), message.body().orElseThrow(), Optional.of(new ClientKey("key"))))
                .join();
        assertThat(repeated.message()).isEqualTo(message.tombstone());
        assertThat(node.messages().count(alice, bob)).isEqualTo(1);
        var conversation =
                node.messages().conversations(bob, Optional.empty(), 10).get(0);
        assertThat(conversation.last()).isEqualTo(message.tombstone());
        assertThat(conversation.unread()).isZero();
    }

    @Test
    void messagesAreKeptForEverUnlessItIsWishedOtherwise() {
        var alice = person();
        var bob = person();
        var message = sayAt(alice, bob, now().minus(LONG), Optional.empty());
        var node = node(A_WHILE, Optional.empty());

        patiently().until(() -> isTooOld(node, bob, FeedSeq.ZERO)); // it has gone its round

        assertThat(conversation(storage(), alice, bob)).containsExactly(message);
        assertThat(retired).hasValue(0);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private Message sayAt(Person sender, Person recipient, Instant sent, Optional<ClientKey> key) {
        return appended(append(draft(sender, recipient, "at " + sent, sent, key))
                        .get(0))
                .message();
    }
}

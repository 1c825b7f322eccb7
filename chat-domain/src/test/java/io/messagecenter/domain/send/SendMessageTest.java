package io.messagecenter.domain.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.messagecenter.domain.commit.GroupCommit.Limits;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.IdAllocator;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.send.SendMessage.Command;
import io.messagecenter.domain.send.SendMessage.Sent;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class SendMessageTest {
    /** How long a message may be. */
    private static final int MOST = 100;

    private static final Instant NOW = Instant.parse("2026-11-22T07:45:26.450886999Z");

    private final InMemoryStorage storage = new InMemoryStorage();
    private final Accounts accounts = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), Clock.systemUTC());
    private final Person alice = accounts.register("alice");
    private final Person bob = accounts.register("Bob");
    private final List<List<Hint>> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger counted = new AtomicInteger();
    private final List<WriteQueue> opened = new ArrayList<>();
    private final SendMessage sendMessage =
            sendMessage(storage.users(), storage.messages(), storage.ids(), MessagePolicy.OPEN);

    private SendMessage sendMessage(UserStore users, MessageStore messages, IdAllocator ids, MessagePolicy policy) {
        return sendMessage(users, messages, ids, policy, Limits.DEFAULT);
    }

    private SendMessage sendMessage(
            UserStore users, MessageStore messages, IdAllocator ids, MessagePolicy policy, Limits limits) {
        var telemetry = new Telemetry() {
            @Override
            public void messagesSent(int count) {
                counted.addAndGet(count);
            }
        };
        var notifier = new Notifier() {
            @Override
            public void publish(List<Hint> hints) {
                published.add(List.copyOf(hints));
            }

            @Override
            public void signal(Signal signal) {
                throw new AssertionError("A message is not fleeting");
            }

            @Override
            public Subscription subscribe(UserId user, HintListener listener) {
                throw new AssertionError("A sender does not listen");
            }

            @Override
            public void close() {
                throw new AssertionError("Not the sender's to close");
            }
        };
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        var queue = new WriteQueue(messages, notifier, clock, limits, telemetry);
        opened.add(queue);
        return new SendMessage(users, messages, ids, policy, MOST, queue);
    }

    @AfterEach
    void close() {
        opened.forEach(WriteQueue::close);
    }

    private static Command command(Person sender, String recipient, String text, String... key) {
        return new Command(
                sender,
                recipient,
                new MessageBody(text),
                key.length == 0 ? Optional.empty() : Optional.of(new ClientKey(key[0])));
    }

    private static ChatException refusal(CompletableFuture<Sent> future) {
        await().until(future::isDone);
        var failure = future.handle((sent, e) -> SendMessage.reason(e)).join();
        assertThat(failure).isInstanceOf(ChatException.class);
        return (ChatException) failure;
    }

    @Test
    void whatWasSentIsAnsweredOnceMoreThoughThePolicyIsAgainstItByNow() {
        var sent = sendMessage.send(command(alice, "bob", "hello", "k")).join();
        var later = sendMessage(storage.users(), storage.messages(), storage.ids(), (sender, recipient) -> false);

        assertThat(later.send(command(alice, "BOB", "hello", "k")).join()).isEqualTo(new Sent(sent.message(), true));
        assertThat(refusal(later.send(command(alice, "bob", "hello", "new"))).code())
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal(later.send(command(alice, "bob", "hello"))).code()).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void aKeyIsUsedUpWhateverElseIsWrongWithAnotherSend() {
        sendMessage.send(command(alice, "bob", "hello", "k")).join();

        for (var other : List.of("nobody", "no name")) {
            assertThat(refusal(sendMessage.send(command(alice, other, "hello", "k")))
                            .code())
                    .isEqualTo(ErrorCode.CLIENT_KEY_REUSED);
            assertThat(refusal(sendMessage.send(command(alice, other, "hello", "new")))
                            .code())
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void aRepeatIsKnownWhateverItAnswersByNow() {
        var sent = sendMessage.send(command(alice, "bob", "hello", "k")).join();
        var nothing = Optional.of(new MessageId(404));
        var key = Optional.of(new ClientKey("k"));

        assertThat(sendMessage
                        .send(new Command(alice, "bob", new MessageBody("hello"), key, nothing))
                        .join())
                .isEqualTo(new Sent(sent.message(), true));
        assertThat(refusal(sendMessage.send(new Command(alice, "bob", new MessageBody("other"), key, nothing)))
                        .code())
                .isEqualTo(ErrorCode.CLIENT_KEY_REUSED);
    }

    @Test
    void aMessageIsStoredWithItsTimeInMicrosecondsAndBothSidesAreTold() {
        var sent = sendMessage.send(command(alice, "bob", "hello", "k")).join();

        var message = sent.message();
        assertThat(sent.repeated()).isFalse();
        assertThat(message.sender()).isEqualTo(alice);
        assertThat(message.recipient()).isEqualTo(bob);
        assertThat(message.recipient().name().value()).isEqualTo("Bob");
        assertThat(message.body()).contains(new MessageBody("hello"));
        assertThat(message.sent()).isEqualTo("2026-11-22T07:45:26.450886Z");
        assertThat(message.seq()).isEqualTo(new MessageSeq(1));
        assertThat(message.clientKey()).contains(new ClientKey("k"));
        assertThat(storage.messages().find(bob.id(), message.id())).contains(message);
        assertThat(published)
                .containsExactly(List.of(
                        Hint.of(alice.id(), new MessageSent(new FeedSeq(1), message)),
                        Hint.of(bob.id(), new MessageSent(new FeedSeq(1), message))));
        assertThat(counted).hasValue(1);
    }

    @Test
    void eachSideIsToldOfItsOwnPlace() {
        sendMessage.send(command(alice, "alice", "note")).join();
        published.clear();

        var message = sendMessage.send(command(bob, "alice", "hello")).join().message();

        assertThat(published)
                .containsExactly(List.of(
                        Hint.of(bob.id(), new MessageSent(new FeedSeq(1), message)),
                        Hint.of(alice.id(), new MessageSent(new FeedSeq(2), message))));
    }

    @Test
    void aNoteToOneselfIsToldOnce() {
        var message = sendMessage.send(command(alice, "alice", "note")).join().message();

        assertThat(published).containsExactly(List.of(Hint.of(alice.id(), new MessageSent(new FeedSeq(1), message))));
    }

    @Test
    void aMessageIsAsLongAsTheLimitHasItAndARepeatOfALongerOneIsKnown() {
        var before = (Appended) storage.messages()
                .write(List.of(new NewMessage(
                        storage.ids().next(),
                        alice,
                        bob,
                        new MessageBody("😀".repeat(MOST + 1)),
                        NOW,
                        Optional.of(new ClientKey("before")))))
                .get(0);

        assertThat(sendMessage
                        .send(command(alice, "bob", "😀".repeat(MOST), "k"))
                        .join()
                        .repeated())
                .isFalse();
        assertThat(sendMessage
                        .send(command(alice, "bob", "😀".repeat(MOST + 1), "before"))
                        .join())
                .isEqualTo(new Sent(before.message(), true));
        assertThat(refusal(sendMessage.send(command(alice, "bob", "😀".repeat(MOST + 2), "before")))
                        .code())
                .isEqualTo(ErrorCode.CLIENT_KEY_REUSED);
        assertThat(refusal(sendMessage.send(command(alice, "bob", "😀".repeat(MOST + 1), "new")))
                        .fields())
                .containsOnlyKeys("body");
        assertThat(refusal(sendMessage.send(command(alice, "nobody", "😀".repeat(MOST + 1))))
                        .code())
                .isEqualTo(ErrorCode.INVALID);
    }

    @Test
    void aRepeatAnswersWithTheFirstMessageAndNobodyIsToldAgain() {
        var first = sendMessage.send(command(alice, "bob", "once", "k")).join();

        var repeat = sendMessage.send(command(alice, "BOB", "once", "k")).join();

        assertThat(repeat).isEqualTo(new Sent(first.message(), true));
        assertThat(published).hasSize(1);
        assertThat(counted).hasValue(1);
    }

    @Test
    void aKeyThatComesWithSomethingElseIsRefused() {
        sendMessage.send(command(alice, "bob", "once", "k")).join();

        var refusal = refusal(sendMessage.send(command(alice, "bob", "twice", "k")));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CLIENT_KEY_REUSED);
        assertThat(refusal).hasMessageContaining("k");
        assertThat(published).hasSize(1);
    }

    @Test
    void whoIsNotThereAndWhatCannotBeANameIsNotFound() {
        for (var name : List.of("carol", "", "not a name", "\ud83d", "x".repeat(200))) {
            assertThat(refusal(sendMessage.send(command(alice, name, "hello"))).code())
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
        assertThat(published).isEmpty();
    }

    @Test
    void whoIsGoneByTheTimeOfTheCommitIsNotFound() {
        var users = mock(UserStore.class);
        when(users.find(any(Username.class))).thenReturn(Optional.of(new Person(new UserId(99), new Username("gone"))));
        var late = sendMessage(users, storage.messages(), storage.ids(), MessagePolicy.OPEN);

        assertThat(refusal(late.send(command(alice, "gone", "hello"))).code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(published).isEmpty();
        assertThat(counted).hasValue(0);
    }

    @Test
    void aPolicySaysWhoMayWriteToWhom() {
        var guarded = sendMessage(
                storage.users(),
                storage.messages(),
                storage.ids(),
                (sender, recipient) -> sender.equals(alice) && recipient.equals(bob));

        assertThat(guarded.send(command(alice, "bob", "hello")).join().repeated())
                .isFalse();
        assertThat(refusal(guarded.send(command(bob, "alice", "hello"))).code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(storage.feeds().heads(List.of(alice.id()))).containsEntry(alice.id(), new FeedSeq(1));
    }

    @Test
    void anOutageOfTheUsersFailsTheSendAndNothingIsThrown() {
        var users = mock(UserStore.class);
        when(users.find(any(Username.class))).thenThrow(ChatException.unavailable("gone", new IOException()));
        var cutOff = sendMessage(users, storage.messages(), storage.ids(), MessagePolicy.OPEN);

        assertThat(refusal(cutOff.send(command(alice, "bob", "hello"))).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void whoDoesNotAnswerIsAskedOnce() {
        var users = mock(UserStore.class);
        when(users.find(any(Username.class))).thenThrow(ChatException.unavailable("gone", new IOException()));
        var messages = mock(MessageStore.class);
        var cutOff = sendMessage(users, messages, storage.ids(), MessagePolicy.OPEN);

        assertThat(refusal(cutOff.send(command(alice, "bob", "hello", "k"))).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        verifyNoInteractions(messages);
    }

    @Test
    void anOutageOfTheMessagesFailsTheSendAndNobodyIsTold() {
        var messages = mock(MessageStore.class);
        when(messages.write(any())).thenThrow(ChatException.unavailable("gone", new IOException()));
        var cutOff = sendMessage(storage.users(), messages, storage.ids(), MessagePolicy.OPEN);

        assertThat(refusal(cutOff.send(command(alice, "bob", "hello"))).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(published).isEmpty();
        assertThat(counted).hasValue(0);
    }

    @Test
    void anOutageOfTheIdsFailsTheSend() {
        IdAllocator ids = () -> {
            throw ChatException.unavailable("gone", new IOException());
        };
        var cutOff = sendMessage(storage.users(), storage.messages(), ids, MessagePolicy.OPEN);

        assertThat(refusal(cutOff.send(command(alice, "bob", "hello"))).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void whatWaitsTogetherIsToldTogetherInTheOrderOfTheCommit() throws Exception {
        var entered = new CountDownLatch(1);
        var hold = new CountDownLatch(1);
        var count = new AtomicInteger();
        IdAllocator slow = () -> {
            if (count.incrementAndGet() == 1) {
                entered.countDown();
                awaitLatch(hold);
            }
            return storage.ids().next();
        };
        var busy = sendMessage(storage.users(), storage.messages(), slow, MessagePolicy.OPEN, new Limits(10, 2));
        assertThat(opened.get(1).capacity()).isEqualTo(2);
        var first = busy.send(command(alice, "alice", "1"));
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        var second = busy.send(command(alice, "alice", "2"));
        var third = busy.send(command(alice, "alice", "3"));
        assertThat(opened.get(1).queued()).isEqualTo(2);
        assertThat(refusal(busy.send(command(alice, "alice", "4"))).code()).isEqualTo(ErrorCode.OVERLOADED);

        hold.countDown();

        CompletableFuture.allOf(first, second, third).join();
        assertThat(published)
                .extracting(
                        hints -> hints.stream().map(hint -> hint.seq().value()).toList())
                .containsExactly(List.of(1L), List.of(2L, 3L));
    }

    @Test
    void closeStoresAndTellsWhatWasAccepted() {
        var futures = new ArrayList<CompletableFuture<Sent>>();
        for (int i = 0; i < 200; i++) {
            futures.add(sendMessage.send(command(alice, "bob", "message " + i)));
        }

        opened.get(0).close();

        assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
        assertThat(published.stream().mapToInt(List::size).sum()).isEqualTo(400);
        assertThat(refusal(sendMessage.send(command(alice, "bob", "late"))).code())
                .isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void theReasonOfAFailureIsFoundWhereverItIsWrapped() {
        var reason = ChatException.notFound();

        assertThat(SendMessage.reason(new CompletionException(reason))).isSameAs(reason);
        assertThat(SendMessage.reason(reason)).isSameAs(reason);
        var bare = new CompletionException("no cause", null);
        assertThat(SendMessage.reason(bare)).isSameAs(bare);
    }

    @Test
    void idsAreDrawnOncePerMessage() {
        var drawn = new CopyOnWriteArrayList<MessageId>();
        IdAllocator ids = () -> {
            var id = storage.ids().next();
            drawn.add(id);
            return id;
        };
        var watched = sendMessage(storage.users(), storage.messages(), ids, MessagePolicy.OPEN);

        var message = watched.send(command(alice, "bob", "hello")).join().message();

        assertThat(drawn).containsExactly(message.id());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

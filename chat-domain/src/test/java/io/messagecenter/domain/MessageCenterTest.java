package io.messagecenter.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.spy;

import io.messagecenter.domain.commit.GroupCommit.Limits;
import io.messagecenter.domain.contract.FollowedFeed;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryPresence;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.search.SearchMessages;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Accounts.NewAccount;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class MessageCenterTest {
    @Test
    void inMemoryThreeLinesAreEnough() {
        try (var center = MessageCenter.builder().build()) {
            var alice = center.accounts().register("alice");
            center.accounts().register("bob");
            var sent = center.send(alice, "bob", " hello ").join();

            assertThat(sent.message().text()).isEqualTo("hello");
            assertThat(center.messages().find(alice, sent.message().id())).isEqualTo(sent.message());
            assertThatCode(center::check).doesNotThrowAnyException();
        }
    }

    @Test
    void everyMessageCenterInMemoryIsAWorldOfItsOwn() {
        try (var one = MessageCenter.builder().build();
                var other = MessageCenter.builder().build()) {
            one.accounts().register("alice");

            assertThat(other.accounts().find("alice")).isEmpty();
        }
    }

    @Test
    void whoIsInItCanDoEverythingThroughIt() {
        var center = MessageCenter.builder()
                .passwordHasher(new Pbkdf2PasswordHasher(1))
                .build();
        try (center) {
            center.accounts().create(new NewAccount("alice", "correct horse", Optional.empty(), false));
            var session = center.sessions().signIn("alice", "correct horse", "test");
            var alice = session.session().person();
            var followed = new FollowedFeed();
            center.feeds().follow(alice, Optional.empty(), followed);
            followed.awaitStart();
            center.presence().connected(alice.id());

            var message = center.send(alice, "alice", "note").join().message();

            followed.awaitLast(1);
            assertThat(followed.messages()).containsExactly(message);
            assertThat(center.presence().online(List.of(alice.id()))).containsExactly(alice.id());
            assertThat(center.sessions().authenticate(session.token())).contains(session.session());
        }
    }

    @Test
    void whatWasThereBeforeANodeBeganIsIndexedByIt() {
        var storage = new InMemoryStorage();
        var alice = storage.users()
                .create(new NewUser(
                        new Username("alice"), Optional.empty(), PasswordHash.UNUSABLE, Instant.EPOCH, false))
                .person();
        for (int i = 0; i < 2_500; i++) {
            storage.messages()
                    .write(List.of(new NewMessage(
                            storage.ids().next(),
                            alice,
                            alice,
                            new MessageBody("note " + i),
                            Instant.EPOCH,
                            Optional.empty())));
        }
        try (var center = MessageCenter.builder().storage(storage).build()) {
            var me = alice.id();
            Awaitility.await().until(() -> storage.search().reach(me).indexed().equals(new MailboxSeq(2_048)));
            Awaitility.await().until(() -> center.searchIndexer().behind() == 0);
            var command = new SearchMessages.Command(
                    alice, SearchQuery.of("note 7"), Optional.empty(), Optional.empty(), 200);

            assertThat(center.search().search(command).messages()).hasSize(111);
        }
    }

    @Test
    void aTextThatIsNoBodyFailsTheSendAndNothingIsThrown() {
        try (var center = MessageCenter.builder().maxBody(3).build()) {
            var alice = center.accounts().register("alice");

            for (var text : List.of(" ", "four", "a\u0000b")) {
                var failure = center.send(alice, "alice", text)
                        .handle((sent, e) -> SendMessage.reason(e))
                        .join();
                assertThat(failure).isInstanceOf(ChatException.class);
                assertThat(((ChatException) failure).code()).isEqualTo(ErrorCode.INVALID);
            }
            assertThat(center.body("😀😀😀")).isEqualTo(new MessageBody("😀😀😀"));
            assertThatExceptionOfType(ChatException.class).isThrownBy(() -> center.body("four"));
        }
    }

    @Test
    void aBodyHasTenThousandCodePointsUnlessToldOtherwise() {
        try (var center = MessageCenter.builder().build()) {
            assertThat(center.body("x".repeat(10_000)).text()).hasSize(10_000);
            assertThatExceptionOfType(ChatException.class).isThrownBy(() -> center.body("x".repeat(10_001)));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageCenter.builder().maxBody(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageCenter.builder().maxBody(100_001));
    }

    @Test
    void theBuilderPassesOnWhatItWasTold() {
        var sizes = new CopyOnWriteArrayList<Integer>();
        var now = Instant.parse("2026-11-22T07:45:26.450886Z");
        var center = MessageCenter.builder()
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .sessionLimits(new Sessions.Limits(Duration.ofMinutes(5), Duration.ofMinutes(9)))
                .groupCommit(new Limits(7, 13))
                .policy((sender, recipient) -> sender.equals(recipient))
                .telemetry(new Telemetry() {
                    @Override
                    public void committed(int batchSize, Duration took) {
                        sizes.add(batchSize);
                    }
                })
                .build();
        try (center) {
            var alice = center.accounts().register("alice");
            center.accounts().register("bob");

            assertThat(center.send(alice, "alice", "note").join().message().sent())
                    .isEqualTo(now);
            assertThat(center.send(alice, "bob", "hello")).isCompletedExceptionally();
            assertThat(center.sessions().start(alice, "").session().expires()).isEqualTo(now.plusSeconds(300));
            assertThat(center.writes().capacity()).isEqualTo(13);
            assertThat(sizes).containsExactly(1);
        }
    }

    @Test
    void whoMayNotWriteAnyMoreMayNotEditEitherButTakesBackWhatTheyWrote() {
        var closed = new AtomicBoolean();
        try (var center = MessageCenter.builder()
                .policy((sender, recipient) -> !closed.get())
                .build()) {
            var alice = center.accounts().register("alice");
            var bob = center.accounts().register("bob");
            var sent = center.send(alice, "bob", "hello").join().message();
            closed.set(true);

            var edit = center.changeMessage().edit(alice, sent.id(), center.body("hello again"));
            var strangers = center.changeMessage().edit(bob, sent.id(), center.body("not mine"));

            assertThat(edit).isCompletedExceptionally();
            assertThat(((ChatException) catchThrowable(edit::join).getCause()).code())
                    .isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(((ChatException) catchThrowable(strangers::join).getCause()).code())
                    .isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(center.messages().find(bob, sent.id())).isEqualTo(sent);
            assertThat(center.changeMessage().unsend(alice, sent.id()).join().deleted())
                    .isTrue();
        }
    }

    @Test
    void theSameEditTwiceAtOnceAnswersBothWithWhatTheMessageSaysNow() {
        var stored = new CountDownLatch(1);
        var storage = spy(new InMemoryStorage());
        var messages = spy(storage.messages());
        doReturn(messages).when(storage).messages();
        try (var center = MessageCenter.builder().storage(storage).build()) {
            var alice = center.accounts().register("alice");
            var sent = center.send(alice, "alice", "old").join().message();
            doAnswer(call -> {
                        stored.await();
                        return call.callRealMethod();
                    })
                    .when(messages)
                    .write(any());
            var edits = Stream.of("new", "new", "newer", "new")
                    .map(text -> center.changeMessage().edit(alice, sent.id(), center.body(text)))
                    .toList();
            stored.countDown();

            assertThat(edits).extracting(edit -> edit.join().text()).containsExactly("new", "new", "newer", "new");
            assertThat(edits.get(1).join().edited()).isPresent();
        }
    }

    @Test
    void anOutageOfTheStorageIsTold() {
        var storage = spy(new InMemoryStorage());
        doThrow(ChatException.unavailable("gone", new IOException()))
                .when(storage)
                .check();

        try (var center = MessageCenter.builder().storage(storage).build()) {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(center::check)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    @Test
    void closeClosesWhatItWasBuiltWithTheStorageLast() {
        var storage = spy(new InMemoryStorage());
        var notifier = spy(new InMemoryNotifier());
        var presence = spy(new InMemoryPresence());

        MessageCenter.builder()
                .storage(storage)
                .notifier(notifier)
                .presence(presence)
                .build()
                .close();

        var order = inOrder(presence, notifier, storage);
        order.verify(presence).close();
        order.verify(notifier).close();
        order.verify(storage).close();
    }

    @Test
    void closeEndsItsThreads() {
        var before = chatThreads();
        var center = MessageCenter.builder().build();
        var alice = center.accounts().register("alice");
        center.feeds().follow(alice, Optional.empty(), new FollowedFeed());
        center.send(alice, "alice", "note").join();
        assertThat(chatThreads()).hasSizeGreaterThan(before.size());

        center.close();

        await().untilAsserted(() -> assertThat(chatThreads()).isSubsetOf(before));
    }

    private static List<Thread> chatThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> List.of("feed-", "send-", "signal-", "presence-").stream()
                        .anyMatch(thread.getName()::startsWith))
                .toList();
    }
}

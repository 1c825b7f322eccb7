package io.messagecenter.domain.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.FeedListener;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryPresence;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.password.PasswordProof;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.presence.Presence.Status;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

class ErasureTest {
    private static final String PASSWORD = "correct horse";

    /** Its rounds come when a test says so. */
    private final ScheduledExecutorService forgetter = mock(ScheduledExecutorService.class);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final InMemoryNotifier notifier = new InMemoryNotifier();
    private final MessageCenter center = MessageCenter.builder()
            .storage(storage)
            .notifier(notifier)
            .passwordHasher(new Pbkdf2PasswordHasher(1))
            .build();
    private final Person alice = open("alice");
    private final Person bob = open("bob");

    @AfterEach
    void close() {
        center.close();
    }

    private Person open(String name) {
        return center.accounts()
                .create(new Accounts.NewAccount(name, PASSWORD, Optional.empty(), false))
                .person();
    }

    private Message say(Person from, Person to, String text) {
        return center.send(from, to.name().value(), text).join().message();
    }

    private void erase(Person person, String password) {
        center.eraseAccount().erase(new EraseAccount.Command(signedIn(person), password));
    }

    private Session signedIn(Person person) {
        return center.sessions().start(person, "").session();
    }

    private List<Event> feed(Person person) {
        return center.feeds().read(person, FeedSeq.ZERO, 10_000).events();
    }

    @Test
    void onlyTheirOwnPasswordErasesAnAccount() {
        for (var wrong : List.of("wrong horse", "", "x")) {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> erase(alice, wrong))
                    .satisfies(e -> assertThat(e.fields())
                            .isEqualTo(Map.of("password", List.of("This is not your password."))));
        }
        assertThat(center.accounts().find(alice.id())).isPresent();

        erase(alice, PASSWORD);

        assertThat(center.accounts().find(alice.id())).isEmpty();
    }

    /** Hashing takes its time, and may wait for others'. */
    @Test
    void whoseSessionHasEndedMeanwhileErasesNothingAndHearsWhy() {
        var ended = signedIn(alice);
        center.sessions().endAll(alice);
        var disabled = signedIn(bob);
        center.administration().disable(bob);

        for (var session : List.of(ended, disabled)) {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> center.eraseAccount().erase(new EraseAccount.Command(session, PASSWORD)))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SIGNED_IN));
        }

        assertThat(center.accounts().find(alice.id())).isPresent();
        assertThat(center.accounts().find(bob.id())).isPresent();
    }

    @Test
    void whoeverReadHerMessagesIsToldThatTheyAreGone() {
        int count = 2 * Erasures.BATCH + 1;
        for (int i = 0; i < count; i++) {
            say(alice, bob, "message " + i);
        }

        erase(alice, PASSWORD);

        await().until(() -> feed(bob).size() == 2 * count);
        assertThat(feed(bob).subList(count, 2 * count))
                .allSatisfy(event -> assertThat(event).isInstanceOf(MessageDeleted.class));
    }

    @Test
    void whatAnotherNodeLeftUnfinishedIsFinished() {
        say(alice, bob, "hello");
        storage.accounts().erase(alice.id(), Clock.systemUTC().instant()); // and then it was killed

        try (var node = MessageCenter.builder().storage(storage).build()) {
            await().until(() -> feed(bob).size() == 2);
            assertThat(node.accounts().find(alice.id())).isEmpty();
        }
    }

    @Test
    void aSweepThatFailsIsTriedAgain() {
        var accounts = spy(storage.accounts());
        var sweeper = Executors.newSingleThreadScheduledExecutor();
        say(alice, bob, "hello");
        doThrow(ChatException.unavailable("gone", new IOException()))
                .doCallRealMethod()
                .when(accounts)
                .sweep(any(), anyInt(), any());

        try (var erasures =
                new Erasures(accounts, notifier, new InMemoryPresence(), Clock.systemUTC(), sweeper, forgetter)) {
            erasures.erase(alice);
            await().untilAsserted(() -> verify(accounts, atLeastOnce()).sweep(any(), anyInt(), any()));
            erasures.look();
            assertThat(feed(bob)).hasSize(2);
        } finally {
            sweeper.shutdown();
        }
    }

    /** A node that stops says that she has left, though nobody has been told yet to close her socket. */
    @Test
    void aNodeThatStartsAfterARestartForgetsThatSheWasOnlineAndIsDoneOnceThatIsLongEnoughAgo() {
        var presence = new InMemoryPresence(Presence.LONGEST_GRACE, Clock.systemUTC());
        var now = Instant.now();
        try (var stopping = node(presence.anotherNode(), now)) {
            stopping.presence().connected(alice.id());
            stopping.administration().erase(alice);
        }
        assertThat(presence.of(List.of(alice.id()))).isEqualTo(Map.of(alice.id(), Status.ONLINE));

        try (var early = node(presence.anotherNode(), now.plus(Erasures.TO_SETTLE))) {
            await().until(() -> presence.of(List.of(alice.id())).equals(Map.of(alice.id(), Status.UNSEEN)));
            early.presence().connected(alice.id()); // by a node that could not be told
        }
        assertThat(storage.accounts().unsettled()).containsExactly(alice.id());
        try (var late =
                node(presence.anotherNode(), now.plus(Erasures.TO_SETTLE).plusSeconds(1))) {
            await().until(() -> storage.accounts().unsettled().isEmpty());
            assertThat(late.presence().of(List.of(alice.id()))).isEqualTo(Map.of(alice.id(), Status.UNSEEN));
        }
    }

    private MessageCenter node(Presence presence, Instant now) {
        return MessageCenter.builder()
                .storage(storage)
                .notifier(notifier.anotherNode())
                .presence(presence)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build();
    }

    @Test
    void nobodyIsSettledWhileItCannotBeForgottenThatTheyWereOnline() {
        var presence = spy(new InMemoryPresence());
        doReturn(false, false, true).when(presence).forget(alice.id());
        var now = Instant.now();
        var later = Clock.fixed(now.plus(Erasures.TO_SETTLE).plusSeconds(1), ZoneOffset.UTC);
        storage.accounts().erase(alice.id(), now);
        try (var erasures = new Erasures(
                storage.accounts(), notifier, presence, later, mock(ScheduledExecutorService.class), forgetter)) {
            for (int i = 0; i < 2; i++) {
                erasures.look();
                assertThat(storage.accounts().unsettled()).containsExactly(alice.id());
            }

            erasures.look();

            assertThat(storage.accounts().unsettled()).isEmpty();
        }
    }

    @Test
    void thatSheWasOnlineIsForgottenHalfASecondAfterHerSocketsHaveClosedWithoutAGrace() {
        var presence = new InMemoryPresence(Presence.LONGEST_GRACE, Clock.systemUTC());
        var rounds = ArgumentCaptor.forClass(Runnable.class);
        presence.connected(alice.id());
        try (var erasures = new Erasures(
                storage.accounts(),
                notifier,
                presence,
                Clock.systemUTC(),
                mock(ScheduledExecutorService.class),
                forgetter)) {
            verify(forgetter).scheduleWithFixedDelay(rounds.capture(), eq(0L), eq(500L), eq(TimeUnit.MILLISECONDS));
            erasures.erase(alice);
            rounds.getValue().run();
            presence.disconnected(alice.id()); // closed only now
            assertThat(presence.of(List.of(alice.id()))).isEqualTo(Map.of(alice.id(), Status.ONLINE));

            rounds.getValue().run();

            assertThat(presence.of(List.of(alice.id()))).isEqualTo(Map.of(alice.id(), Status.UNSEEN));
        }
    }

    @Test
    void aClosedNodeErasesStill() {
        var sweeper = Executors.newSingleThreadScheduledExecutor();
        var erasures = new Erasures(
                storage.accounts(), notifier, new InMemoryPresence(), Clock.systemUTC(), sweeper, forgetter);
        var erase = new EraseAccount(
                new PasswordProof(storage.users(), center.sessions(), new Pbkdf2PasswordHasher(1)), erasures);
        sweeper.shutdown();

        erase.erase(new EraseAccount.Command(signedIn(alice), PASSWORD));

        assertThat(storage.accounts().unsettled()).containsExactly(alice.id());
    }

    @Test
    void followersOfHerReadersHearOfIt() {
        say(alice, bob, "hello");
        var heard = new ConcurrentLinkedQueue<Event>();
        var subscription = center.feeds().follow(bob, Optional.of(FeedSeq.ZERO), new FeedListener() {
            @Override
            public void onStart(FeedSeq last) {}

            @Override
            public void onEvent(Event event) {
                heard.add(event);
            }

            @Override
            public void onReset(FeedSeq last) {}
        });

        erase(alice, PASSWORD);

        await().until(() -> heard.stream().anyMatch(MessageDeleted.class::isInstance));
        subscription.close();
    }

    @Test
    void aCommandDoesNotShowThePassword() {
        assertThat(new EraseAccount.Command(signedIn(alice), PASSWORD).toString())
                .doesNotContain(PASSWORD);
    }

    @Test
    void nobodyIsErasedTwice() {
        center.administration().erase(alice);

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> center.administration().erase(alice))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
}

package io.messagecenter.domain.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.commit.GroupCommit;
import io.messagecenter.domain.contract.ForwardingStorage;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.send.RetireMessages;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class MessageRetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:45:26.450886Z");
    private static final Duration KEEP = Duration.ofDays(365);
    private static final Instant OLDEST = NOW.minus(KEEP);
    private static final int QUEUE = 4 * MessageRetention.BATCH;

    private final InMemoryStorage memory = new InMemoryStorage();
    private final Database database = new Database(memory);
    private final MessageCenter center = MessageCenter.builder()
            .storage(database)
            .groupCommit(new GroupCommit.Limits(512, QUEUE))
            .build();
    private final RetireMessages retireMessages = new RetireMessages(center.writes());
    private final List<Integer> told = new ArrayList<>();
    private final Person alice = person("alice");
    private final Person bob = person("bob");
    private final MessageRetention retention = retention();

    /** Fails, or waits, where it is told to. */
    private static final class Database extends ForwardingStorage {
        private volatile int deletionsBeforeFailure = Integer.MAX_VALUE;
        private volatile boolean failsAfterCommit;
        private final CountDownLatch waiting = new CountDownLatch(1);
        private final Semaphore gate = new Semaphore(1);

        Database(Storage storage) {
            super(storage);
        }

        @Override
        public List<WriteResult> write(List<? extends Write> batch) {
            waiting.countDown();
            gate.acquireUninterruptibly();
            gate.release();
            for (var write : batch) {
                if (write instanceof MessageChange && deletionsBeforeFailure-- == 0) {
                    if (failsAfterCommit) {
                        super.write(batch);
                    }
                    throw ChatException.unavailable("The database is gone", new IOException());
                }
            }
            return super.write(batch);
        }
    }

    @AfterEach
    void close() {
        database.gate.release(); // or what a failed test left waiting would wait for ever
        center.close();
    }

    private MessageRetention retention() {
        return new MessageRetention(
                memory.retention(), retireMessages, KEEP, Clock.fixed(NOW, ZoneOffset.UTC), new Telemetry() {
                    @Override
                    public void messagesRetired(int count) {
                        told.add(count);
                    }
                });
    }

    private Person person(String name) {
        return memory.users()
                .create(new NewUser(new Username(name), Optional.empty(), PasswordHash.UNUSABLE, OLDEST, false))
                .person();
    }

    private void say(Person from, Person to, Instant at, int count) {
        var batch = new ArrayList<NewMessage>();
        for (int i = 0; i < count; i++) {
            batch.add(new NewMessage(
                    memory.ids().next(),
                    from,
                    to,
                    new MessageBody("hello"),
                    at.plusNanos(1_000L * i),
                    Optional.empty()));
        }
        memory.messages().write(batch);
    }

    private static void goRound(MessageRetention retention) {
        for (int i = 0; retention.step(); i++) {
            assertThat(i).isLessThan(100);
        }
    }

    private List<Long> deleted(Person reader) {
        return memory.feeds().read(reader.id(), FeedSeq.ZERO, 10_000).events().stream()
                .filter(MessageDeleted.class::isInstance)
                .map(event -> ((MessageDeleted) event).message().seq().value())
                .toList();
    }

    private boolean isDone(Person one, Person other) {
        return memory.retention()
                .expired(ConversationKey.of(one.id(), other.id()), OLDEST, 1)
                .isEmpty();
    }

    @Test
    void whatIsAsOldAsItMayBeIsKeptAndWhatIsOlderIsNot() {
        say(alice, bob, OLDEST.minusNanos(1_000), 2);

        goRound(retention);

        assertThat(deleted(bob)).containsExactly(1L);
        assertThat(deleted(alice)).containsExactly(1L);
        assertThat(told).containsExactly(1);
    }

    @Test
    void aLongConversationIsDoneInBatchesBetweenOthers() {
        var carol = person("carol");
        int count = 2 * MessageRetention.BATCH + 1;
        say(alice, bob, OLDEST.minusSeconds(9), count);
        say(alice, carol, OLDEST.minusSeconds(9), 1);

        goRound(retention);

        assertThat(told).containsExactly(MessageRetention.BATCH, 1, MessageRetention.BATCH, 1);
        assertThat(deleted(bob)).hasSize(count).doesNotHaveDuplicates().isSorted();
        assertThat(isDone(alice, bob)).isTrue();
    }

    @Test
    void whatFailsHalfWayIsDoneByWhoeverGoesOnAndNothingIsDoneTwice() {
        int count = 3 * MessageRetention.BATCH;
        for (boolean afterCommit : new boolean[] {false, true}) {
            var reader = person("reader-" + afterCommit);
            say(alice, reader, OLDEST.minusSeconds(9), count);
            database.failsAfterCommit = afterCommit;
            database.deletionsBeforeFailure = MessageRetention.BATCH + 7;

            assertThatThrownBy(() -> goRound(retention)).hasRootCauseInstanceOf(IOException.class);
            assertThat(deleted(reader)).hasSizeGreaterThanOrEqualTo(MessageRetention.BATCH);
            assertThat(isDone(alice, reader)).isFalse();

            goRound(retention()); // another node
            assertThat(deleted(reader)).hasSize(count).doesNotHaveDuplicates();
            assertThat(isDone(alice, reader)).isTrue();
        }
        assertThat(deleted(alice)).hasSize(2 * count);
    }

    @Test
    void aNodeThatWasKilledBeforeItSaidThatItIsDoneDoublesNothing() {
        say(alice, bob, OLDEST.minusSeconds(9), 3);
        var key = ConversationKey.of(alice.id(), bob.id());
        retireMessages.retire(memory.retention().expired(key, OLDEST, 10)).join();
        assertThat(deleted(bob)).hasSize(3);

        goRound(retention);

        assertThat(deleted(bob)).hasSize(3);
        assertThat(isDone(alice, bob)).isTrue();
        assertThat(told).containsExactly(0);
    }

    @Test
    void whoeverSendsComesFirst() throws InterruptedException {
        say(alice, bob, OLDEST.minusSeconds(9), 1);
        database.gate.acquireUninterruptibly();
        var sends = new ArrayList<CompletableFuture<?>>();
        sends.add(center.send(alice, "bob", "first"));
        database.waiting.await(); // it is being committed, so all that follows waits
        for (int i = 0; i < QUEUE / 4; i++) {
            sends.add(center.send(alice, "bob", "hello"));
        }
        await().until(() -> center.writes().queued() == QUEUE / 4);

        for (int i = 0; i < 10; i++) {
            assertThat(retention.step()).isTrue();
        }
        assertThat(center.writes().queued()).isEqualTo(QUEUE / 4);

        database.gate.release();
        sends.forEach(CompletableFuture::join);
        assertThat(deleted(bob)).isEmpty();
        goRound(retention);
        assertThat(deleted(bob)).containsExactly(1L);
    }
}

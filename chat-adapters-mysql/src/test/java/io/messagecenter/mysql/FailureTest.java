package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers hear when the database fails them. */
@Timeout(60)
class FailureTest {
    @TempDir
    private Path directory;

    private DataSource pool;
    private MysqlStorage storage;
    private Person alice;
    private Person bob;

    @BeforeEach
    void open() {
        pool = TestDatabase.h2(directory).pool(3);
        storage = MysqlStorage.of(pool);
        storage.migrate();
        alice = Conversing.person(storage, "alice");
        bob = Conversing.person(storage, "bob");
    }

    @AfterEach
    void close() {
        pool.close(true);
    }

    private static void assertOutage(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessage("The database does not answer.");
    }

    @Test
    void aServerThatIsNotThereIsAnOutageForEveryStore() {
        var away = new TestDatabase("jdbc:mysql://127.0.0.1:1/chat", "chat", "chat").pool(1);
        var unreachable = MysqlStorage.of(away);
        var message = Conversing.draft(storage, alice, bob, "k");

        assertOutage(unreachable::check);
        assertOutage(unreachable::migrate);
        assertOutage(() -> unreachable.ids().next());
        assertOutage(() -> unreachable.users().find(new Username("alice")));
        assertOutage(() -> unreachable.users().find(new UserId(1)));
        assertOutage(() -> Conversing.person(unreachable, "carol"));
        assertOutage(() -> unreachable.sessions().purge(Conversing.SENT));
        assertOutage(() -> unreachable.messages().write(List.of(message)));
        assertOutage(() -> unreachable.messages().find(alice.id(), new MessageId(1)));
        assertOutage(() -> unreachable.conversations().last(ConversationKey.of(alice.id(), bob.id())));
        assertOutage(() -> unreachable.feeds().read(alice.id(), FeedSeq.ZERO, 1));
        assertOutage(() -> unreachable.feeds().heads(List.of(alice.id())));
        away.close(true);
    }

    @Test
    void anExhaustedPoolIsAnOutage() throws SQLException {
        var one = TestDatabase.h2(directory).pool(1);
        one.setMaxWait(50);
        try (var taken = one.getConnection()) {
            assertThat(taken.isClosed()).isFalse();
            assertOutage(() -> MysqlStorage.of(one).check());
        } finally {
            one.close(true);
        }
    }

    /** Whatever fails so is logged with all that it says. */
    @Test
    void aStatementThatFailsDoesNotTellWhatItWasAbout() throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE chat_user RENAME COLUMN password_hash TO elsewhere");
            statement.execute("ALTER TABLE chat_user RENAME COLUMN email TO nowhere");
        }

        assertThatThrownBy(
                        () -> storage.users().setEmail(alice.id(), Optional.of(new EmailAddress("secret@example.org"))))
                .hasStackTraceContaining("EMAIL")
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("secret"));
        assertThatThrownBy(() -> storage.users()
                        .setPassword(alice.id(), PasswordHash.UNUSABLE, new PasswordHash("$secret$hash")))
                .hasStackTraceContaining("PASSWORD_HASH")
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("secret"));
    }

    private static String stackTrace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** Breaks the commit with that number, before or after it takes effect. */
    private MysqlStorage breaking(int number, boolean afterwards, String state, AtomicInteger commits) {
        return MysqlStorage.of(Intercepted.dataSource(pool, new Intercepted.Interceptor() {
            @Override
            public void before(Object target, Method method) throws SQLException {
                if (isCommit(target, method) && commits.incrementAndGet() == number && !afterwards) {
                    throw new SQLException("on purpose", state);
                }
            }

            @Override
            public void after(Object target, Method method) throws SQLException {
                if (isCommit(target, method) && commits.get() == number && afterwards) {
                    throw new SQLException("on purpose", state);
                }
            }

            private boolean isCommit(Object target, Method method) {
                return target instanceof Connection && method.getName().equals("commit");
            }
        }));
    }

    @Test
    void anAppendWhoseCommitsAnswerIsLostIsAnOutageAndIsNotTriedAgain() {
        var commits = new AtomicInteger();
        var broken = breaking(4, true, "08S01", commits);
        // A block of message ids, a block of conversation ids, and the first append.
        broken.messages().write(List.of(Conversing.draft(broken, alice, bob, "first")));
        assertThat(commits.get()).isEqualTo(3);
        var lost = Conversing.draft(broken, alice, bob, "lost");

        assertOutage(() -> broken.messages().write(List.of(lost)));

        assertThat(commits.get()).isEqualTo(4);
        assertThat(Conversing.feed(storage, bob)).containsExactly("first", "lost");
        assertThat(broken.messages().write(List.of(lost))).hasOnlyElementsOfType(WriteResult.Repeated.class);
        assertThat(Conversing.feed(storage, bob)).containsExactly("first", "lost");
    }

    @Test
    void aCommitThatTheDatabaseRolledBackIsTriedAgain() {
        var commits = new AtomicInteger();
        var broken = breaking(1, false, "40001", commits);

        assertThat(broken.ids().next()).isNotNull();

        assertThat(commits.get()).isEqualTo(2);
    }

    @Test
    void aCommitOfWhichNobodyKnowsIsNotTriedAgain() {
        var commits = new AtomicInteger();
        var broken = breaking(1, false, "40003", commits);

        assertOutage(() -> broken.ids().next());

        assertThat(commits.get()).isEqualTo(1);
    }

    @Test
    void aMessageThatCannotBeStoredIsNoOutageAndLeavesNothing() {
        var first = Conversing.draft(storage, alice, bob, "first");
        storage.messages().write(List.of(first));
        var good = Conversing.draft(storage, alice, bob, "good");
        var poisoned = new NewMessage(first.id(), bob, alice, first.body(), Conversing.SENT, Optional.empty());

        assertThatThrownBy(() -> storage.messages().write(List.of(good, poisoned)))
                .isInstanceOf(RuntimeException.class)
                .isNotInstanceOf(ChatException.class);

        assertThat(Conversing.conversation(storage, alice, bob)).containsExactly("first");
        assertThat(Conversing.feed(storage, bob)).containsExactly("first");
        storage.messages().write(List.of(good));
        assertThat(Conversing.feed(storage, bob)).containsExactly("first", "good");
    }

    @Test
    void aLockThatIsHeldTooLongIsWaitedForAgain() throws Exception {
        var retries = new AtomicInteger();
        var database = TestDatabase.h2(directory);
        var impatient = new TestDatabase(database.url() + ";LOCK_TIMEOUT=50", database.user(), database.password());
        var other = impatient.pool(2);
        try (var holder = pool.getConnection();
                var statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM chat_feed_head WHERE user_id = " + bob.id() + " FOR UPDATE");
            var retrying = MysqlStorage.builder(other)
                    .telemetry(new Telemetry() {
                        @Override
                        public void commitRetried() {
                            if (retries.incrementAndGet() == 1) {
                                try {
                                    holder.rollback();
                                } catch (SQLException e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                        }
                    })
                    .build();

            retrying.messages().write(List.of(Conversing.draft(storage, alice, bob, "k")));
            holder.setAutoCommit(true);
        } finally {
            other.close(true);
        }

        assertThat(retries.get()).isPositive();
        assertThat(Conversing.feed(storage, bob)).containsExactly("k");
    }

    @Test
    void aCursorBeforeWhatIsKeptIsRefusedWithWhereTheFeedStands() throws SQLException {
        for (int i = 1; i <= 5; i++) {
            storage.messages().write(List.of(Conversing.draft(storage, alice, bob, "k" + i)));
        }
        execute("DELETE FROM chat_feed_entry WHERE user_id = " + bob.id() + " AND seq <= 3");
        execute("UPDATE chat_feed_head SET feed_pruned = 3 WHERE user_id = " + bob.id());

        assertThatThrownBy(() -> storage.feeds().read(bob.id(), new FeedSeq(2), 10))
                .isInstanceOfSatisfying(ChatException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CURSOR_TOO_OLD);
                    assertThat(e.feedLast()).hasValue(5);
                });
        assertThat(storage.feeds().read(bob.id(), new FeedSeq(3), 10).events()).hasSize(2);
    }

    @Test
    void aFeedThatLacksAnEntryIsNeverReadOver() throws SQLException {
        for (int i = 1; i <= 3; i++) {
            storage.messages().write(List.of(Conversing.draft(storage, alice, bob, "k" + i)));
        }
        execute("DELETE FROM chat_feed_entry WHERE user_id = " + bob.id() + " AND seq = 2");
        execute("DELETE FROM chat_message WHERE seq = 3");

        assertThatThrownBy(() -> storage.feeds().read(bob.id(), FeedSeq.ZERO, 10))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The feed of user " + bob.id() + " lacks its entry 2");
        assertThatThrownBy(() -> storage.feeds().read(bob.id(), new FeedSeq(1), 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The feed of user " + bob.id() + " lacks its entry 2");
        assertThatThrownBy(() -> storage.feeds().read(alice.id(), new FeedSeq(1), 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The feed of user " + alice.id() + " lacks its entry 3");
    }

    @Test
    void aPoolIsClosedWithTheStorageIfItWasGivenToItForThat() {
        var closed = new AtomicBoolean();

        MysqlStorage.of(pool).close();
        MysqlStorage.builder(pool).closing(() -> closed.set(true)).build().close();

        assertThat(closed).isTrue();
        storage.check();
    }

    @Test
    void aKeyThatWasUsedBeforeIsKnownAlsoWhereTheRecipientIsNobody() {
        var nobody = new Person(new UserId(999_999), new Username("nobody"));
        storage.messages().write(List.of(Conversing.draft(storage, alice, bob, "k")));

        var results = MysqlStorage.of(pool)
                .messages()
                .write(List.of(
                        Conversing.draft(storage, alice, nobody, "k"), Conversing.draft(storage, alice, nobody, "l")));

        assertThat(results).containsExactly(new WriteResult.KeyReused(new ClientKey("k")), new WriteResult.Nobody());
    }

    @Test
    void aConversationOfAnotherNodeIsFoundWithItsNumbers() {
        var other = MysqlStorage.of(pool);
        storage.messages().write(List.of(Conversing.draft(storage, alice, bob, "k1")));

        other.messages().write(List.of(Conversing.draft(other, bob, alice, "k2")));
        storage.messages().write(List.of(Conversing.draft(storage, alice, bob, "k3")));

        assertThat(storage.conversations().last(ConversationKey.of(alice.id(), bob.id())))
                .isEqualTo(new MessageSeq(3));
        assertThat(Conversing.conversation(other, alice, bob)).containsExactly("k1", "k2", "k3");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}

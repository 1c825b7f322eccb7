package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.contract.Race;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Person;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server does that a contract cannot ask for: it deadlocks, dies, has a time zone, and a largest packet. */
@Timeout(120)
class MariaDbTest {
    private TestDatabase database;
    private DataSource pool;
    private MysqlStorage storage;
    private Person alice;
    private Person bob;
    private final AtomicInteger retries = new AtomicInteger();

    @BeforeEach
    void open() {
        database = TestDatabase.mariaDb();
        pool = database.pool(8);
        storage = MysqlStorage.builder(pool)
                .telemetry(new Telemetry() {
                    @Override
                    public void commitRetried() {
                        retries.incrementAndGet();
                    }
                })
                .build();
        storage.migrate();
        alice = Conversing.person(storage, "alice");
        bob = Conversing.person(storage, "bob");
    }

    @AfterEach
    void close() {
        pool.close(true);
    }

    @Test
    void aDeadlockWithSomebodyWhoLocksTheOtherWayRoundIsTriedAgainAndDoublesNothing() throws Exception {
        var message = Conversing.draft(storage, alice, bob, "k");
        try (var other = pool.getConnection()) {
            other.setAutoCommit(false);
            // The server ends whoever has changed less: that shall be the storage.
            for (int i = 0; i < 50; i++) {
                execute(other, "INSERT INTO chat_id (name, next_id) VALUES ('x" + i + "', 1)");
            }
            execute(other, "UPDATE chat_feed_head SET feed_pruned = 0, feed_seq = 0 WHERE user_id = " + bob.id());
            lock(other, bob);
            var append = CompletableFuture.supplyAsync(() -> storage.messages().write(List.of(message)));
            awaitSomebodyWaiting();
            lock(other, alice);
            other.rollback();
            other.setAutoCommit(true);

            assertThat(append.get(30, TimeUnit.SECONDS)).hasOnlyElementsOfType(Appended.class);
        }

        assertThat(retries.get()).isEqualTo(1);
        assertThat(Conversing.feed(storage, alice)).containsExactly("k");
        assertThat(Conversing.feed(storage, bob)).containsExactly("k");
    }

    private void awaitSomebodyWaiting() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> count("information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'") == 1);
    }

    private static void lock(Connection connection, Person person) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeQuery("SELECT * FROM chat_feed_head WHERE user_id = " + person.id() + " FOR UPDATE");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private long count(String from) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void aServerThatIsKilledHasKeptWhatWasAcknowledgedAndARepeatStoresTheRestOnce() {
        assertThat(TestDatabase.mariaDbIsEmbedded())
                .as("only a server of the test's own can be killed: unset CHAT_TEST_DB_URL")
                .isTrue();
        int writers = 4;
        var sent = new ConcurrentLinkedQueue<NewMessage>();
        var acknowledged = ConcurrentHashMap.<String>newKeySet();
        var underway = new CountDownLatch(200);
        var killer = CompletableFuture.runAsync(() -> {
            try {
                assertThat(underway.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            TestDatabase.killMariaDb();
        });

        try {
            Race.run(writers, writer -> {
                for (int i = 0; ; i++) {
                    var batch = new ArrayList<NewMessage>();
                    try {
                        for (int j = 0; j < 5; j++) {
                            var one = writer % 2 == 0 ? alice : bob;
                            var key = writer + "." + i + "." + j;
                            batch.add(Conversing.draft(storage, one, one.equals(alice) ? bob : alice, key));
                        }
                        sent.addAll(batch);
                        storage.messages().write(batch);
                    } catch (ChatException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                        return writer;
                    }
                    batch.forEach(message -> acknowledged.add(message.body().text()));
                    underway.countDown();
                }
            });
        } finally {
            killer.join();
            TestDatabase.restartMariaDb(); // other tests need it, whatever became of this one
        }

        var kept = Conversing.conversation(storage, alice, bob);
        assertThat(Set.copyOf(kept)).hasSameSizeAs(kept).containsAll(acknowledged);
        assertThat(Conversing.feed(storage, alice)).isEqualTo(kept);

        storage.messages().write(List.copyOf(sent));
        var all = new HashSet<String>();
        sent.forEach(message -> all.add(message.body().text()));
        assertThat(Conversing.conversation(storage, alice, bob)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(Conversing.feed(storage, alice)).isEqualTo(Conversing.conversation(storage, alice, bob));
        assertThat(Conversing.feed(storage, bob)).isEqualTo(Conversing.feed(storage, alice));
    }

    @Test
    void momentsAreKeptInUtcWhateverTheZonesOfJvmAndSession() throws SQLException {
        var before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        // In New York the first of these is in the hour that is left out, the others in the one that comes twice.
        var moments = List.of(
                Instant.parse("2026-03-08T02:30:00.000001Z"),
                Instant.parse("2026-11-01T05:30:00.000002Z"),
                Instant.parse("2026-11-01T06:30:00.000003Z"));
        var there = new TestDatabase(
                database.url() + "?connectionTimeZone=America/New_York&forceConnectionTimeZoneToSession=false"
                        + "&sessionVariables=time_zone='-05:00'",
                database.user(),
                database.password());
        var elsewhere = there.pool(2);
        try {
            var node = MysqlStorage.of(elsewhere);
            for (var moment : moments) {
                node.messages().write(List.of(Conversing.draft(node, alice, bob, moment.toString(), moment)));
            }

            for (var reader : List.of(node, storage)) {
                assertThat(reader.feeds().read(alice.id(), FeedSeq.ZERO, 9).events())
                        .extracting(event -> ((MessageSent) event).message().sent())
                        .isEqualTo(moments);
            }
            try (var connection = elsewhere.getConnection();
                    var statement = connection.createStatement();
                    var rows =
                            statement.executeQuery("SELECT CAST(sent_at AS CHAR) FROM chat_message ORDER BY sent_at")) {
                for (var moment : moments) {
                    assertThat(rows.next()).isTrue();
                    assertThat(Instant.parse(rows.getString(1).replace(' ', 'T') + "Z"))
                            .isEqualTo(moment);
                }
            }
        } finally {
            elsewhere.close(true);
            TimeZone.setDefault(before);
        }
    }

    @Test
    void aBatchLargerThanAPacketIsStoredWhole() {
        // 400 KB each, 24 MB together, where the server takes 16 MiB at once.
        var text = new MessageBody("\uD83D\uDE00".repeat(MessageBody.MAX_CODE_POINTS));
        var batch = new ArrayList<NewMessage>();
        for (int i = 0; i < 60; i++) {
            batch.add(new NewMessage(storage.ids().next(), alice, bob, text, Conversing.SENT, Optional.empty()));
        }

        var results = storage.messages().write(batch);

        assertThat(results).hasSize(60).hasOnlyElementsOfType(Appended.class);
        assertThat(Conversing.feed(storage, bob)).hasSize(60).containsOnly(text.text());
    }

    @Test
    void whatLooksLikeSqlIsText() {
        var texts =
                List.of("'); DROP TABLE chat_user; --", "\\", "\\' OR 1=1", "?", "{ts '2026'}", ":name", "<a>", "\"");

        for (var text : texts) {
            storage.messages()
                    .write(List.of(new NewMessage(
                            storage.ids().next(),
                            alice,
                            bob,
                            new MessageBody(text),
                            Conversing.SENT,
                            Optional.of(new ClientKey(text.replace(" ", ""))))));
        }

        assertThat(Conversing.feed(storage, bob)).isEqualTo(texts);
    }
}

package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.conversation.ReadMessages;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.search.SearchMessages;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DjangoImportTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<DjangoImport.Progress> reports = new ArrayList<>();
    private DataSource pool;
    private MysqlStorage storage;

    /** What a note says makes the import fail, before its page is committed; nothing if this is empty. */
    private String failsAt = "";

    private void target(TestDatabase database) {
        pool = database.pool(2);
        open.add(() -> pool.close(true));
        storage = MysqlStorage.of(pool);
        storage.migrate();
    }

    private DjangoDatabase original(String charset) {
        var original = new DjangoDatabase(charset);
        open.add(original);
        return original;
    }

    @AfterEach
    void close() throws Exception {
        for (var one : open) {
            one.close();
        }
    }

    private DjangoImport.Progress run(DjangoDatabase original) {
        return DjangoImport.into(storage, new DjangoImport.Listener() {
                    @Override
                    public void progressed(DjangoImport.Progress progress) {
                        reports.add(progress);
                    }

                    @Override
                    public void noted(String line) {
                        notes.add(line);
                        if (!failsAt.isEmpty() && line.contains(failsAt)) {
                            throw new IllegalStateException("Stopped");
                        }
                    }
                })
                .run(original.address());
    }

    private Person person(String name) {
        return storage.users().find(new Username(name)).orElseThrow();
    }

    private List<String> texts(String one, String other) {
        return Conversing.conversation(storage, person(one), person(other));
    }

    // --- everything

    /** A message as it should be, or as it is. */
    private record Row(
            long id,
            String sender,
            String recipient,
            long seq,
            long senderPlace,
            long recipientPlace,
            String sent,
            String body) {}

    /** Numbers the original's messages one by one, and compares with what is stored, and with what the heads say. */
    private void assertSameAs(DjangoDatabase original) throws SQLException {
        var conversations = new HashMap<String, Long>();
        var mailboxes = new HashMap<String, Long>();
        var expected = "SELECT m.id, u.username, r.username, m.timestamp, m.body FROM core_messagemodel m"
                + " JOIN auth_user u ON u.id = m.user_id JOIN auth_user r ON r.id = m.recipient_id ORDER BY m.id";
        var stored =
                "SELECT m.id, s.username, r.username, m.seq, m.sender_mailbox, m.recipient_mailbox, m.sent_at, m.body"
                        + " FROM chat_message m JOIN chat_user s ON s.id = m.sender_id JOIN chat_user r ON r.id = m.recipient_id"
                        + " ORDER BY m.id";
        try (var target = pool.getConnection();
                var statement = original.connection().createStatement();
                var there = statement.executeQuery(expected);
                var here = target.createStatement().executeQuery(stored)) {
            while (there.next()) {
                var sender = there.getString(2);
                var recipient = there.getString(3);
                var pair = sender.compareTo(recipient) < 0 ? sender + " " + recipient : recipient + " " + sender;
                long seq = conversations.merge(pair, 1L, Long::sum);
                long place = mailboxes.merge(sender, 1L, Long::sum);
                long other = sender.equals(recipient) ? place : mailboxes.merge(recipient, 1L, Long::sum);
                var sent = there.getObject(4, LocalDateTime.class).toString();
                assertThat(here.next()).isTrue();
                assertThat(new Row(
                                here.getLong(1),
                                here.getString(2),
                                here.getString(3),
                                here.getLong(4),
                                here.getLong(5),
                                here.getLong(6),
                                here.getObject(7, LocalDateTime.class).toString(),
                                here.getString(8)))
                        .isEqualTo(new Row(
                                there.getLong(1), sender, recipient, seq, place, other, sent, there.getString(5)));
            }
            assertThat(here.next()).isFalse();
        }
        assertThat(numbers("SELECT u.username, h.mailbox_seq FROM chat_feed_head h JOIN chat_user u ON u.id = h.user_id"
                        + " WHERE h.mailbox_seq > 0 AND h.feed_seq = h.mailbox_seq AND h.feed_pruned = h.feed_seq"))
                .isEqualTo(mailboxes);
        assertThat(numbers(
                        "SELECT CONCAT(LEAST(a.username, b.username), ' ', GREATEST(a.username, b.username)), c.last_seq"
                                + " FROM chat_conversation c JOIN chat_user a ON a.id = c.user_low"
                                + " JOIN chat_user b ON b.id = c.user_high WHERE c.last_sent_at ="
                                + " (SELECT MAX(m.sent_at) FROM chat_message m WHERE m.conversation_id = c.id)"))
                .isEqualTo(conversations);
    }

    private Map<String, Long> numbers(String sql) throws SQLException {
        var numbers = new HashMap<String, Long>();
        try (var connection = pool.getConnection();
                var rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                numbers.put(rows.getString(1), rows.getLong(2));
            }
        }
        return numbers;
    }

    private long number(String sql) throws SQLException {
        return numbers("SELECT '', " + sql).get("");
    }

    @Test
    void twoHundredThousandMessagesComeOverAsTheyAreAndOnlyOnce() throws SQLException {
        var original = original("utf8mb4");
        original.users(1_234);
        original.messages(1, 200_200, 1_200);
        target(TestDatabase.mariaDb());

        var done = run(original);

        assertThat(done).isEqualTo(new DjangoImport.Progress(1_234, 0, 200_000, 0, 0, 200_200, 200_200));
        assertThat(notes).isEmpty();
        assertThat(reports).allMatch(report -> report.messages() <= 200_000 && report.ofMessage() == 200_200);
        assertSameAs(original);

        assertThat(run(original)).isEqualTo(done);
        assertThat(number("COUNT(*) FROM chat_message")).isEqualTo(200_000);

        original.user(5_000, "late", "!", "", false);
        original.message(300_000, 5_000, 1, "2026-01-01 00:00:00", "later");
        assertThat(run(original)).isEqualTo(new DjangoImport.Progress(1_235, 0, 200_001, 0, 0, 300_000, 300_000));
        assertSameAs(original);
    }

    @Test
    void theOldCharacterSetAndH2BringTheSameThing(@TempDir Path directory) throws SQLException {
        var original = original("utf8");
        original.users(50);
        original.messages(1, 5_000, 50);
        target(TestDatabase.h2(directory));

        assertThat(run(original).messages()).isEqualTo(4_995);

        assertSameAs(original);
    }

    @Test
    void whatIsWrittenAfterwardsGoesOnWhereTheOriginalStopped() {
        var original = original("utf8mb4");
        original.users(3);
        original.messages(1, 4_321, 2);
        target(TestDatabase.mariaDb());
        run(original);
        var reading = new ReadMessages(storage.messages(), storage.conversations());
        var one = person("u1");
        var other = person("u2");
        long count = reading.count(one, other);

        assertThat(reading.page(one, other, Optional.of(1L), 15).messages())
                .extracting(Message::seq)
                .containsExactlyElementsOf(java.util.stream.LongStream.iterate(count, seq -> seq - 1)
                        .limit(15)
                        .mapToObj(MessageSeq::new)
                        .toList());
        var head = storage.feeds().heads(List.of(one.id())).get(one.id());
        assertThat(head.value())
                .isEqualTo(storage.messages().lastInMailbox(one.id()).value());
        assertThatThrownBy(() -> storage.feeds().read(one.id(), FeedSeq.ZERO, 10))
                .isInstanceOfSatisfying(ChatException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CURSOR_TOO_OLD);
                    assertThat(e.feedLast()).hasValue(head.value());
                });
        assertThat(storage.feeds().read(one.id(), head, 10).events()).isEmpty();
        // Nobody wrote to them, so nothing is pruned.
        assertThat(storage.feeds().read(person("u3").id(), FeedSeq.ZERO, 10).events())
                .isEmpty();

        var old = Instant.parse("2000-01-01T00:00:00Z");
        var sent = (Appended) storage.messages()
                .write(List.of(Conversing.draft(storage, one, other, "new", old)))
                .get(0);

        assertThat(sent.message().id().value()).isGreaterThan(4_321);
        assertThat(sent.message().seq().value()).isEqualTo(count + 1);
        assertThat(sent.message().sent()).isAfter(Instant.parse("2021-03-28T01:59:59Z"));
        assertThat(storage.feeds().read(one.id(), head, 10).events())
                .singleElement()
                .isInstanceOfSatisfying(
                        MessageSent.class, event -> assertThat(event.seq()).isEqualTo(head.next()));
        assertThatThrownBy(() -> run(original))
                .isInstanceOf(DjangoImportException.class)
                .hasMessageContaining("has messages of its own since the import");
    }

    @Test
    void whatWasImportedIsFoundBeforeAndAfterItIsIndexed() {
        var original = original("utf8mb4");
        original.users(3);
        original.messages(1, 3_000, 2);
        target(TestDatabase.mariaDb());
        run(original);
        var one = person("u1");
        var text = texts("u1", "u2").get(700);
        var found = search(one, text);
        assertThat(storage.search().behind(Optional.empty(), 100).users()).contains(one.id());
        while (storage.search().advance(one.id())) {
            assertThat(search(one, text)).isEqualTo(found);
        }
        assertThat(found).extracting(Message::text).contains(text);
        assertThat(storage.search().reach(one.id()).indexed().value()).isGreaterThanOrEqualTo(1_024);
    }

    private List<Message> search(Person reader, String text) {
        var searching = new SearchMessages(storage.search(), user -> {});
        var found = new ArrayList<Message>();
        var before = Optional.<MessageId>empty();
        do {
            var page = searching.search(
                    new SearchMessages.Command(reader, SearchQuery.of(text), Optional.of(person("u2")), before, 100));
            found.addAll(page.messages());
            before = page.next();
        } while (before.isPresent());
        return found;
    }

    @Test
    void longMessagesDoNotCrossTheNetworkAgainForEveryPage() throws SQLException {
        var original = original("utf8mb4");
        original.users(2);
        original.messages(1, 2_000, 2);
        original.execute("UPDATE core_messagemodel SET body = REPEAT('long ', 8000) WHERE id > 1000");
        target(TestDatabase.mariaDb());
        long before = sent(original);

        var done = run(original);

        assertThat(done.messages()).isEqualTo(1_998);
        assertThat(done.changed()).isZero();
        assertThat(sent(original) - before).isBetween(1_000L * 40_000, 3L * 1_000 * 40_000);
    }

    /** How much the server has sent to anybody, in bytes. */
    private static long sent(DjangoDatabase original) throws SQLException {
        try (var statement = original.connection().createStatement();
                var row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Bytes_sent'")) {
            row.next();
            return row.getLong(2);
        }
    }

    // --- stopped and gone on with

    @Test
    void anImportThatStopsAnywhereGoesOnAndDoublesNothing() throws SQLException {
        var original = original("utf8mb4");
        original.users(1_500);
        original.messages(1, 12_000, 1_500);
        original.message(12_001, 99_999, 1, "2026-01-01 00:00:00", "of nobody");
        original.messages(12_002, 14_000, 1_500);
        target(TestDatabase.mariaDb());

        failsAt = "Message 12001";
        assertThatThrownBy(() -> run(original)).hasMessage("Stopped");
        assertThat(number("COUNT(*) FROM chat_message")).isPositive().isLessThan(12_000);
        assertThatThrownBy(() -> run(original)).hasMessage("Stopped");

        failsAt = "";
        var done = run(original);
        assertThat(done).isEqualTo(new DjangoImport.Progress(1_500, 0, 13_985, 0, 1, 14_000, 14_000));
        assertThat(number("COUNT(*) FROM chat_message")).isEqualTo(13_985);
        assertSameAs(original);
        assertThat(notes).allMatch("Message 12001 is left out: there is no user 99999."::equals);
    }

    // --- refused

    @Test
    void aMessageCenterThatIsInUseIsRefused() {
        var original = original("utf8mb4");
        original.users(2);
        original.messages(1, 10, 2);
        target(TestDatabase.mariaDb());
        var alice = Conversing.person(storage, "alice");
        storage.messages().write(List.of(Conversing.draft(storage, alice, alice, "mine")));

        assertThatThrownBy(() -> run(original))
                .isInstanceOf(DjangoImportException.class)
                .hasMessageContaining("has messages already");
        assertThat(storage.users().find(new Username("u1"))).isEmpty();
    }

    @Test
    void anotherOriginalIsRefused() {
        var original = original("utf8mb4");
        original.users(2);
        original.messages(1, 10, 2);
        target(TestDatabase.mariaDb());
        run(original);
        var another = original("utf8mb4");
        another.users(2);
        another.messages(1, 20, 2);
        another.execute("UPDATE core_messagemodel SET timestamp = timestamp + INTERVAL 1 MICROSECOND");

        assertThatThrownBy(() -> run(another))
                .isInstanceOf(DjangoImportException.class)
                .hasMessageContaining("not the database that the import began with");
    }

    @Test
    void messagesThatCameLateAreNotMissedInSilence() {
        var original = original("utf8mb4");
        original.users(2);
        original.messages(1, 10, 2);
        original.execute("DELETE FROM core_messagemodel WHERE id = 5");
        target(TestDatabase.mariaDb());
        run(original);
        original.message(5, 1, 2, "2026-01-01 00:00:00", "late");

        assertThatThrownBy(() -> run(original))
                .isInstanceOf(DjangoImportException.class)
                .hasMessageContaining("1 messages were missed");
    }

    @Test
    void aDatabaseThatIsNotTheOriginalsIsRefused() {
        var original = original("utf8mb4");
        original.execute("DROP TABLE core_messagemodel");
        target(TestDatabase.mariaDb());

        assertThatThrownBy(() -> run(original))
                .isInstanceOf(DjangoImportException.class)
                .hasMessageContaining("core_messagemodel");
    }

    // --- people

    @Test
    void peopleKeepWhatTheyAre() {
        var original = original("utf8mb4");
        var hasher = new Pbkdf2PasswordHasher(10);
        var hash = hasher.hash(new Password("correct horse")).encoded();
        original.user(7, "Ådå", hash, "ada@example.org", true);
        original.user(8, "bob", "bcrypt_sha256$$2b$12$abc", "not an address", false);
        original.user(9, "carol", hash, "carol@example.org", true);
        original.execute("UPDATE auth_user SET is_active = 0 WHERE id = 9");
        original.user(
                10, "dora", "pbkdf2_sha256$999999999$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "", false);
        original.user(11, "emil", "!unusable", " ", false);
        target(TestDatabase.mariaDb());

        assertThat(run(original).users()).isEqualTo(5);

        var ada = storage.users().credentials(new Username("ådå")).orElseThrow();
        assertThat(ada.user().person().name().value()).isEqualTo("Ådå");
        assertThat(hasher.matches(new Password("correct horse"), ada.passwordHash()))
                .isTrue();
        assertThat(ada.user().admin()).isTrue();
        assertThat(ada.user().created()).isEqualTo("2020-02-29T23:59:59.123456Z");
        assertThat(ada.user().email()).hasToString("Optional[ada@example.org]");
        assertThat(storage.users().credentials(new EmailAddress("ADA@example.org"), 2))
                .containsExactly(ada);
        var carol = storage.users().credentials(new Username("carol")).orElseThrow();
        assertThat(carol.user().disabled()).isTrue();
        assertThat(carol.user().email()).hasToString("Optional[carol@example.org]");
        assertThat(carol.passwordHash().encoded()).isEqualTo(hash);
        assertThat(ada.user().disabled()).isFalse();
        for (var name : List.of("bob", "dora", "emil")) {
            var credentials = storage.users().credentials(new Username(name)).orElseThrow();
            assertThat(credentials.passwordHash()).as(name).isEqualTo(PasswordHash.UNUSABLE);
            assertThat(credentials.user().email()).as(name).isEmpty();
            assertThat(credentials.user().admin()).as(name).isFalse();
        }
        assertThat(notes)
                .containsExactly(
                        "User 8, \"bob\", has no e-mail address now: theirs was none.",
                        "User 8, \"bob\", has no password now: it is not hashed by PBKDF2 with SHA-256.",
                        "User 10, \"dora\", has no password now: it is not hashed by PBKDF2 with SHA-256.");
    }

    @Test
    void namesThatAreTakenOrNotAllowedAreReplacedAndKeepTheirMessages() {
        var original = original("utf8mb4 COLLATE utf8mb4_bin");
        target(TestDatabase.mariaDb());
        Conversing.person(storage, "admin");
        var names = List.of(
                "bob",
                "Bob",
                "BOB-2",
                "a b",
                "a_b",
                "ADMIN",
                "x\u001b[2J",
                "é".repeat(150),
                "É".repeat(150),
                "",
                ".",
                "..");
        for (int i = 0; i < names.size(); i++) {
            original.user(i + 1, names.get(i), "!", "", false);
            original.message(i + 1, i + 1, 1, "2026-01-01 00:00:00", names.get(i) + "!");
        }

        var done = run(original);

        assertThat(done.users()).isEqualTo(12);
        assertThat(done.messages()).isEqualTo(12);
        var now = Map.ofEntries(
                Map.entry(2, "Bob-2"),
                Map.entry(3, "BOB-2-3"),
                Map.entry(4, "a_b"),
                Map.entry(5, "a_b-5"),
                Map.entry(6, "ADMIN-6"),
                Map.entry(7, "x__2J"),
                Map.entry(9, "É".repeat(148) + "-9"),
                Map.entry(10, "user"),
                Map.entry(11, "_"),
                Map.entry(12, "__"));
        assertThat(done.renamed()).isEqualTo(now.size());
        now.forEach((id, name) -> assertThat(person(name).name().value()).isEqualTo(name));
        assertThat(texts("a_b", "bob")).containsExactly("a b!");
        assertThat(texts("a_b-5", "bob")).containsExactly("a_b!");
        assertThat(notes)
                .contains(
                        "User 2, \"Bob\", is now Bob-2: somebody else has the name, whatever its case.",
                        "User 4, \"a b\", is now a_b: the name is not allowed as it was.",
                        "User 7, \"x\uFFFD[2J\", is now x__2J: the name is not allowed as it was.",
                        "User 11, \".\", is now _: the name is not allowed as it was.");
    }

    // --- texts

    @Test
    void textsStayAsTheyAreWhereTheyCan() {
        var original = original("utf8mb4");
        original.users(2);
        var longest = "🙂".repeat(100_000);
        var texts = List.of(
                "plain",
                "two\n\tlines\r\n",
                "nul\u0000 and bell\u0007",
                " \u00a0\n",
                "👋🏽 שלום",
                longest,
                longest + "x",
                "y".repeat(100_000) + "\nand more",
                "  outer ",
                "\u0085x");
        for (int i = 0; i < texts.size(); i++) {
            original.message(i + 1, 1, 2, "2026-01-01 00:00:00.00000" + i, texts.get(i));
        }
        original.execute(
                "INSERT INTO core_messagemodel (id, user_id, recipient_id, timestamp, body)"
                        + " VALUES (20, 1, 2, '0000-00-00 00:00:00', 'no time'), (21, 1, 2, '9999-12-31 23:59:59.999999', 'too late')");
        target(TestDatabase.mariaDb());

        var done = run(original);

        assertThat(texts("u1", "u2"))
                .containsExactly(
                        "plain",
                        "two\n\tlines",
                        "nul\uFFFD and bell\uFFFD",
                        "👋🏽 שלום",
                        longest,
                        "🙂".repeat(99_999) + "…",
                        "y".repeat(100_000),
                        "outer",
                        "x");
        assertThat(done.messages()).isEqualTo(9);
        assertThat(done.leftOut()).isEqualTo(3);
        assertThat(notes)
                .containsExactlyInAnyOrder(
                        "Message 4 is left out: there is nothing in it.",
                        "Message 20 is left out: its time is none.",
                        "Message 21 is left out: its time is none.",
                        "Message 3 is changed: its text is not allowed as it was.",
                        "Message 7 is changed: its text is not allowed as it was.",
                        "Message 8 is changed: its text is not allowed as it was.");
        assertThat(done.changed()).isEqualTo(3);
        assertThat(storage.conversations()
                        .messages(
                                ConversationKey.of(
                                        person("u1").id(), person("u2").id()),
                                new MessageSeq(5),
                                new MessageSeq(5)))
                .extracting(Message::text)
                .containsExactly(longest);
    }
}

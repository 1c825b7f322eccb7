package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** No query may read or sort more of a table as the table grows: the server's plan for each of them says so. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryPlanTest {
    private static final int PEOPLE = 300;
    private static final int PAGE = 15;

    private final List<String> queries = new ArrayList<>();
    private DataSource pool;
    private MysqlStorage storage;
    private List<Person> people;
    private Person hub;
    private ConversationKey key;

    @BeforeAll
    void fill() throws SQLException {
        pool = TestDatabase.mariaDb().pool(4);
        pool.setUseStatementFacade(false); // it would stand before what the driver says of a statement
        var filling = MysqlStorage.of(pool);
        filling.migrate();
        people = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            people.add(Conversing.person(filling, "user" + i));
        }
        key = ConversationKey.of(people.get(0).id(), people.get(1).id());
        int count = 0;
        for (int round = 0; round < 20; round++) {
            var batch = new ArrayList<NewMessage>();
            for (int i = 0; i < 150; i++) {
                batch.add(Conversing.draft(filling, people.get(i % 2), people.get(1 - i % 2), "k" + count++));
            }
            for (int i = 0; i < PEOPLE; i++) {
                batch.add(
                        Conversing.draft(filling, people.get(i), people.get((i + 1 + round) % PEOPLE), "k" + count++));
            }
            filling.messages().write(batch);
        }
        hub = people.get(PEOPLE - 1);
        var toAll = new ArrayList<NewMessage>();
        for (var person : people) {
            toAll.add(Conversing.draft(filling, hub, person, "k" + count++));
        }
        filling.messages().write(toAll);
        for (int i = 0; i < PEOPLE; i++) {
            var session = new Session(
                    new SessionId(i + 1), people.get(i), Conversing.SENT, Conversing.SENT.plusSeconds(i), "");
            var unused = filling.sessions()
                    .create(
                            session,
                            SessionToken.random().hash(),
                            Optional.empty(),
                            Optional.empty(),
                            Sessions.Limits.DEFAULT);
        }
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    "ANALYZE TABLE chat_user, chat_session, chat_conversation, chat_message, chat_feed_head, chat_feed_entry");
        }
        storage = MysqlStorage.of(Intercepted.recording(pool, queries));
    }

    @AfterAll
    void close() {
        pool.close(true);
    }

    /** How a table is read, and how many rows were, on average, each time: counted, where a plan would only guess. */
    private record Step(String table, String type, long rows, String extra) {
        /** What another step has put together. */
        boolean derived() {
            return table.startsWith("<derived");
        }
    }

    /** The plans of all queries made since the last call, each made again to count what it reads. */
    private List<Step> plans() throws SQLException {
        assertThat(queries).isNotEmpty();
        var steps = new ArrayList<Step>();
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            for (var query : queries) {
                if (query.startsWith("SELECT") || query.startsWith("(SELECT")) {
                    try (var rows = statement.executeQuery("ANALYZE " + query)) {
                        while (rows.next()) {
                            steps.add(new Step(
                                    String.valueOf(rows.getString("table")),
                                    String.valueOf(rows.getString("type")),
                                    (long) Math.ceil(rows.getDouble("r_rows")),
                                    String.valueOf(rows.getString("Extra"))));
                        }
                    }
                }
            }
        } finally {
            queries.clear();
        }
        return steps;
    }

    /** By an index, at most so many rows of each table, and not sorted. */
    private void assertBounded(int rows) throws SQLException {
        assertThat(plans()).isNotEmpty().allSatisfy(step -> {
            assertThat(step.type()).isNotIn("ALL", "index");
            assertThat(step.rows()).isLessThanOrEqualTo(rows);
            assertThat(step.extra()).doesNotContain("filesort", "temporary");
        });
    }

    @Test
    void theNewestPageOfAConversation() throws SQLException {
        long last = storage.conversations().last(key).value();
        assertThat(storage.conversations().messages(key, new MessageSeq(last - PAGE + 1), new MessageSeq(last)))
                .hasSize(PAGE);

        assertBounded(PAGE);
    }

    @Test
    void aPageDeepInAConversation() throws SQLException {
        assertThat(storage.conversations().messages(key, new MessageSeq(101), new MessageSeq(100 + PAGE)))
                .hasSize(PAGE);

        assertBounded(PAGE);
    }

    @Test
    void aPageOfAMailbox() throws SQLException {
        var reader = people.get(0).id();
        long last = storage.messages().lastInMailbox(reader).value();
        assertThat(storage.messages().mailbox(reader, new MailboxSeq(last - PAGE + 1), new MailboxSeq(last)))
                .hasSize(PAGE);
        assertThat(storage.messages().mailbox(reader, new MailboxSeq(101), new MailboxSeq(100 + PAGE)))
                .hasSize(PAGE);

        assertThat(plans().stream().filter(step -> !step.type().equals("null")))
                .isNotEmpty()
                .allSatisfy(step -> {
                    assertThat(step.type()).isNotIn("ALL", "index");
                    assertThat(step.rows()).isLessThanOrEqualTo(PAGE);
                    assertThat(step.extra()).doesNotContain("filesort");
                });
    }

    @Test
    void aPageOfConversations() throws SQLException {
        for (var reader : List.of(hub, people.get(150))) {
            var first = storage.conversations().list(reader.id(), new MailboxSeq(JsonNumber.MAX), PAGE);
            assertThat(first).hasSize(PAGE);
            assertThat(storage.conversations()
                            .list(reader.id(), first.get(PAGE - 1).latest(), PAGE))
                    .hasSize(PAGE);
        }

        var plans = plans();
        assertThat(plans.stream().filter(step -> step.extra().contains("Using index")))
                .as("the range of an index, left at the limit")
                .hasSize(8);
        assertThat(plans.stream().filter(step -> !step.type().equals("null") && !step.derived()))
                .hasSizeGreaterThan(40)
                .allSatisfy(step -> {
                    assertThat(step.type()).isNotIn("ALL", "index");
                    assertThat(step.rows()).isLessThanOrEqualTo(PAGE);
                    assertThat(step.extra()).doesNotContain("filesort", "temporary");
                });
        assertThat(plans.stream().filter(Step::derived))
                .allSatisfy(step -> assertThat(step.rows()).isLessThanOrEqualTo(PAGE));
    }

    @Test
    void withWhomSomebodyHasConversations() throws SQLException {
        for (var reader : List.of(hub, people.get(150))) {
            assertThat(storage.conversations().peers(reader.id(), PAGE)).hasSize(PAGE);
        }

        assertThat(plans().stream().filter(step -> !step.table().startsWith("<union")))
                .hasSize(8)
                .allSatisfy(step -> {
                    assertThat(step.type()).isNotIn("ALL", "index");
                    assertThat(step.rows()).isLessThanOrEqualTo(PAGE + 1); // a note to oneself is passed over
                    assertThat(step.extra()).doesNotContain("filesort", "temporary");
                });
    }

    @Test
    void oneConversation() throws SQLException {
        for (var peer : List.of(people.get(0), people.get(PEOPLE - 2), hub)) {
            assertThat(storage.conversations().find(hub.id(), peer.id())).isPresent();
            assertThat(storage.conversations().find(peer.id(), hub.id())).isPresent();
        }

        assertBounded(1);
    }

    @Test
    void aStretchOfAFeed() throws SQLException {
        assertThat(storage.feeds()
                        .read(people.get(0).id(), new FeedSeq(2_000), PAGE)
                        .events())
                .hasSize(PAGE);

        assertBounded(PAGE);
    }

    @Test
    void theHeadsOfFeeds() throws SQLException {
        assertThat(storage.feeds()
                        .heads(List.of(
                                people.get(0).id(),
                                people.get(9).id(),
                                people.get(200).id())))
                .hasSize(3);

        assertBounded(4);
    }

    @Test
    void whatWasKeptLongEnough() throws SQLException {
        var young = Conversing.SENT.minusSeconds(1);
        assertThat(storage.retention().prune(people.get(0).id(), young, PAGE)).isZero();
        assertThat(storage.retention().expired(key, young, PAGE)).isEmpty();

        assertBounded(PAGE);

        var feeds = storage.retention().oldFeeds(Optional.of(people.get(9).id()), young, PAGE);
        assertThat(feeds.last()).contains(people.get(9 + PAGE).id());
        assertThat(storage.retention()
                        .oldConversations(Optional.of(key), young, PAGE)
                        .last())
                .isPresent();

        assertBounded(PAGE); // the ranges are read in the order asked for, and left at the limit
    }

    @Test
    void aMessageByItsId() throws SQLException {
        assertThat(storage.messages().find(people.get(0).id(), new MessageId(1)))
                .isPresent();

        assertBounded(1);
    }

    @Test
    void peopleByPrefixAndAfterAName() throws SQLException {
        assertThat(storage.users().list(new PeopleQuery(Optional.of(new UserId(1)), "user29", Optional.empty(), 5)))
                .hasSize(5);
        assertThat(storage.users().list(new PeopleQuery(Optional.of(new UserId(1)), "user", Optional.of("user295"), 5)))
                .hasSize(5);

        assertBounded(5); // the range is read in the order asked for, and left at the limit
    }

    @Test
    void aPersonByName() throws SQLException {
        assertThat(storage.users().find(new Username("USER7"))).contains(people.get(7));
        assertThat(storage.users().credentials(new Username("user7"))).isPresent();
        assertThat(storage.users().find(people.get(7).id())).isPresent();

        assertBounded(1);
    }

    @Test
    void sessions() throws SQLException {
        var token = SessionToken.random().hash();
        var session = new Session(
                new SessionId(9_999), people.get(7), Conversing.SENT, Conversing.SENT.plus(Duration.ofDays(1)), "");
        assertThat(storage.sessions()
                        .create(session, token, Optional.empty(), Optional.empty(), Sessions.Limits.DEFAULT))
                .isPresent();
        assertThat(storage.sessions().find(token, Sessions.Limits.DEFAULT)).contains(session);
        assertThat(storage.sessions().live(Set.of(session.id()), Sessions.Limits.DEFAULT, Conversing.SENT))
                .containsExactly(session.id());

        assertBounded(2); // as many as the user has by now
    }

    /** An account that is disabled must not wait for every one of them. */
    @Test
    void theEndOfManySessionsTakesFewStatements() {
        var person = Conversing.person(storage, "signsInOften");
        int count = 300;
        var many = new Sessions.Limits(Duration.ofDays(1), Duration.ofDays(1), count);
        for (int i = 0; i < count; i++) {
            var session =
                    new Session(new SessionId(20_000 + i), person, Conversing.SENT, Conversing.SENT.plusSeconds(1), "");
            assertThat(storage.sessions()
                            .create(session, SessionToken.random().hash(), Optional.empty(), Optional.empty(), many))
                    .isPresent();
        }
        queries.clear();

        var disabled = storage.accounts().disable(person.id(), Conversing.SENT).orElseThrow();

        assertThat(disabled.ended()).hasSize(count);
        assertThat(queries).hasSizeLessThan(12);
        queries.clear();
    }

    @Test
    void aSearch() throws SQLException {
        var reader = people.get(0).id();
        while (storage.search().advance(reader)) {
            queries.clear();
        }
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ANALYZE TABLE chat_search_term, chat_search_head");
        }
        queries.clear();
        var last = storage.search().reach(reader).indexed();
        assertThat(last.value()).isGreaterThan(2_000);
        for (var query : List.of("k1500", "k15", "k1500 k15")) {
            var unused = storage.search()
                    .find(
                            reader,
                            SearchQuery.of(query),
                            Optional.of(people.get(1).id()),
                            last.next(),
                            PAGE,
                            10_000);
        }
        assertThat(storage.search()
                        .find(reader, SearchQuery.of("k1"), Optional.empty(), last.next(), PAGE, 10_000)
                        .places())
                .hasSize(PAGE);
        var cut = storage.search().find(reader, SearchQuery.of("nothing k"), Optional.empty(), last.next(), PAGE, 1);
        assertThat(cut.places()).hasSize(1);
        assertThat(storage.search().place(reader, new MessageId(1))).isPresent();

        assertThat(plans()).isNotEmpty().allSatisfy(step -> {
            assertThat(step.type()).isNotIn("ALL", "index");
            assertThat(step.rows()).isLessThanOrEqualTo(1_500); // the terms of a block that begin alike
            assertThat(step.extra()).doesNotContain("filesort");
        });
        var places = new TreeSet<>(List.of(new MailboxSeq(7), new MailboxSeq(1_500), new MailboxSeq(3_000)));
        assertThat(storage.search().read(reader, places)).hasSize(3);
        assertThat(storage.search().latest(reader, places, 1_000)).hasSize(3);

        assertThat(plans().stream().filter(step -> !step.type().equals("null")))
                .isNotEmpty()
                .allSatisfy(step -> {
                    assertThat(step.type()).isNotIn("ALL", "index");
                    assertThat(step.rows()).isLessThanOrEqualTo(4);
                });
    }

    @Test
    void whatAnAppendLooksUp() throws SQLException {
        var batch = new ArrayList<NewMessage>();
        for (int i = 0; i < 8; i++) {
            batch.add(Conversing.draft(storage, people.get(i), people.get(i + 1), "new" + i));
        }
        storage.messages().write(batch);
        storage.messages().write(batch);

        assertBounded(16);
    }
}

package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.search.SearchMessages;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.user.Person;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** How many rows a page of a search has the server read and send, where people write what has most terms: it counts them. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchWorkTest {
    private static final int BLOCKS = 12;
    private static final int LONG_MESSAGES_A_BLOCK = 7;
    private static final int LENGTH = 10_000;

    /** What a page may look at, and what it reads besides: messages, heads, and where blocks begin. */
    private static final int A_PAGE = 24 * 1_024 + 1_000;

    /** A block has no more words of five letters. */
    private static final int A_BLOCK = LONG_MESSAGES_A_BLOCK * LENGTH / 5;

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<String> queries = new ArrayList<>();
    private DataSource pool;
    private MysqlStorage storage;
    private Person reader;
    private Person writer;

    @BeforeAll
    void fill() {
        pool = TestDatabase.mariaDb().pool(1); // what the server counts, it counts for a connection
        pool.setUseStatementFacade(false); // it would stand before what the driver says of a statement
        var filling = MysqlStorage.of(pool);
        filling.migrate();
        reader = Conversing.person(filling, "reader");
        writer = Conversing.person(filling, "writer");
        var batch = new ArrayList<NewMessage>();
        batch.add(message(filling, "hello 東京 d0"));
        for (int i = 0; i < BLOCKS * LONG_MESSAGES_A_BLOCK; i++) {
            batch.add(message(filling, i % LONG_MESSAGES_A_BLOCK == 0 ? hit(i) : "hello " + i));
            batch.add(message(filling, i % 2 == 0 ? letters() : words()));
        }
        filling.messages().write(batch);
        while (filling.search().advance(reader.id())) {
            assertThat(filling.search().reach(reader.id()).edited()).isEmpty();
        }
        storage = MysqlStorage.of(Intercepted.recording(pool, queries));
    }

    @AfterAll
    void close() {
        pool.close(true);
    }

    private NewMessage message(MysqlStorage filling, String text) {
        return new NewMessage(
                filling.ids().next(), writer, reader, new MessageBody(text), Conversing.SENT, Optional.empty());
    }

    /** There is one in every block, and its word is the last of all that begin alike to be read. */
    private static String hit(int number) {
        return "hello " + number + " d0";
    }

    /** Each with the same one before it and after it. */
    private String letters() {
        var text = new StringBuilder("東");
        while (text.length() < LENGTH - 1) {
            text.append((char) random.nextInt('丁', '東')).append('東');
        }
        return text.toString();
    }

    private String words() {
        var text = new StringBuilder();
        while (text.length() < LENGTH - 5) {
            text.append('d')
                    .append(Integer.toString(random.nextInt(36 * 36, 36 * 36 * 36), 36))
                    .append(' ');
        }
        return text.toString();
    }

    private static long rowsRead(Connection connection) throws SQLException {
        long sum = 0;
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler\\_read\\_%'")) {
            while (rows.next()) {
                sum += rows.getLong(2);
            }
        }
        return sum;
    }

    private long rowsRead() throws SQLException {
        try (var connection = pool.getConnection()) {
            return rowsRead(connection);
        }
    }

    /** Searches page by page, and looks at what each takes; answers with what is found. */
    private List<String> search(String query, int pages) throws SQLException {
        var search = new SearchMessages(storage.search(), user -> {});
        var found = new ArrayList<String>();
        var before = Optional.<MessageId>empty();
        int count = 0;
        do {
            queries.clear();
            long start = rowsRead();
            var page = search.search(
                    new SearchMessages.Command(reader, SearchQuery.of(query), Optional.empty(), before, 15));
            long read = rowsRead() - start;
            assertThat(read).as("page %d of %s", count, query).isBetween(1L, (long) A_PAGE + A_BLOCK);
            assertSendsBoundedParts();
            page.messages().stream().map(Message::text).forEach(found::add);
            before = page.next();
            count++;
        } while (before.isPresent());
        assertThat(count).isEqualTo(pages);
        return found;
    }

    /** A driver has all rows of a statement in memory. */
    private void assertSendsBoundedParts() throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            for (var query : List.copyOf(queries)) {
                if (query.contains("chat_search")) {
                    try (var rows = statement.executeQuery("SELECT COUNT(*) FROM (" + query + ") q")) {
                        rows.next();
                        assertThat(rows.getLong(1)).as(query).isLessThanOrEqualTo(BlockSearch.ROWS_AT_ONCE);
                    }
                }
            }
        }
    }

    @Test
    void ofALetterThatStandsBesideThousandsOfOthersAnIndexHasOneRowABlock() throws SQLException {
        assertThat(search("hello 東", 1)).containsExactly("hello 東京 d0");
        assertThat(search("東 hello", 1)).containsExactly("hello 東京 d0");
    }

    @Test
    void ofABeginningThatThousandsOfWordsHaveAPageReadsSoManyAndThenSaysWhereToGoOn() throws SQLException {
        var hits = new ArrayList<String>();
        for (int block = BLOCKS - 1; block >= 0; block--) {
            hits.add(hit(block * LONG_MESSAGES_A_BLOCK));
        }
        hits.add("hello 東京 d0");

        assertThat(search("hello d", 3)).isEqualTo(hits);
    }
}

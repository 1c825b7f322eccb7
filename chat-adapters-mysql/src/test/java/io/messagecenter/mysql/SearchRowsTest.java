package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.search.SearchMessages;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.Person;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is in the tables of the index, and no longer in them, whatever a search would find. */
@Timeout(120)
class SearchRowsTest {
    private static final int BLOCK = 16;

    @TempDir
    private Path directory;

    private DataSource pool;
    private MysqlStorage storage;
    private Person alice;
    private Person bob;
    private List<Message> said;

    @BeforeEach
    void talk() {
        pool = TestDatabase.h2(directory).pool(2);
        storage = MysqlStorage.builder(pool).searchBlock(BLOCK).build();
        storage.migrate();
        alice = Conversing.person(storage, "alice");
        bob = Conversing.person(storage, "bob");
        var batch = new ArrayList<NewMessage>();
        for (int i = 0; i < 3 * BLOCK; i++) {
            batch.add(Conversing.draft(storage, i % 2 == 0 ? alice : bob, i % 2 == 0 ? bob : alice, "text" + i));
        }
        said = storage.messages().write(batch).stream()
                .map(result -> ((Appended) result).message())
                .toList();
    }

    @AfterEach
    void close() {
        pool.close(true);
    }

    private void index(Person person) {
        boolean more = true;
        while (more) {
            more = storage.search().advance(person.id());
        }
    }

    private long count(String sql, Person person) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.prepareStatement("SELECT COUNT(*) FROM " + sql)) {
            statement.setLong(1, person.id().value());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private long rows(Person person, String term) throws SQLException {
        var hex = java.util.HexFormat.of().formatHex(term.getBytes(StandardCharsets.UTF_8));
        return count("chat_search_term WHERE user_id = ? AND term = X'" + hex + "'", person);
    }

    private void change(Message message, Optional<MessageBody> body) {
        storage.messages().write(List.of(new MessageChange(message, body, Conversing.SENT)));
    }

    @Test
    void nothingIsLeftOfTheWordsThatWereEditedAwayOrDeleted() throws SQLException {
        index(alice);
        assertThat(rows(alice, "text20")).isOne();
        change(said.get(20), Optional.of(new MessageBody("other")));
        change(said.get(33), Optional.empty());
        assertThat(count("chat_search_change WHERE user_id = ?", alice)).isEqualTo(2);

        index(alice);

        assertThat(rows(alice, "text20")).isZero();
        assertThat(rows(alice, "text33")).isZero();
        assertThat(rows(alice, "other")).isOne();
        assertThat(rows(alice, "text34")).isOne();
        assertThat(count("chat_search_change WHERE user_id = ?", alice)).isZero();
    }

    @Test
    void whoseMailboxIsNotIndexedNeedsNoNotes() throws SQLException {
        change(said.get(20), Optional.of(new MessageBody("other")));
        index(alice);
        change(said.get(21), Optional.of(new MessageBody("another")));

        assertThat(count("chat_search_change WHERE user_id = ?", alice)).isOne();
        assertThat(count("chat_search_change WHERE user_id = ?", bob)).isZero();
    }

    @Test
    void whatIsEditedWhileItsBlockIsWrittenLeavesANote() throws SQLException {
        pool.setUseStatementFacade(false); // it would stand before what the driver says of a statement
        var edited = new AtomicBoolean();
        var slow = MysqlStorage.builder(Intercepted.dataSource(pool, new Intercepted.Interceptor() {
                    @Override
                    public void before(Object target, Method method) {
                        if (method.getName().equals("executeBatch")
                                && target.toString().contains("INSERT INTO chat_search_term")
                                && edited.compareAndSet(false, true)) {
                            // All that the block will have is read, and nothing is committed.
                            change(said.get(3), Optional.of(new MessageBody("edited meanwhile")));
                        }
                    }
                }))
                .searchBlock(BLOCK)
                .build();

        assertThat(slow.search().advance(alice.id())).isTrue();

        assertThat(edited).isTrue();
        assertThat(rows(alice, "text3")).isOne();
        assertThat(storage.search().reach(alice.id()).edited()).containsExactly(new MailboxSeq(4));
        index(alice);
        assertThat(rows(alice, "text3")).isZero();
        assertThat(rows(alice, "meanwhile")).isOne();
    }

    @Test
    void ofWhoIsErasedNothingIsLeftInAnyIndex() throws SQLException {
        index(alice);
        index(bob);
        change(said.get(1), Optional.of(new MessageBody("edited before")));
        assertThat(storage.accounts().erase(alice.id(), Conversing.SENT)).isTrue();
        boolean done = false;
        while (!done) {
            done = storage.accounts().sweep(alice.id(), 7, Conversing.SENT).done();
        }
        index(bob);

        assertThat(count("chat_search_term WHERE user_id = ?", alice)).isZero();
        assertThat(count("chat_search_head WHERE user_id = ?", alice)).isZero();
        assertThat(count("chat_search_block WHERE user_id = ?", alice)).isZero();
        assertThat(count("chat_search_change WHERE user_id = ?", alice)).isZero();
        assertThat(rows(bob, "text0")).isZero();
        assertThat(rows(bob, "text46")).isZero();
        assertThat(rows(bob, "text47")).isOne();
    }

    private List<String> search(String query) {
        var found = new SearchMessages(storage.search(), user -> {})
                .search(new SearchMessages.Command(
                        alice, SearchQuery.of(query), Optional.empty(), Optional.empty(), 100));
        assertThat(found.next()).isEmpty();
        return found.messages().stream().map(Message::text).toList();
    }

    private void execute(String sql) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whatWasIndexedByAnEarlierRuleIsIndexedAnewAndFoundMeanwhile() throws SQLException {
        index(alice);
        // As an earlier rule may have left it: other terms, in blocks of which nothing was written down.
        execute("UPDATE chat_search_head SET version = 0");
        execute("UPDATE chat_search_term SET term = CONCAT(term, X'61')");
        execute("DELETE FROM chat_search_block");
        change(said.get(33), Optional.of(new MessageBody("other")));

        assertThat(storage.search().behind(Optional.empty(), 9).users()).containsExactly(alice.id(), bob.id());
        do {
            assertThat(search("text20")).containsExactly("text20");
            assertThat(search("other")).containsExactly("other");
            assertThat(search("text33")).isEmpty();
        } while (storage.search().advance(alice.id()));

        assertThat(storage.search().behind(Optional.empty(), 9).users()).containsExactly(bob.id());
        assertThat(storage.search().reach(alice.id()).indexed()).isEqualTo(new MailboxSeq(3 * BLOCK));
        assertThat(rows(alice, "text20")).isOne();
        assertThat(rows(alice, "text20a")).isZero();
        assertThat(count("chat_search_block WHERE user_id = ?", alice)).isEqualTo(3);
    }

    @Test
    void whatIsIndexedByALaterRuleIsLeftToThoseWhoKnowIt() throws SQLException {
        index(alice);
        index(bob);
        execute("UPDATE chat_search_head SET version = version + 1");
        change(said.get(20), Optional.of(new MessageBody("other")));

        assertThat(storage.search().advance(alice.id())).isFalse();
        assertThat(search("text21")).containsExactly("text21");
        assertThat(search("text20")).isEmpty();
        assertThat(rows(alice, "text20")).isOne();
        assertThat(count("chat_search_change WHERE user_id = ?", alice)).isOne();
    }
}

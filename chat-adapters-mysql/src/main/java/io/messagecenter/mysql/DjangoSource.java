package io.messagecenter.mysql;

import io.messagecenter.domain.message.MessageBody;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Reads the original's tables in the order of their ids, a page at a time; writes nothing. Its times are those of a
 * Django with {@code USE_TZ}, which keeps them in UTC. Thread-safe: one thread reads at a time.
 */
final class DjangoSource implements AutoCloseable {
    /** Longer than any page or count takes, and shorter than somebody would wait for a server that is gone. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** How much text a page has at most, in UTF-16 units, so that long messages make short pages. */
    private static final int PAGE_CHARS = 4 << 20;

    /** How many messages are asked for at first, before it is known how long they are. */
    private static final int FIRST_PAGE = 100;

    private final Connection connection;
    private int asked = FIRST_PAGE;

    private DjangoSource(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the original's database.
     *
     * @throws DjangoImportException if that is not possible; it says nothing of a password
     */
    static DjangoSource open(DjangoImport.Original original) {
        if (!original.url().startsWith("jdbc:mysql:") && !original.url().startsWith("jdbc:mariadb:")) {
            throw new DjangoImportException("The original's database is one of jdbc:mysql: or jdbc:mariadb:");
        }
        var url = JdbcUrl.of(original.url());
        var properties = new Properties();
        original.user().ifPresent(user -> properties.put("user", user));
        original.password().ifPresent(password -> properties.put("password", password));
        properties.put("zeroDateTimeBehavior", "CONVERT_TO_NULL");
        try {
            var connection = DriverManager.getConnection(url.value(), properties);
            connection.setReadOnly(true);
            connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
            return new DjangoSource(connection);
        } catch (SQLException e) {
            throw new DjangoImportException("The original's database, " + url + ", cannot be opened: " + reason(e), e);
        }
    }

    /** What the server says; what the driver says may have the address in it, and a password in that. */
    private static String reason(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        return state.startsWith("28") || state.startsWith("42")
                ? String.valueOf(e.getMessage())
                : "it does not answer, or the address is wrong (" + state + ")";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** The users next after an id. */
    synchronized List<DjangoUser> users(long after, int limit) throws SQLException {
        var sql = "SELECT id, username, password, email, is_superuser, is_active, date_joined FROM auth_user"
                + " WHERE id > ? ORDER BY id LIMIT ?";
        try (var statement = connection.prepareStatement(sql)) {
            statement.setLong(1, after);
            statement.setInt(2, limit);
            var users = new ArrayList<DjangoUser>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    users.add(new DjangoUser(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getBoolean(5),
                            rows.getBoolean(6),
                            moment(rows, 7).orElse(Instant.EPOCH)));
                }
            }
            return users;
        }
    }

    /**
     * The messages next after an id: so many, or fewer if they are long, and at least one while there is one.
     *
     * <p>What was asked for and does not fit into a page crosses the network nevertheless. So a page asks for no more than
     * twice what the last one had, which keeps that in proportion however lengths change.
     */
    synchronized List<DjangoMessage> messages(long after, int most) throws SQLException {
        int limit = Math.min(asked, most);
        // One character more than a body may have tells that it was longer.
        var sql = "SELECT id, user_id, recipient_id, timestamp, LEFT(body, " + (MessageBody.MAX_CODE_POINTS + 1)
                + ") FROM core_messagemodel WHERE id > ? ORDER BY id LIMIT ?";
        try (var statement = streaming(sql)) {
            statement.setLong(1, after);
            statement.setInt(2, limit);
            var messages = new ArrayList<DjangoMessage>(limit);
            int chars = 0;
            try (var rows = statement.executeQuery()) {
                while (chars < PAGE_CHARS && rows.next()) {
                    var body = rows.getString(5);
                    chars += body.length();
                    messages.add(new DjangoMessage(
                            rows.getLong(1), rows.getLong(2), rows.getLong(3), moment(rows, 4), body));
                }
            }
            asked = chars < PAGE_CHARS ? Math.min(2 * limit, most) : messages.size();
            return messages;
        }
    }

    /** Row by row from the network, rather than all of them into memory first. */
    private PreparedStatement streaming(String sql) throws SQLException {
        var statement = connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        statement.setFetchSize(Integer.MIN_VALUE);
        return statement;
    }

    /** The message of that id, unless it is gone. */
    Optional<DjangoMessage> message(long id) throws SQLException {
        return messages(id - 1, 1).stream()
                .filter(message -> message.id() == id)
                .findFirst();
    }

    /** The highest id of a message; 0 where there is none. */
    long lastMessage() throws SQLException {
        return number("SELECT COALESCE(MAX(id), 0) FROM core_messagemodel");
    }

    /** How many messages there are up to an id. Reads an index from its start to there. */
    long countUpTo(long id) throws SQLException {
        return number("SELECT COUNT(*) FROM core_messagemodel WHERE id <= " + id);
    }

    private synchronized long number(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Optional<Instant> moment(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, LocalDateTime.class)).map(Database::instant);
    }
}

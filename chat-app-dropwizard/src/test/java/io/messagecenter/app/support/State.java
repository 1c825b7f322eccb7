package io.messagecenter.app.support;

import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * How much there is of everything in a database, and where every feed stands. Two of them are equal when nothing was
 * added or taken away in between.
 */
public record State(Map<String, Long> numbers) {
    private static final Map<String, String> QUERIES = Map.of(
            "users", "SELECT COUNT(*) FROM chat_user",
            "messages", "SELECT COUNT(*) FROM chat_message",
            "bodies", "SELECT SUM(CHAR_LENGTH(body)) FROM chat_message",
            "conversations", "SELECT SUM(last_seq) FROM chat_conversation",
            "feed entries", "SELECT COUNT(*) FROM chat_feed_entry",
            "feeds", "SELECT SUM(feed_seq) FROM chat_feed_head",
            "mailboxes", "SELECT SUM(mailbox_seq) FROM chat_feed_head");

    /** The service forgets expired sessions whenever it likes, so they do not count. */
    private static final String SESSIONS = "SELECT COUNT(*) FROM chat_session WHERE expires_at > ?";

    public static State of(DataSource database) {
        var numbers = new LinkedHashMap<String, Long>();
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var sessions = connection.prepareStatement(SESSIONS)) {
            for (var query : QUERIES.entrySet()) {
                try (var rows = statement.executeQuery(query.getValue())) {
                    rows.next();
                    numbers.put(query.getKey(), rows.getLong(1));
                }
            }
            sessions.setObject(1, LocalDateTime.now(ZoneOffset.UTC));
            try (var rows = sessions.executeQuery()) {
                rows.next();
                numbers.put("sessions", rows.getLong(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new State(numbers);
    }
}

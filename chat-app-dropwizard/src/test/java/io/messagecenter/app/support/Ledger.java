package io.messagecenter.app.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.mysql.TestDatabase;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;

/**
 * Several clients that write to one recipient as fast as they are answered, each message under a key of its own, until the
 * service is gone; and what they know afterwards. Thread-safe.
 */
public final class Ledger {
    private static final int CLIENTS = 8;

    /** By key, the id that came back with 201. */
    private final Map<String, Long> answered = new ConcurrentHashMap<>();

    /** Answers other than 201 that are neither a refusal to take more nor the end of a connection. */
    private final Map<String, String> odd = new ConcurrentHashMap<>();

    private final AtomicInteger refused = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();
    private final String recipient;
    private final String round;

    /** Starts to write. */
    public Ledger(Api sender, String recipient, String round) {
        this.recipient = recipient;
        this.round = round;
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            var thread = new Thread(() -> write(sender, client), "client-" + i);
            thread.setDaemon(true);
            clients.add(thread);
            thread.start();
        }
    }

    private void write(Api sender, int client) {
        for (int i = 0; ; i++) {
            var key = round + "-" + client + "-" + i;
            try {
                var answer = sender.send(recipient, "m " + key, key);
                if (answer.status() == 201) {
                    answered.put(key, answer.json().get("id").asLong());
                } else if (answer.status() == 503) {
                    refused.incrementAndGet();
                } else {
                    odd.put(key, answer.status() + " " + answer.text());
                }
            } catch (UncheckedIOException e) {
                return; // the service is gone, or takes no more connections
            } catch (AssertionError e) {
                odd.put(
                        key,
                        String.valueOf(e.getMessage())); // not as it is described; nobody hears of it in this thread
            }
        }
    }

    public void awaitAnswers(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> answered.size() >= count);
    }

    /** Waits until every client has noticed that the service is gone. */
    public void awaitEnd() {
        for (var client : clients) {
            try {
                client.join(Duration.ofSeconds(60).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            assertThat(client.isAlive()).as(client.getName() + " still writes").isFalse();
        }
        assertThat(odd).isEmpty();
    }

    public Map<String, Long> answered() {
        return new TreeMap<>(answered);
    }

    /** By key, the ids of this round's messages in a database; fails where places or feeds have gaps. */
    public Map<String, Long> stored(TestDatabase database) {
        var pool = database.pool(1);
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            var stored = new TreeMap<String, Long>();
            var seqs = new ArrayList<Long>();
            try (var rows = statement.executeQuery("SELECT client_id, id, seq FROM chat_message ORDER BY seq")) {
                while (rows.next()) {
                    seqs.add(rows.getLong(3));
                    if (rows.getString(1).startsWith(round + "-")) {
                        stored.put(rows.getString(1), rows.getLong(2));
                    }
                }
            }
            var gapless = LongStream.rangeClosed(1, seqs.size()).boxed().toList();
            assertThat(seqs).as("places in the conversation").isEqualTo(gapless);
            for (int user = 1; user <= 2; user++) {
                var feed = new ArrayList<Long>();
                try (var rows = statement.executeQuery(
                        "SELECT e.seq FROM chat_feed_entry e JOIN chat_user u ON u.id = e.user_id"
                                + " WHERE u.username = '" + (user == 1 ? "alice" : recipient) + "' ORDER BY e.seq")) {
                    while (rows.next()) {
                        feed.add(rows.getLong(1));
                    }
                }
                assertThat(feed).as("feed").isEqualTo(gapless);
            }
            return stored;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            pool.close(true);
        }
    }
}

package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.Changed;
import io.messagecenter.domain.user.Username;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class H2Test {
    @TempDir
    private Path directory;

    @Test
    void aProcessThatIsKilledHasKeptWhatItAcknowledged() throws IOException, InterruptedException {
        var writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        H2Writer.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var acknowledged = new ArrayList<String>();
        try (var output = new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                acknowledged.add(line);
                if (acknowledged.size() == 1_000) {
                    writer.toHandle().destroyForcibly(); // which, unlike the process, lets the rest be read
                }
            }
        }
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(1_000);

        var pool = TestDatabase.h2(directory).pool(1);
        try {
            var storage = MysqlStorage.of(pool);
            storage.migrate();
            var alice = storage.users().find(new Username("alice")).orElseThrow();
            var bob = storage.users().find(new Username("bob")).orElseThrow();

            var kept = Conversing.conversation(storage, alice, bob);
            // The kill may have come between a commit and its line.
            assertThat(kept).startsWith(acknowledged.toArray(String[]::new)).doesNotHaveDuplicates();
            assertThat(kept.size() - acknowledged.size()).isBetween(0, 9);
            assertThat(Conversing.feed(storage, alice)).isEqualTo(kept);
            assertThat(Conversing.feed(storage, bob)).isEqualTo(kept);
        } finally {
            pool.close(true);
        }
    }

    @Test
    void nothingIsKeptOfWhatWasTakenBackUnlessItMayBeRepeated() throws SQLException {
        var pool = TestDatabase.h2(directory).pool(1);
        try {
            var storage = MysqlStorage.of(pool);
            storage.migrate();
            var alice = Conversing.person(storage, "alice");
            var bob = Conversing.person(storage, "bob");
            var body = new MessageBody("my PIN is 4711");
            var said = new ArrayList<NewMessage>();
            for (var key : List.of(Optional.<ClientKey>empty(), Optional.of(new ClientKey("k")))) {
                for (int i = 0; i < 2; i++) {
                    var one = i == 0 ? key : key.map(same -> new ClientKey("other"));
                    said.add(new NewMessage(storage.ids().next(), alice, bob, body, Conversing.SENT, one));
                }
            }
            var messages = storage.messages().write(said).stream()
                    .map(result -> ((Appended) result).message())
                    .toList();
            var changes = new ArrayList<Write>();
            for (int i = 0; i < messages.size(); i++) {
                var text = i % 2 == 0 ? Optional.<MessageBody>empty() : Optional.of(new MessageBody("nothing"));
                changes.add(new MessageChange(messages.get(i), text, Conversing.SENT));
            }
            assertThat(storage.messages().write(changes)).hasOnlyElementsOfType(Changed.class);
            assertThat(digests(pool)).as("of the two that have a key").isEqualTo(2);

            assertThat(storage.accounts().erase(alice.id(), Conversing.SENT)).isTrue();
            while (!storage.accounts().sweep(alice.id(), 10, Conversing.SENT).done()) {
                // further, until all of it is
            }
            assertThat(digests(pool)).isZero();
        } finally {
            pool.close(true);
        }
    }

    private static long digests(DataSource pool) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(sent_digest) FROM chat_message")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}

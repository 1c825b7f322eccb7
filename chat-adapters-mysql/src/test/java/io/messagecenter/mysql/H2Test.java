package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.user.Username;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
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
}

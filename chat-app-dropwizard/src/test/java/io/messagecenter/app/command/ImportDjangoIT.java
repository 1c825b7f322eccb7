package io.messagecenter.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Jar;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.mysql.DjangoDatabase;
import io.messagecenter.mysql.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The import as an operator runs it, and kills it. */
@Timeout(180)
class ImportDjangoIT {
    private static final String FILE = "config/local.yml";
    private static final String PASSWORD = "correct horse";
    private static final int MESSAGES = 60_000;

    private final Path directory = SharedService.directory("import");

    private static Map<String, String> environment(TestDatabase target, DjangoDatabase original) {
        return new HashMap<>(Map.of(
                "CHAT_DB_URL", target.url(),
                "CHAT_DB_USER", target.user(),
                "CHAT_DB_PASSWORD", target.password(),
                "CHAT_IMPORT_USER", original.database().user(),
                "CHAT_IMPORT_PASSWORD", original.database().password()));
    }

    /** Where it has come to; -1 while there is not even a table. */
    private static long imported(DataSource target) {
        try (var connection = target.getConnection();
                var rows = connection.createStatement().executeQuery("SELECT messages FROM chat_import")) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException e) {
            return -1;
        }
    }

    @Test
    void anImportThatIsKilledGoesOnAndThePeopleSignInWithTheirPasswords() {
        var target = TestDatabase.mariaDb();
        var pool = target.pool(1);
        try (var original = new DjangoDatabase("utf8mb4")) {
            original.users(40);
            var hash = new Pbkdf2PasswordHasher(1_000).hash(new Password(PASSWORD));
            original.user(41, "ada", hash.encoded(), "ada@example.org", false);
            original.messages(1, MESSAGES, 41);
            var url = original.database().url();

            long before;
            try (var first = Jar.start(directory, environment(target, original), "import-django", url, FILE)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> imported(pool) > 0 || !first.process().isAlive());
                first.kill();
                before = imported(pool);
                assertThat(before).as(first.output()).isPositive().isLessThan(MESSAGES * 999L / 1_000);
            }

            var second = Jar.run(directory, environment(target, original), "", "import-django", url, FILE);
            assertThat(second.exit()).as(second.output()).isZero();
            assertThat(second.output().lines().reduce((one, other) -> other))
                    .hasValue("Imported 41 users, 0 of them under another name, and 59,940 messages, 0 of them changed;"
                            + " left out 0.");

            try (var service = Service.on(target)) {
                var credentials = Json.object().put("username", "ADA").put("password", PASSWORD);
                var token = service.api()
                        .post("/api/v1/session/", credentials.toString())
                        .expect(201);
                var ada = service.api().as(token.json().get("token").asText());
                long count = 0;
                for (int user = 1; user <= 41; user++) {
                    var peer = user == 41 ? "ada" : "u" + user;
                    var page = ada.get("/api/v1/message/?target=" + peer)
                            .expect(200)
                            .json();
                    count += page.get("count").asLong();
                    assertThat(page.at("/results/0/seq").asLong())
                            .isEqualTo(page.get("count").asLong());
                }
                assertThat(ada.get("/api/v1/message/").json().get("count").asLong())
                        .isEqualTo(count);
                assertThat(ada.send("u1", "at last")
                                .expect(201)
                                .json()
                                .get("id")
                                .asLong())
                        .isGreaterThan(MESSAGES);
            }

            var refused = Jar.run(directory, environment(target, original), "", "import-django", url, FILE);
            refused(refused, "The message center has messages of its own since the import");
        } finally {
            pool.close(true);
        }
    }

    private static void refused(Jar.Result result, String reason) {
        assertThat(result.exit()).as(result.output()).isEqualTo(1);
        assertThat(result.output().lines()).hasSize(1);
        assertThat(result.output()).contains(reason);
    }

    @Test
    void whatIsWrongIsSaidInALineWithoutThePassword() {
        try (var original = new DjangoDatabase("utf8")) {
            var environment = environment(TestDatabase.h2(directory), original);
            environment.put("CHAT_IMPORT_USER", "nobody");
            environment.put("CHAT_IMPORT_PASSWORD", "geheim");
            var url = original.database().url();
            var denied = Jar.run(directory, environment, "", "import-django", url, FILE);
            refused(denied, "Access denied for user 'nobody'");
            assertThat(denied.output()).doesNotContain("geheim");

            environment.remove("CHAT_IMPORT_USER");
            environment.remove("CHAT_IMPORT_PASSWORD");
            var nowhere = Jar.run(
                    directory,
                    environment,
                    "",
                    "import-django",
                    "jdbc:mysql://me:geheim@127.0.0.1:1/chat?password=geheim",
                    FILE);
            refused(nowhere, "The original's database, jdbc:mysql://127.0.0.1:1/chat, cannot be opened");
            assertThat(nowhere.output()).doesNotContain("geheim");
        }
    }
}

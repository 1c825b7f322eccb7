package io.messagecenter.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Jar;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The jar as an operator uses it: its commands, its exit codes, its environment. */
@Timeout(180)
class CommandsIT {
    private static final String PASSWORD = "correct horse";

    private static Jar.Result createUser(Path directory, String input, String... arguments) {
        var all = new String[arguments.length + 1];
        all[0] = "create-user";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Jar.run(directory, Map.of(), input, all);
    }

    private static Api signIn(Api api, String name) {
        var answer = api.post(
                        "/api/v1/session/",
                        Json.object()
                                .put("username", name)
                                .put("password", PASSWORD)
                                .toString())
                .expect(201);
        return api.as(answer.json().get("token").asText());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void usersAreCreatedBeforeAndWhileTheServiceRunsAndStayOverRestarts() throws IOException {
        var directory = SharedService.directory("commands");

        assertThat(createUser(directory, PASSWORD + "\n", "Alice")).isEqualTo(new Jar.Result(0, "Created user Alice."));
        // Without arguments: with config/local.yml, and data under ./data.
        assertThat(directory.resolve("data")).isDirectoryContaining("glob:**/chat.mv.db");

        var port = freePort();
        var adminPort = freePort();
        long start = System.nanoTime();
        try (var service = Jar.serve(
                directory,
                Map.of("CHAT_PORT", Integer.toString(port), "CHAT_ADMIN_PORT", Integer.toString(adminPort)))) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            System.out.printf("Ready %d ms after the start of the JVM%n", millis);
            assertThat(millis).isLessThan(30_000);
            assertThat(service.port()).isEqualTo(port);
            assertThat(service.admin().base().getPort()).isEqualTo(adminPort);
            service.admin().get("/healthcheck").expect(200);

            var alice = signIn(service.api(), "alice");
            assertThat(createUser(directory, PASSWORD, "bob", "--admin", "config/local.yml"))
                    .isEqualTo(new Jar.Result(0, "Created administrator bob."));
            signIn(service.api(), "bob");
            alice.send("bob", "hello").expect(201);

            refused(createUser(directory, PASSWORD + "\n", "ALICE"), "A user with the name ALICE already exists.");
            assertThat(alice.get("/api/v1/user/").json()).hasSize(1);
            refused(
                    Jar.run(directory, Map.of("CHAT_PORT", "0", "CHAT_ADMIN_PORT", "0"), "", "server"),
                    "A service runs on this database already");
            assertThat(directory.resolve("data")).isDirectoryNotContaining("glob:**/*.trace.db");
            service.terminate();
            service.awaitExit(Duration.ofSeconds(10));
        }
        try (var service = Jar.serve(directory, Map.of(), "server")) {
            var bob = signIn(service.api(), "bob");
            assertThat(bob.get("/api/v1/message/").json().at("/results/0/body").asText())
                    .isEqualTo("hello");
        }
        assertThat(directory).isDirectoryNotContaining(path -> !path.endsWith("data"));
    }

    @Test
    void theDataDirectoryMayBeRelative() throws IOException {
        var directory = SharedService.directory("elsewhere");
        var place = Map.of("CHAT_DATA_DIR", "some/where else");

        var result = Jar.run(directory, place, PASSWORD, "create-user", "alice");

        assertThat(result).isEqualTo(new Jar.Result(0, "Created user alice."));
        assertThat(directory.resolve("some/where else")).isDirectoryContaining("glob:**/chat.mv.db");
    }

    @Test
    void aPortThatIsTakenStopsTheServer() throws IOException {
        var directory = SharedService.directory("taken");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Map.of("CHAT_PORT", Integer.toString(taken.getLocalPort()), "CHAT_ADMIN_PORT", "0");
            var result = Jar.run(directory, port, "", "server");
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.output().lines())
                    .last()
                    .asString()
                    .contains("Failed to bind to /127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNamedInALine() throws IOException {
        var directory = SharedService.directory("away");
        var nowhere = Map.of(
                "CHAT_DB_URL", "jdbc:mariadb://127.0.0.1:" + freePort() + "/chat?user=me&password=" + PASSWORD,
                "CHAT_PORT", "0",
                "CHAT_ADMIN_PORT", "0");
        refused(Jar.run(directory, nowhere, "", "server"), "The database at jdbc:mysql://127.0.0.1:");
        refused(Jar.run(directory, nowhere, PASSWORD, "create-user", "alice"), "does not answer");
    }

    @Test
    void aUserIsCreatedWhileTheServiceStarts() {
        var directory = SharedService.directory("starting");
        try (var service = Jar.start(directory, Map.of("CHAT_PORT", "0", "CHAT_ADMIN_PORT", "0"))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Files.exists(directory.resolve("data/chat.mv.db")));
            assertThat(createUser(directory, PASSWORD, "alice")).isEqualTo(new Jar.Result(0, "Created user alice."));
            assertThat(service.process().isAlive()).isTrue();
        }
    }

    private static void refused(Jar.Result result, String reason) {
        assertThat(result.exit()).as(result.output()).isEqualTo(1);
        assertThat(result.output().lines()).hasSize(1);
        assertThat(result.output()).contains(reason).doesNotContain(PASSWORD);
    }

    @Test
    void aMisspeltKeyStopsTheServer() throws IOException {
        var directory = SharedService.directory("wrong");
        var file = directory.resolve("typo.yml");
        Files.writeString(file, "storage: {type: in-memory}\nmessageToLoad: 15\n");
        var result = Jar.run(directory, Map.of(), "", "server", file.toString());
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.output()).contains("messageToLoad").doesNotContain("\tat ");
        refused(Jar.run(directory, Map.of(), "", "server", "typo.yaml"), "typo.yaml");
    }

    @Test
    void theSchemaIsBroughtUpToDateByCommand() {
        var directory = SharedService.directory("schema");
        var database = TestDatabase.mariaDb();
        var environment = Map.of(
                "CHAT_DB_URL", database.url(),
                "CHAT_DB_USER", database.user(),
                "CHAT_DB_PASSWORD", database.password());
        var migrated = Jar.run(directory, environment, "", "db", "migrate", "config/mysql-redis.yml");
        assertThat(migrated.exit()).as(migrated.output()).isZero();
        try (var people = new People(database)) {
            assertThat(people.person("alice").name().value()).isEqualTo("alice");
        }
        var status = Jar.run(directory, environment, "", "db", "status", "config/mysql-redis.yml");
        assertThat(status.exit()).as(status.output()).isZero();
        assertThat(status.output()).contains("is up to date");
    }
}

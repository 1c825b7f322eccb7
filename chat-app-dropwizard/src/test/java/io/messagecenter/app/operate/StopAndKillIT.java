package io.messagecenter.app.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Jar;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.Ledger;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service's process ends under load, by force or on request, and what it has answered is there. */
@Timeout(180)
class StopAndKillIT {
    private static final int TERMINATED = 128 + 15;
    private static final Duration TO_STOP = Duration.ofSeconds(10);

    @Test
    void onAnH2FileNothingThatWasAnsweredIsLost() {
        var directory = SharedService.directory("jar");
        killAndStop(Map.of("CHAT_DATA_DIR", directory.toString()), TestDatabase.h2(directory));
    }

    @Test
    void onMariaDbNothingThatWasAnsweredIsLost() {
        var database = TestDatabase.mariaDb();
        killAndStop(
                Map.of(
                        "CHAT_DB_URL", database.url(),
                        "CHAT_DB_USER", database.user(),
                        "CHAT_DB_PASSWORD", database.password()),
                database);
    }

    private static void killAndStop(Map<String, String> environment, TestDatabase database) {
        var directory = SharedService.directory("work");
        Ledger killed;
        try (var service = Jar.serve(directory, environment)) {
            var alice = signUp(service.api(), "alice");
            signUp(service.api(), "bob");
            killed = new Ledger(alice, "bob", "killed");
            killed.awaitAnswers(300);
            service.kill();
            killed.awaitEnd();
        }
        var answered = killed.answered();
        var stored = killed.stored(database);
        assertThat(stored).as("what was answered is there").containsAllEntriesOf(answered);
        assertThat(stored.size() - answered.size()).as("what was in flight").isBetween(0, 8);

        try (var service = Jar.serve(directory, environment)) {
            var alice = signIn(service.api(), "alice");
            stored.entrySet().stream().skip(stored.size() - 50L).forEach(one -> repeat(alice, one));
            assertThat(alice.get("/api/v1/message/?target=bob")
                            .json()
                            .get("count")
                            .asInt())
                    .isEqualTo(stored.size());

            var stopped = new Ledger(alice, "bob", "stopped");
            stopped.awaitAnswers(300);
            long asked = System.nanoTime();
            service.terminate();
            assertThat(service.awaitExit(TO_STOP)).isEqualTo(TERMINATED);
            System.out.printf("Stopped under load in %d ms%n", (System.nanoTime() - asked) / 1_000_000);
            stopped.awaitEnd();
            assertThat(stopped.stored(database))
                    .as("nothing was stored that was not answered, and the other way round")
                    .isEqualTo(stopped.answered());
            assertThat(service.output()).doesNotContain("ERROR", "Exception");
        }
    }

    @Test
    void whoeverIsSigningInDuringAStopIsAnsweredHonestly() {
        var directory = SharedService.directory("signing-in");
        try (var service = Jar.serve(directory, Map.of())) {
            signUp(service.api(), "victim");
            var wrong = Json.object()
                    .put("username", "victim")
                    .put("password", "wrong horse")
                    .toString();
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 120; i++) {
                answers.add(post(service, "/api/v1/session/", wrong));
            }
            for (int i = 0; i < 10; i++) {
                answers.add(post(service, "/api/v1/account/", account("late" + i)));
            }
            Awaitility.await().until(() -> answers.stream().anyMatch(CompletableFuture::isDone));
            service.terminate();
            assertThat(service.awaitExit(TO_STOP)).isEqualTo(TERMINATED);

            var statuses = new TreeSet<Integer>();
            for (var answer : answers) {
                answer.handle((response, failure) -> {
                            if (response != null) { // else the connection ended, and said nothing untrue
                                statuses.add(response.statusCode());
                                assertThat(response.body()).isNotEmpty();
                            }
                            return true;
                        })
                        .join();
            }
            assertThat(statuses).contains(503).isSubsetOf(201, 401, 503);
        }
    }

    private static CompletableFuture<HttpResponse<String>> post(Jar service, String path, String json) {
        return Api.HTTP.sendAsync(
                HttpRequest.newBuilder(service.base().resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aDatabaseThatHangsDoesNotHoldTheStopUp() throws Exception {
        var directory = SharedService.directory("hanging");
        try (var service = Jar.serve(directory, Map.of("CHAT_DATA_DIR", directory.toString()))) {
            var alice = signUp(service.api(), "alice");
            var door = Files.readString(directory.resolve("chat.door")).split(" ");
            // Ends with the process behind it.
            var locking = DriverManager.getConnection("jdbc:h2:tcp://127.0.0.1:" + door[0] + "/" + door[1], "sa", "");
            locking.setAutoCommit(false);
            locking.createStatement().execute("SELECT user_id FROM chat_feed_head FOR UPDATE");
            var message =
                    Json.object().put("recipient", "alice").put("body", "note").toString();
            var pending = Api.HTTP.sendAsync(
                    HttpRequest.newBuilder(service.base().resolve("/api/v1/message/"))
                            .header("Authorization", "Bearer " + alice.token())
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(message))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            Awaitility.await().until(() -> pending.isDone() || isCommitting(service));
            service.terminate();

            assertThat(service.awaitExit(TO_STOP)).isNotZero();
            assertThat(pending.handle((answer, failure) -> failure != null || answer.statusCode() == 503)
                            .join())
                    .isTrue();
        }
    }

    /** The thread that commits stands in the database. */
    private static boolean isCommitting(Jar service) {
        return service.admin()
                .get("/threads")
                .text()
                .lines()
                .dropWhile(line -> !line.startsWith("\"send-commit\""))
                .takeWhile(line -> !line.isBlank())
                .anyMatch(line -> line.contains("org.h2."));
    }

    private static void repeat(Api alice, Map.Entry<String, Long> stored) {
        var again = alice.send("bob", "m " + stored.getKey(), stored.getKey()).expect(201);
        assertThat(again.json().get("id").asLong()).isEqualTo(stored.getValue());
    }

    private static String account(String name) {
        return Json.object()
                .put("username", name)
                .put("password", "correct horse")
                .toString();
    }

    private static Api signUp(Api api, String name) {
        var answer = api.post("/api/v1/account/", account(name)).expect(201);
        return api.as(answer.json().get("token").asText());
    }

    private static Api signIn(Api api, String name) {
        var answer = api.post("/api/v1/session/", account(name)).expect(201);
        return api.as(answer.json().get("token").asText());
    }
}

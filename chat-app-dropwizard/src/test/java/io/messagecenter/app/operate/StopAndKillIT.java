package io.messagecenter.app.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Jar;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.Ledger;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.time.Duration;
import java.util.Map;
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

package io.messagecenter.app.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.HookReceiver;
import io.messagecenter.app.support.HookReceiver.Reply;
import io.messagecenter.app.support.Jar;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes on one MariaDB, of which the one that delivers is killed. */
@Timeout(300)
class WebhookIT {
    private static final int MESSAGES = 60;

    @Test
    void theOtherNodeGoesOnFromWhereTheKilledOneWas() {
        var database = TestDatabase.mariaDb();
        var directory = SharedService.directory("webhook-kill");
        try (var receiver = HookReceiver.start()) {
            var configuration = Service.configuration(database);
            configuration.withObject("/logging").put("level", "INFO");
            receiver.configure(configuration).put("batch", 10);
            var file = Service.file(configuration).toString();
            try (var one = Jar.serve(directory, Map.of(), "server", file)) {
                awaitDelivering(one, true);
                try (var other = Jar.serve(directory, Map.of(), "server", file)) {
                    awaitDelivering(other, false);
                    var account = Json.object().put("username", "alice").put("password", "correct horse");
                    var token = other.api()
                            .post("/api/v1/account/", account.toString())
                            .expect(201)
                            .json()
                            .get("token")
                            .asText();
                    var alice = other.api().as(token);
                    say(alice, 0);
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> receiver.firstOf("alice").size() == MESSAGES);
                    receiver.answer(call -> Reply.status(500));
                    say(alice, MESSAGES);
                    awaitFailing(one);

                    one.kill();
                    receiver.answer(call -> Reply.status(200));

                    Awaitility.await()
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> receiver.firstOf("alice").size() == 2 * MESSAGES);
                    awaitDelivering(other, true);
                    assertThat(receiver.firstOf("alice"))
                            .extracting(event -> event.get("seq").asLong())
                            .containsExactlyElementsOf(LongStream.rangeClosed(1, 2 * MESSAGES)
                                    .boxed()
                                    .toList());
                    assertThat(receiver.told())
                            .as("nothing is told from the beginning again")
                            .hasSize(2 * MESSAGES);
                }
            }
        }
    }

    private static void say(Api alice, int from) {
        for (int i = from; i < from + MESSAGES; i++) {
            alice.send("alice", "m" + i).expect(201);
        }
    }

    private static void awaitDelivering(Jar node, boolean delivering) {
        await(node, "chat_webhook_delivering{webhook=\"push\"} " + (delivering ? "1.0" : "0.0"));
    }

    private static void awaitFailing(Jar node) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> node.admin()
                .get("/metrics")
                .text()
                .lines()
                .anyMatch(line -> line.startsWith("chat_webhook_failures_total{webhook=\"push\"} ")));
    }

    private static void await(Jar node, String line) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> node.admin().get("/metrics").text().lines().anyMatch(line::equals));
    }
}

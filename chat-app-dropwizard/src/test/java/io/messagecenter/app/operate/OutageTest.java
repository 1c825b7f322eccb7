package io.messagecenter.app.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Cable;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.mysql.TestDatabase;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database goes away, and comes back. */
@Timeout(120)
class OutageTest {
    private static final String UNAVAILABLE = "The service is out of reach of something it needs. Try again.";

    /** What a client of message-center.v1 hears. */
    private static final class Ear implements WebSocket.Listener {
        final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        final AtomicBoolean ended = new AtomicBoolean();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            ended.set(true);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            ended.set(true);
        }
    }

    @Test
    void whileTheDatabaseIsAwayRequestsGet503AndSocketsStayAndAfterwardsNothingIsMissing() throws Exception {
        var database = TestDatabase.mariaDb();
        try (var cable = Cable.to(database);
                var service = Service.on(
                        cable.through(database), configuration -> configuration.put("heartbeat", "300 milliseconds"));
                var people = new People(database)) {
            var alice = service.api().as(people.token("alice"));
            var bob = people.token("bob");
            var ear = new Ear();
            var socket = Api.HTTP
                    .newWebSocketBuilder()
                    .header("Authorization", "Bearer " + bob)
                    .subprotocols("message-center.v1")
                    .buildAsync(URI.create("ws://127.0.0.1:" + service.port() + "/ws"), ear)
                    .get(20, TimeUnit.SECONDS);
            assertThat(next(ear).get("type").asText()).isEqualTo("hello");
            alice.send("bob", "before", "key-0").expect(201);
            assertThat(next(ear).at("/message/body").asText()).isEqualTo("before");
            healthy(service, true);

            cable.cut();
            healthy(service, false);
            var health = service.admin().get("/healthcheck").text();
            assertThat(health).doesNotContain("jdbc", "127.0.0.1", database.password());
            for (var answer : List.of(
                    alice.send("bob", "during", "key-1"),
                    alice.get("/api/v1/message/"),
                    alice.get("/api/v1/message/1/"),
                    alice.get("/api/v1/event/"),
                    alice.get("/api/v1/user/"),
                    alice.get("/api/v1/session/"),
                    service.api().as("never seen").get("/api/v1/account/"),
                    service.api().post("/api/v1/session/", "{\"username\": \"alice\", \"password\": \"x\"}"),
                    service.api()
                            .post("/api/v1/account/", "{\"username\": \"carol\", \"password\": \"correct horse\"}"))) {
                answer.expectProblem(503, "unavailable", UNAVAILABLE);
                assertThat(answer.header("Retry-After")).contains("1");
            }
            // What is wrong with a request is still told.
            assertThat(alice.post("/api/v1/message/", "{").status()).isIn(400, 503);
            alice.signedOut().get("/api/v1/event/").expectNotSignedIn();
            Awaitility.await()
                    .during(Duration.ofSeconds(3)) // several rounds of looking after sockets, and heartbeats
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !ear.ended.get());

            cable.mend();
            healthy(service, true);
            var kept = new ArrayList<String>();
            kept.add(untilStored(alice, "during", "key-1").json().at("/body").asText());
            kept.add(untilStored(alice, "after", "key-2").json().at("/body").asText());
            untilStored(alice, "before", "key-0");
            assertThat(kept).containsExactly("during", "after");
            assertThat(next(ear).at("/message/body").asText()).isEqualTo("during");
            assertThat(next(ear).at("/message/body").asText()).isEqualTo("after");
            assertThat(alice.get("/api/v1/message/?target=bob")
                            .json()
                            .get("count")
                            .asInt())
                    .isEqualTo(3);
            service.api().as(bob).get("/api/v1/account/").expect(200);
            assertThat(ear.ended).isFalse();
            socket.abort();
        }
    }

    private static void healthy(Service service, boolean wanted) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var answer = service.admin().get("/healthcheck").expect(wanted ? 200 : 500);
            assertThat(answer.at("/database/healthy").asBoolean()).isEqualTo(wanted);
            assertThat(answer.at("/send-queue/healthy").asBoolean()).isTrue();
        });
    }

    private static Answer untilStored(Api sender, String body, String key) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> sender.send("bob", body, key), answer -> answer.status() == 201);
    }

    private static JsonNode next(Ear ear) throws InterruptedException {
        var frame = ear.frames.poll(20, TimeUnit.SECONDS);
        assertThat(frame).as("the next frame").isNotNull();
        return Json.parse(frame);
    }
}

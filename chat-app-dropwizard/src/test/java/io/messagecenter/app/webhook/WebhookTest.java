package io.messagecenter.app.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.readme.WebhookVerification;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.HookReceiver;
import io.messagecenter.app.support.HookReceiver.Reply;
import io.messagecenter.app.support.HookReceiver.Told;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service tells a real receiver, which fails in every way there is. */
@Timeout(180)
class WebhookTest {
    private final HookReceiver receiver = HookReceiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    private static TestDatabase h2() {
        return TestDatabase.h2(SharedService.directory("webhook"));
    }

    private Service service(TestDatabase database) {
        return Service.on(database, receiver::configure);
    }

    private static Api signUp(Service service, String name) {
        var account = Json.object().put("username", name).put("password", "correct horse");
        var answer = service.api().post("/api/v1/account/", account.toString()).expect(201);
        return service.api().as(answer.json().get("token").asText());
    }

    private static Api signIn(Service service, String name) {
        var account = Json.object().put("username", name).put("password", "correct horse");
        var answer = service.api().post("/api/v1/session/", account.toString()).expect(201);
        return service.api().as(answer.json().get("token").asText());
    }

    /** The new messages of a feed, as its owner reads them. */
    private static List<JsonNode> feed(Api person) {
        var events = person.get("/api/v1/event/?after=0&limit=1000").expect(200).json();
        return StreamSupport.stream(events.get("events").spliterator(), false)
                .filter(event -> event.get("type").asText().equals("message.sent"))
                .toList();
    }

    private void awaitTold(String name, Api person) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(receiver.firstOf(name))
                .isEqualTo(feed(person)));
    }

    private static void awaitDelivering(Service service) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> metric(service, "chat_webhook_delivering{webhook=\"push\"}") == 1);
    }

    private static double metric(Service service, String name) {
        return service.admin()
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Test
    void whatHappensIsToldAsTheFeedHasIt() {
        try (var service = service(h2())) {
            awaitDelivering(service);
            var alice = signUp(service, "alice");
            var bob = signUp(service, "bob");
            alice.send("bob", "h\u00e9llo \ud83d\udc4b \"quoted\"").expect(201);
            bob.send("alice", "hello yourself").expect(201);

            awaitTold("alice", alice);
            awaitTold("bob", bob);
            assertThat(feed(bob)).hasSize(2);
            assertThat(metric(service, "chat_webhook_delivered_total{webhook=\"push\"}"))
                    .isEqualTo(4);
        }
        for (var call : receiver.calls()) {
            var signature = call.headers().get("message-center-signature");
            var secret = HookReceiver.SECRET.getBytes(StandardCharsets.UTF_8);
            assertThat(WebhookVerification.isGenuine(signature, call.body(), secret, Instant.now()))
                    .isTrue();
        }
    }

    @Test
    void whoeverFailsHangsAndHangsUpIsToldOfEverythingInItsOrder() {
        var random = new Random(4);
        receiver.answer(call -> {
            synchronized (random) {
                return switch (random.nextInt(8)) {
                    case 0 -> Reply.status(500);
                    case 1 -> Reply.status(503, "Retry-After", "0");
                    case 2 -> Reply.HANG;
                    case 3 -> Reply.HANG_UP;
                    case 4 -> Reply.HANG_AFTER_HEADERS;
                    default -> Reply.status(204);
                };
            }
        });
        try (var service = Service.on(h2(), configuration -> receiver.configure(configuration)
                .put("batch", 7)
                .put("timeout", "400ms"))) {
            var alice = signUp(service, "alice");
            var bob = signUp(service, "bob");
            for (int i = 0; i < 60; i++) {
                (i % 3 == 0 ? bob : alice)
                        .send(i % 2 == 0 ? "bob" : "alice", "m" + i)
                        .expect(201);
            }

            awaitTold("alice", alice);
            awaitTold("bob", bob);
        }
    }

    @Test
    void aReceiverThatIsAwayIsNoIllnessOfTheServiceAndMissesNothing() {
        try (var service = service(h2())) {
            awaitDelivering(service);
            receiver.goAway();
            var alice = signUp(service, "alice");
            for (int i = 0; i < 20; i++) {
                alice.send("alice", "m" + i).expect(201);
            }
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(metric(service, "chat_webhook_failures_total{webhook=\"push\"}"))
                        .isGreaterThan(2);
                assertThat(metric(service, "chat_webhook_failing_seconds{webhook=\"push\"}"))
                        .isPositive();
                assertThat(metric(service, "chat_webhook_behind{webhook=\"push\"}"))
                        .isEqualTo(20);
            });
            service.admin().get("/healthcheck").expect(200);

            receiver.comeBack();
            awaitTold("alice", alice);
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(metric(service, "chat_webhook_failing_seconds{webhook=\"push\"}"))
                        .isZero();
                assertThat(metric(service, "chat_webhook_behind{webhook=\"push\"}"))
                        .isZero();
            });
        }
    }

    @Test
    void aReceiverThatTakesSoMuchAtOnceGetsWhatWasMadeLongWhileItFailed() {
        var database = h2();
        var ids = new ArrayList<String>();
        receiver.answer(call -> Reply.status(503));
        String token;
        try (var service = service(database)) {
            awaitDelivering(service);
            var alice = signUp(service, "alice");
            token = alice.token();
            for (int i = 0; i < 60; i++) {
                var sent = alice.send("alice", "m" + i).expect(201).json();
                ids.add(sent.get("id").asText());
            }
        }

        try (var service = service(database)) {
            var alice = service.api().as(token);
            awaitRequestOf(60);
            var body = Json.object().put("body", "\u6f22".repeat(10_000)).toString();
            ids.forEach(id ->
                    alice.call("PATCH", "/api/v1/message/" + id + "/", body).expect(200));
            awaitRequestOf(27);
            receiver.answer(call -> Reply.status(call.body().length > 1_000_000 ? 413 : 200));

            awaitTold("alice", alice);
            assertThat(receiver.told()).hasSize(60).extracting(Told::seq).isSorted();
        }
    }

    private void awaitRequestOf(int events) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> receiver.calls().stream()
                .anyMatch(call -> call.json().get("deliveries").size() == events));
    }

    @Test
    void aServiceThatIsStartedAgainGoesOnWhereItWas() {
        var database = h2();
        try (var service = service(database)) {
            var alice = signUp(service, "alice");
            alice.send("alice", "told").expect(201);
            awaitTold("alice", alice);
            receiver.answer(call -> Reply.HANG);
            alice.send("alice", "not taken").expect(201);
            alice.send("alice", "not even tried").expect(201);
            Awaitility.await().until(() -> receiver.calls().size() > 1);
        }
        receiver.answer(call -> Reply.status(200));

        try (var service = service(database)) {
            var alice = signIn(service, "alice");
            awaitTold("alice", alice);
            assertThat(feed(alice)).hasSize(3);
            assertThat(receiver.told()).extracting(Told::seq).doesNotHaveDuplicates();
        }
    }

    @Test
    void ofTwoNodesOneTellsWhatEitherHasStoredAndWhenItStopsTheOtherGoesOn() {
        var database = TestDatabase.mariaDb();
        try (var other = start(database)) {
            Api alice;
            try (var one = start(database)) {
                alice = signUp(other, "alice");
                var elsewhere = one.api().as(alice.token());
                for (int i = 0; i < 30; i++) {
                    (i % 2 == 0 ? alice : elsewhere).send("alice", "m" + i).expect(201);
                }
                awaitTold("alice", alice);
                assertThat(metric(one, "chat_webhook_delivering{webhook=\"push\"}")
                                + metric(other, "chat_webhook_delivering{webhook=\"push\"}"))
                        .isEqualTo(1);
                assertThat(metric(one, "chat_webhook_delivering{webhook=\"push\"}"))
                        .as("the second has waited")
                        .isZero();
            }
            alice.send("alice", "one is left").expect(201);
            awaitTold("alice", alice);
        }
        var told = new ArrayList<>(receiver.told());
        assertThat(told).hasSize(31).extracting(Told::seq).isSorted();
    }

    private Service start(TestDatabase database) {
        var service = service(database);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> leaseTaken(database));
        return service;
    }

    private static boolean leaseTaken(TestDatabase database) {
        var pool = database.pool(1);
        try (var connection = pool.getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT holder FROM chat_lease WHERE name = 'webhook:push'")) {
            return rows.next() && rows.getString(1) != null;
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            pool.close(true);
        }
    }
}

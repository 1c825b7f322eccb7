package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.redis.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** Two nodes on one database, with Redis between them. */
@Timeout(120)
class SignalsOnTwoNodesTest {
    private final TestRedis.Server redis = TestRedis.start();
    private final String prefix = UUID.randomUUID() + ":";
    private final Service here = node();
    private final Service there = node();
    private final String alice = People.freshName("signals.alice");
    private final String bob = People.freshName("signals.bob");
    private final String alicesToken = SharedService.people().token(alice);
    private final String bobsToken = SharedService.people().token(bob);

    private Service node() {
        return Service.on(SharedService.database(), configuration -> configuration
                .putObject("notifier")
                .put("type", "redis")
                .put("url", redis.url())
                .put("prefix", prefix)
                .put("presenceGrace", "2s"));
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
        redis.close();
    }

    private static ChatClient greeted(Service node, String token) {
        var client = ChatClient.v1(URI.create("ws://127.0.0.1:" + node.port() + "/ws"), token);
        client.next("hello");
        return client;
    }

    private static String typing(String user) {
        return "{\"type\": \"typing\", \"user\": \"" + user + "\"}";
    }

    private static void assertPresence(JsonNode frame, String user, boolean online) {
        assertThat(frame.path("user").asText()).isEqualTo(user);
        assertThat(frame.path("online").asBoolean()).isEqualTo(online);
    }

    @Test
    void typingAndPresencePassFromOneToTheOther() {
        here.api().as(alicesToken).send(bob, "hello").expect(201);
        try (var hers = greeted(here, alicesToken)) {
            try (var his = greeted(there, bobsToken)) {
                assertPresence(hers.nextPresence(), bob, true);
                assertPresence(his.nextPresence(), alice, true);

                Awaitility.await()
                        .until(
                                () -> { // until the subscription has taken hold there is nobody to hear it
                                    hers.send(typing(bob));
                                    return his.poll(Duration.ofMillis(200))
                                            .filter(frame ->
                                                    frame.equals("{\"type\":\"typing\",\"user\":\"" + alice + "\"}"))
                                            .isPresent();
                                });

                // A socket that moves to the other node is seen by nobody.
                his.close();
                try (var moved = greeted(here, bobsToken)) {
                    assertPresence(moved.nextPresence(), alice, true);
                    assertThat(hers.pollPresence(Duration.ofMillis(2_500))).isEmpty();
                }
                var gone = hers.nextPresence();
                assertPresence(gone, bob, false);
                assertThat(gone.path("last_seen").isTextual()).isTrue();
                assertThat(there.api()
                                .as(alicesToken)
                                .get("/api/v1/user/" + bob + "/")
                                .at("/last_seen"))
                        .isEqualTo(gone.path("last_seen"));
            }
        }
    }

    @Test
    void aBlockOnOneNodeHidesWhoBlocksOnTheOther() {
        here.api().as(alicesToken).send(bob, "hello").expect(201);
        try (var hers = greeted(here, alicesToken);
                var his = greeted(there, bobsToken)) {
            assertPresence(hers.nextPresence(), bob, true);
            assertPresence(his.nextPresence(), alice, true);

            there.api()
                    .as(bobsToken)
                    .call("PUT", "/api/v1/block/" + alice + "/")
                    .expect(204);

            var told = hers.pollPresence(Duration.ofMillis(2_500)).orElseThrow();
            assertPresence(told, bob, false);
            assertThat(told.path("last_seen").isNull()).isTrue();
        }
    }

    @Test
    void whoIsErasedOnOneNodeIsOfflineOnTheOtherAtOnceAndNothingOfThemStaysInRedis() {
        here.api().as(alicesToken).send(bob, "hello").expect(201);
        var admin = here.api().as(SharedService.people().admin(People.freshName("signals.admin")));
        try (var jedis = new Jedis("127.0.0.1", redis.port());
                var hers = greeted(here, alicesToken);
                var his = greeted(there, bobsToken)) {
            assertPresence(hers.nextPresence(), bob, true);
            var key = prefix + "online:{" + SharedService.people().person(bob).id() + "}";
            assertThat(jedis.exists(key)).isTrue();

            admin.delete("/api/v1/admin/account/" + bob + "/").expect(204);

            for (var node : List.of(here, there)) {
                var conversations = node.api().as(alicesToken).get("/api/v1/conversation/");
                assertThat(conversations.at("/0/user").textValue()).isEqualTo(bob);
                assertThat(conversations.at("/0/online").booleanValue()).isFalse();
            }
            var told = hers.pollPresence(Duration.ofMillis(2_500)).orElseThrow();
            assertPresence(told, bob, false);
            assertThat(told.path("last_seen").isNull()).isTrue();
            assertThat(his.awaitClosed().code()).isEqualTo(1008);
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !jedis.exists(key));
            assertThat(hers.pollPresence(Duration.ofMillis(1_200))).isEmpty();
            assertThat(jedis.exists(key)).isFalse();
        }
    }

    /** Whether somebody is online, wherever it is shown. */
    private Set<Boolean> online(String asker, String user) {
        var api = here.api().as(asker);
        return Stream.of(
                        api.get("/api/v1/conversation/").at("/0/online"),
                        api.get("/api/v1/conversation/" + user + "/").at("/online"),
                        api.get("/api/v1/user/?limit=1&q=" + user).at("/0/online"),
                        api.get("/api/v1/user/" + user + "/").at("/online"))
                .map(JsonNode::booleanValue)
                .collect(Collectors.toSet());
    }

    @Test
    void whileRedisIsAwayNobodySeemsToComeOrGo() {
        var carol = People.freshName("signals.carol");
        var carolsToken = SharedService.people().token(carol);
        here.api().as(alicesToken).send(bob, "hello").expect(201);
        here.api().as(carolsToken).send(bob, "hello").expect(201);
        try (var hers = greeted(here, alicesToken);
                var his = greeted(there, bobsToken)) {
            assertPresence(hers.nextPresence(), bob, true);
            assertPresence(his.nextPresence(), alice, true);

            redis.kill();
            assertThat(hers.pollPresence(Duration.ofMillis(2_500))).isEmpty();
            assertThat(online(alicesToken, bob)).containsExactly(true);
            try (var carols = greeted(here, carolsToken)) {
                assertPresence(carols.nextPresence(), bob, true);
                redis.restart();
                assertThat(carols.pollPresence(Duration.ofMillis(2_500))).isEmpty();
            }
            assertThat(hers.pollPresence(Duration.ofMillis(500))).isEmpty();
            assertThat(online(alicesToken, bob)).containsExactly(true);
        }
    }
}

package io.messagecenter.app.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.redis.RedisAddress;
import io.messagecenter.redis.RedisCounts;
import io.messagecenter.redis.TestRedis;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes, which count together by Redis, and each by itself while Redis is away. */
@Timeout(120)
class SharedLimitsTest {
    private static final String PASSWORD = "correct horse";
    private static final int MESSAGES = 20;

    private final TestRedis.Server redis = TestRedis.start();
    private final String prefix = UUID.randomUUID() + ":";
    private final Service one = node();
    private final Service other = node();

    private Service node() {
        return Service.on(SharedService.database(), configuration -> {
            configuration
                    .putObject("notifier")
                    .put("type", "redis")
                    .put("url", redis.url())
                    .put("prefix", prefix);
            var limits = configuration.putObject("limits").put("socketsByUser", 3);
            limits.putObject("signInByAddress").put("count", 1_000_000).put("period", "1h");
            limits.putObject("signInByAccountAndAddress").put("count", 4).put("period", "1h");
            limits.putObject("signInByAccount").put("count", 3).put("period", "1h");
            limits.putObject("signUpByAddress").put("count", 3).put("period", "1h");
            limits.putObject("messagesByUser").put("count", MESSAGES).put("period", "1h");
        });
    }

    /** Until it has found Redis, a node counts by itself. */
    @BeforeEach
    void awaitBothToCountTogether() {
        Awaitility.await("both nodes to count together").untilAsserted(() -> {
            var probe = People.freshName("shared.probe");
            IntStream.range(0, 3).forEach(i -> signIn(i % 2 == 0 ? one : other, probe));
            assertThat(signIn(one, probe).status()).isEqualTo(429);
        });
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        redis.close();
    }

    private static String credentials(String username, String password) {
        return Json.object().put("username", username).put("password", password).toString();
    }

    private static Answer signUp(Service node) {
        return node.api().post("/api/v1/account/", credentials(People.freshName("shared.new"), PASSWORD));
    }

    private static Answer signIn(Service node, String username) {
        return node.api().post("/api/v1/session/", credentials(username, "wrong"));
    }

    private static Api as(Service node, String name) {
        return node.api().as(SharedService.people().token(name));
    }

    private static WebSocket connect(Service node, String token) {
        return Api.HTTP
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("ws://127.0.0.1:" + node.port() + "/ws"), new WebSocket.Listener() {})
                .join();
    }

    private static boolean connects(Service node, String token) {
        try {
            connect(node, token).abort();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    @Test
    void whatFailedAtOneNodeCountsAtTheOther() {
        awaitBothToCountTogether();
        var name = People.freshName("shared.victim");
        signIn(one, name).expect(401);
        signIn(other, name).expect(401);
        signIn(one, name).expect(401);
        assertThat(signIn(other, name).status()).isEqualTo(429);
        assertThat(signIn(one, name).status()).isEqualTo(429);
    }

    @Test
    void soManyAccountsAreOpenedAtBothTogether() {
        signUp(one).expect(201);
        signUp(other).expect(201);
        signUp(other).expect(201);
        assertThat(signUp(one).status()).isEqualTo(429);
        assertThat(signUp(other).status()).isEqualTo(429);
    }

    @Test
    void whatWasSentAtOneNodeIsTakenFromTheOther() {
        var name = People.freshName("shared.alice");
        var here = as(one, name);
        for (int i = 0; i < MESSAGES; i++) {
            here.send(name, "m" + i).expect(201);
        }
        assertThat(here.send(name, "too many").status()).isEqualTo(429);
        // Sends do not wait for word from others, so a few go through before it comes.
        var there = as(other, name);
        int[] more = {0};
        Awaitility.await().pollInterval(Duration.ofMillis(50)).until(() -> {
            boolean refused = there.send(name, "more").status() == 429;
            more[0] += refused ? 0 : 1;
            return refused;
        });
        assertThat(more[0]).isBetween(1, MESSAGES - 1);
    }

    @Test
    void aUserHasSoManySocketsAtBothTogether() {
        var token = SharedService.people().token(People.freshName("shared.alice"));
        var sockets = new WebSocket[] {connect(one, token), connect(other, token), connect(other, token)};
        Awaitility.await().until(() -> !connects(one, token));
        Awaitility.await().until(() -> !connects(other, token));
        sockets[0].abort();
        Awaitility.await().until(() -> connects(other, token));
        sockets[1].abort();
        sockets[2].abort();
    }

    @Test
    void whileRedisIsAwayEachNodeHasItsOwnLimitsAndNobodyWaits() {
        redis.kill();
        var name = People.freshName("shared.bob");
        for (var node : new Service[] {one, other}) {
            for (int i = 0; i < 3; i++) {
                signIn(node, name).expect(401);
            }
            assertThat(signIn(node, name).status()).isEqualTo(429);
            var alice = as(node, name);
            long start = System.nanoTime();
            for (int i = 0; i < MESSAGES; i++) {
                alice.send(name, "m" + i).expect(201);
            }
            assertThat(alice.send(name, "too many").status()).isEqualTo(429);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(connects(node, alice.token())).isTrue();
        }
        redis.restart();
        Awaitility.await().untilAsserted(this::whatFailedAtOneNodeCountsAtTheOther);
    }

    @Test
    void whereOneNodeHasSeenTheOwnerTheOtherKnowsThemToo() {
        // Where the owner was not, there may be three failures; where they were, four.
        var owner = People.freshName("shared.carol");
        one.api().post("/api/v1/account/", credentials(owner, PASSWORD)).expect(201);
        for (int i = 0; i < 4; i++) {
            signIn(other, owner).expect(401);
        }
        var stranger = People.freshName("shared.nobody");
        IntStream.range(0, 3).forEach(i -> signIn(other, stranger).expect(401));
        assertThat(signIn(other, stranger).status()).isEqualTo(429);
    }

    @Test
    void ofWhoErasesTheirAccountNoNodeNorRedisKeepsThePlaceTheyAskFrom() {
        var owner = People.freshName("shared.dave");
        var known = "known 127.0.0.1 " + owner;
        try (var counts =
                RedisCounts.builder(RedisAddress.of(redis.url())).prefix(prefix).build()) {
            var token = one.api()
                    .post("/api/v1/account/", credentials(owner, PASSWORD))
                    .expect(201)
                    .at("/token")
                    .asText();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(counts.remembers(known)).contains(true));

            other.api()
                    .as(token)
                    .call(
                            "DELETE",
                            "/api/v1/account/",
                            Json.object().put("password", PASSWORD).toString())
                    .expect(204);

            Awaitility.await()
                    .untilAsserted(() -> assertThat(counts.remembers(known)).contains(false));
        }
    }
}

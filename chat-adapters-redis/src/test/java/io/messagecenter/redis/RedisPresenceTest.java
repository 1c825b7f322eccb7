package io.messagecenter.redis;

import static io.messagecenter.redis.Nodes.PATIENT;
import static io.messagecenter.redis.Nodes.QUICK;
import static io.messagecenter.redis.Samples.freshUser;
import static io.messagecenter.redis.TestRedis.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Protocol.Command;

/** What is particular to Redis, in good times and in bad. */
@Timeout(60)
class RedisPresenceTest {
    private static final Duration RARELY = Duration.ofHours(1);

    private final String prefix = Nodes.freshPrefix();
    private final TestRedis.Server redis = TestRedis.start();
    private final List<RedisPresence> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(RedisPresence::close);
        redis.close();
    }

    private RedisPresence node(Duration refresh, Duration patience, Duration timeout) {
        var node = RedisPresence.builder(RedisAddress.of(redis.url()))
                .prefix(prefix)
                .timeout(timeout)
                .refresh(refresh)
                .patience(patience)
                .build();
        opened.add(node);
        return Nodes.connected(node);
    }

    private RedisPresence node(Duration refresh) {
        return node(refresh, Duration.ofSeconds(5), PATIENT);
    }

    private String key(UserId user) {
        return prefix + "online:{" + user + "}";
    }

    private long number(Command command, String... arguments) {
        return (Long) redis.ask(command, arguments);
    }

    private static void awaitOnline(RedisPresence node, UserId... users) {
        soon().untilAsserted(() -> assertThat(node.online(List.of(users))).containsExactlyInAnyOrder(users));
    }

    @Test
    void aNodeThatSaysNothingMoreIsForgotten() {
        var node = node(RARELY);
        var alice = freshUser();
        var now = System.currentTimeMillis();

        redis.ask(Command.ZADD, key(alice), "" + (now + 2_000), "a node that died");
        assertThat(node.online(List.of(alice))).containsExactly(alice);

        soon().until(() -> node.online(List.of(alice)).isEmpty());
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(now + 1_900);
    }

    @Test
    void aNodeThatLivesSaysSoAgainAndForgetsTheDead() {
        var alice = freshUser();
        var here = node(Duration.ofMillis(100));
        var there = node(RARELY);
        redis.ask(Command.ZADD, key(alice), "1000", "a node that died");

        here.connected(alice);

        awaitOnline(there, alice);
        soon().until(() -> number(Command.ZCARD, key(alice)) == 1);
        var ttls = new HashSet<Long>();
        long deadline = System.nanoTime() + Duration.ofMillis(900).toNanos();
        while (System.nanoTime() < deadline) {
            assertThat(there.online(List.of(alice))).containsExactly(alice);
            ttls.add(number(Command.PTTL, key(alice)));
        }
        assertThat(ttls).allMatch(ttl -> ttl > 0 && ttl <= 300);
    }

    @Test
    void aKeyIsGoneWithTheLastConnection() {
        var alice = freshUser();
        var node = node(RARELY);
        node.connected(alice);
        soon().until(() -> number(Command.EXISTS, key(alice)) == 1);

        node.disconnected(alice);

        soon().until(() -> number(Command.EXISTS, key(alice)) == 0);
    }

    @Test
    void aDisconnectTooManyChangesNothing() {
        var alice = freshUser();
        var here = node(RARELY);
        var there = node(RARELY);

        here.disconnected(alice);
        here.connected(alice);

        awaitOnline(there, alice);
        awaitOnline(here, alice);
    }

    @Test
    void closeTakesThisNodesUsersOfflineAtOnceAndEndsAllThreads() {
        var users = LongStream.range(0, 5_000).mapToObj(i -> freshUser()).toList();
        var alsoThere = users.get(17);
        var here = node(RARELY);
        var there = node(RARELY);
        users.forEach(here::connected);
        there.connected(alsoThere);
        soon().until(() -> number(Command.DBSIZE) == 5_000 && number(Command.ZCARD, key(alsoThere)) == 2);

        here.close();

        assertThat(number(Command.DBSIZE)).isEqualTo(1);
        assertThat(there.online(users)).containsExactly(alsoThere);
        assertThat(here.online(users)).isEmpty();
        there.close();
        soon().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("redis-presence-127.0.0.1:" + redis.port())));
    }

    @Test
    void afterARestartEveryoneIsOnlineAgainBeforeTheNextRefresh() {
        var alice = freshUser();
        var here = node(RARELY);
        var there = node(RARELY);
        here.connected(alice);
        awaitOnline(there, alice);

        redis.kill();
        soon().until(() -> there.online(List.of(alice)).isEmpty());
        redis.restart();

        awaitOnline(there, alice);
    }

    @Test
    void anOutageAnswersWithWhatThisNodeKnows() {
        var alice = freshUser();
        var bob = freshUser();
        var here = node(RARELY);
        var there = node(RARELY);
        here.connected(alice);
        there.connected(bob);
        awaitOnline(here, alice, bob);

        redis.kill();

        soon().untilAsserted(() -> assertThat(here.online(List.of(alice, bob))).containsExactly(alice));
        var carol = freshUser();
        here.connected(carol);
        here.disconnected(alice);
        assertThat(here.online(List.of(alice, bob, carol))).containsExactly(carol);
        soon().until(() -> !here.isConnected()); // a question fails before the connection is known to be lost
        redis.restart();
        awaitOnline(there, bob, carol);
    }

    @Test
    void whoLeavesDuringAnOutageIsOfflineSoonAfterIt() {
        var alice = freshUser();
        var here = node(RARELY, Duration.ofSeconds(5), QUICK);
        var there = node(RARELY);
        here.connected(alice);
        awaitOnline(there, alice);

        redis.freeze();
        soon().until(() -> !here.isConnected());
        here.disconnected(alice);
        redis.thaw();

        soon().until(() -> here.isConnected());
        soon().until(() -> number(Command.EXISTS, key(alice)) == 0);
    }

    @Test
    void aServerThatHangsIsWaitedForOnceAndThenNotForAWhile() {
        var alice = freshUser();
        var bob = freshUser();
        var here = node(RARELY, Duration.ofMillis(300), PATIENT);
        var there = node(RARELY);
        here.connected(alice);
        there.connected(bob);
        awaitOnline(here, alice, bob);
        redis.freeze();

        long start = System.nanoTime();
        var answers = new HashSet<Set<UserId>>();
        for (int i = 0; i < 20; i++) {
            answers.add(here.online(List.of(alice, bob)));
        }
        var took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(answers).containsExactly(Set.of(alice));
        assertThat(took).isBetween(Duration.ofMillis(300), Duration.ofMillis(1_500));
        redis.thaw();
        awaitOnline(here, alice, bob);
    }

    @Test
    void connectingDoesNotWaitForRedis() {
        var here = node(Duration.ofSeconds(1));
        var users = LongStream.range(0, 10_000).mapToObj(i -> freshUser()).toList();
        redis.freeze();

        long start = System.nanoTime();
        users.forEach(here::connected);
        users.subList(0, 5_000).forEach(here::disconnected);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        redis.thaw();
        soon().until(() -> number(Command.DBSIZE) == 5_000);
    }

    @Test
    void usersHereAreKnownWithoutAskingRedis() {
        var alice = freshUser();
        var here = node(RARELY, Duration.ofSeconds(30), PATIENT);
        here.connected(alice);
        redis.freeze();

        assertThat(here.online(List.of(alice, alice))).containsExactly(alice);
        redis.thaw();
    }

    @Test
    void aServerThatIsDownAtFirstIsToldOnceItIsUp() {
        var alice = freshUser();
        redis.kill();
        var here = RedisPresence.builder(RedisAddress.of(redis.url()))
                .prefix(prefix)
                .refresh(RARELY)
                .build();
        opened.add(here);
        here.connected(alice);
        assertThat(here.online(List.of(alice, freshUser()))).containsExactly(alice);

        redis.restart();

        awaitOnline(node(RARELY), alice);
    }

    @Test
    void nonsenseIsRefusedBeforeAnythingStarts() {
        var builder = RedisPresence.builder(RedisAddress.of(redis.url()));

        assertThatThrownBy(() -> builder.prefix("a b")).isInstanceOf(IllegalArgumentException.class);
        for (var bad : List.of(Duration.ZERO, Duration.ofMillis(99), Duration.ofMinutes(61))) {
            assertThatThrownBy(() -> builder.refresh(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        for (var bad : List.of(Duration.ZERO, Duration.ofSeconds(61))) {
            assertThatThrownBy(() -> builder.patience(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.timeout(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

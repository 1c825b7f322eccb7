package io.messagecenter.redis;

import static io.messagecenter.redis.Nodes.PATIENT;
import static io.messagecenter.redis.Nodes.QUICK;
import static io.messagecenter.redis.Samples.freshUser;
import static io.messagecenter.redis.TestRedis.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.presence.Presence.Status;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    private RedisPresence.Builder builder(Duration refresh) {
        return RedisPresence.builder(RedisAddress.of(redis.url()))
                .prefix(prefix)
                .timeout(PATIENT)
                .refresh(refresh)
                .patience(Duration.ofSeconds(5))
                .grace(Duration.ZERO);
    }

    private RedisPresence open(RedisPresence.Builder builder) {
        var node = builder.build();
        opened.add(node);
        return Nodes.connected(node);
    }

    private RedisPresence node(Duration refresh, Duration patience, Duration timeout) {
        return open(builder(refresh).timeout(timeout).patience(patience));
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
    void byDefaultANodeThatIsKilledIsForgottenWithinAMinute() {
        var alice = freshUser();
        var node = RedisPresence.builder(RedisAddress.of(redis.url()))
                .prefix(prefix)
                .build();
        opened.add(node);
        node.connected(alice);

        soon().until(() -> number(Command.EXISTS, key(alice)) == 1);
        var now = System.currentTimeMillis();

        assertThat(number(Command.ZCOUNT, key(alice), "" + (now + 30_000), "" + (now + 50_000)))
                .isEqualTo(1);
    }

    @Test
    void theUsersOfANodeThatIsKilledAreOfflineOnceItsWordExpiresAndWereSeenUntilItsLast() {
        var alice = freshUser();
        var there = node(RARELY);
        try (var line = new Relay(redis.port());
                var killed = RedisPresence.builder(RedisAddress.of(line.url()))
                        .prefix(prefix)
                        .timeout(QUICK)
                        .refresh(Duration.ofMillis(500))
                        .build()) {
            killed.connected(alice);
            awaitOnline(there, alice);

            line.cut();
            var cut = Instant.now();

            assertThat(there.of(List.of(alice))).isEqualTo(Map.of(alice, Status.ONLINE));
            soon().until(() -> there.online(List.of(alice)).isEmpty());
            assertThat(Instant.now()).isBefore(cut.plusSeconds(10)); // three refreshes and a busy machine
            assertThat(there.of(List.of(alice)).get(alice).lastSeen().orElseThrow())
                    .isBetween(cut.minusSeconds(2), cut.plusMillis(500));
            assertThat(killed.online(List.of(alice))).as("what it knows itself").containsExactly(alice);
        }
    }

    @Test
    void whoIsBackOnAnotherNodeBeforeTheKilledOnesWordExpiresWasNeverGone() {
        var alice = freshUser();
        var there = node(Duration.ofMillis(100));
        try (var line = new Relay(redis.port());
                var killed = RedisPresence.builder(RedisAddress.of(line.url()))
                        .prefix(prefix)
                        .timeout(QUICK)
                        .refresh(Duration.ofSeconds(1))
                        .build()) {
            var watching = node(RARELY);
            killed.connected(alice);
            awaitOnline(watching, alice);
            line.cut();
            there.connected(alice);

            soon().until(() -> {
                assertThat(watching.online(List.of(alice))).containsExactly(alice);
                return number(Command.ZCARD, key(alice)) == 2; // the killed one's word is gone
            });
            assertThat(watching.online(List.of(alice))).containsExactly(alice);
        }
    }

    @Test
    void aNodeThatLivesSaysSoAgainAndForgetsTheDead() {
        var alice = freshUser();
        var here = node(Duration.ofMillis(100));
        var there = node(RARELY);
        redis.ask(Command.ZADD, key(alice), "1000", "a node that died");

        here.connected(alice);

        awaitOnline(there, alice);
        soon().until(() -> number(Command.ZCARD, key(alice)) == 2); // and when she was last seen
        long deadline = System.nanoTime() + Duration.ofMillis(900).toNanos();
        while (System.nanoTime() < deadline) {
            assertThat(there.online(List.of(alice))).containsExactly(alice);
            assertThat(number(Command.ZCOUNT, key(alice), "" + (System.currentTimeMillis() + 5_000), "+inf"))
                    .as("words that hold far longer than three refreshes")
                    .isZero();
        }
    }

    @Test
    void aKeyIsGoneOnceItIsForgottenWhenItsUserWasSeen() {
        var alice = freshUser();
        var node = open(builder(Duration.ofMillis(100)).memory(Duration.ofSeconds(2)));
        node.connected(alice);
        soon().until(() -> number(Command.EXISTS, key(alice)) == 1);

        node.disconnected(alice);

        soon().until(() -> node.of(List.of(alice)).get(alice).lastSeen().isPresent());
        assertThat(number(Command.PTTL, key(alice))).isBetween(1L, 2_000L);
        soon().until(() -> number(Command.EXISTS, key(alice)) == 0);
        assertThat(node.of(List.of(alice))).isEqualTo(Map.of(alice, Status.UNSEEN));
    }

    @Test
    void nothingStaysOfWhoIsForgottenWhateverNodesHaveSaid() {
        var alice = freshUser();
        var here = open(builder(RARELY).grace(Presence.LONGEST_GRACE));
        var there = open(builder(RARELY).grace(Presence.LONGEST_GRACE));
        redis.ask(Command.ZADD, key(alice), "" + (System.currentTimeMillis() + 45_000), "a node that died");
        for (var node : List.of(here, there)) {
            node.connected(alice);
        }
        soon().until(() -> number(Command.ZCARD, key(alice)) == 4);
        for (var node : List.of(here, there)) {
            node.disconnected(alice);
        }
        soon().until(() -> number(Command.ZCOUNT, key(alice), "" + (System.currentTimeMillis() + 60_001), "+inf") == 0);

        assertThat(here.forget(alice)).isTrue();

        assertThat(number(Command.EXISTS, key(alice))).isZero();
    }

    @Test
    void whoCannotBeForgottenDuringAnOutageIsSoAfterIt() {
        var alice = freshUser();
        var node = node(RARELY, Duration.ofMillis(200), QUICK);
        node.connected(alice);
        node.disconnected(alice);
        soon().until(() -> node.of(List.of(alice)).get(alice).lastSeen().isPresent());

        redis.freeze();
        assertThat(node.forget(alice)).as("nobody answers").isFalse();
        soon().until(() -> !node.isConnected());
        assertThat(node.forget(alice)).as("nobody is there").isFalse();
        redis.thaw();

        soon().until(() -> node.forget(alice));
        assertThat(number(Command.EXISTS, key(alice))).isZero();
    }

    @Test
    void whenSomebodyWasSeenOutlivesTheNodes() {
        var alice = freshUser();
        var first = node(RARELY);
        first.connected(alice);
        var before = Instant.now();
        first.close();

        var second = node(RARELY);

        assertThat(second.of(List.of(alice)).get(alice).lastSeen().orElseThrow())
                .isBetween(before.minusMillis(500), Instant.now().plusMillis(500));
        assertThat(number(Command.PTTL, key(alice)))
                .isBetween(Duration.ofDays(89).toMillis(), Duration.ofDays(90).toMillis());
    }

    @Test
    void whatIsToldLateOfALeaveDoesNotHideALaterOne() {
        var alice = freshUser();
        var later = System.currentTimeMillis() + 60_000;
        var node = node(RARELY);
        node.connected(alice);
        soon().until(() -> number(Command.EXISTS, key(alice)) == 1);
        redis.ask(Command.ZADD, key(alice), "-" + later, "seen"); // as another node would, a minute from now

        node.disconnected(alice);

        soon().until(() -> node.online(List.of(alice)).isEmpty());
        assertThat(node.of(List.of(alice))).isEqualTo(Map.of(alice, Status.lastSeen(Instant.ofEpochMilli(later))));
    }

    @Test
    void manyAreAskedForInManySmallJobs() {
        var node = node(RARELY);
        var there = node(RARELY);
        var users = LongStream.range(0, 5_000).mapToObj(i -> freshUser()).toList();
        users.subList(0, 2_500).forEach(there::connected);

        soon().untilAsserted(() ->
                assertThat(node.online(users)).containsExactlyInAnyOrderElementsOf(users.subList(0, 2_500)));
        assertThat(node.of(users)).hasSize(5_000);
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
        soon().until(() -> number(Command.DBSIZE) == 5_000 && number(Command.ZCARD, key(alsoThere)) == 3);

        here.close();

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
        soon().until(() -> !here.isConnected() && !there.isConnected());
        redis.restart();

        soon().until(() -> number(Command.EXISTS, key(alice)) == 1);
        awaitOnline(node(RARELY), alice);
    }

    @Test
    void duringAnOutageThoseOnOtherNodesAreAsTheyWereAlsoAfterItUntilTheyAreKnownToBeNot() {
        var alice = freshUser();
        var bob = freshUser();
        var nobodyAskedFor = freshUser();
        var here = node(RARELY);
        var there = node(RARELY);
        there.connected(bob);
        there.disconnected(bob);
        there.connected(alice);
        there.connected(nobodyAskedFor);
        awaitOnline(here, alice);
        soon().until(() -> here.of(List.of(bob)).get(bob).lastSeen().isPresent());
        var before = here.of(List.of(alice, bob));

        redis.kill();
        soon().until(() -> !here.isConnected() && !there.isConnected());
        assertThat(here.of(List.of(alice, bob, nobodyAskedFor))).isEqualTo(before);

        there.disconnected(alice);
        redis.restart();
        soon().until(() -> {
            assertThat(here.of(List.of(alice, bob))).isEqualTo(before); // though Redis has never heard of them
            return here.isConnected();
        });
        soon().until(() -> !here.online(List.of(alice)).contains(alice));
    }

    @Test
    void whoIsForgottenDuringAnOutageIsNotAsTheyWere() {
        var alice = freshUser();
        var here = node(RARELY, Duration.ofMillis(200), QUICK);
        var there = node(RARELY);
        there.connected(alice);
        awaitOnline(here, alice);

        redis.kill();
        soon().until(() -> !here.isConnected());
        assertThat(here.online(List.of(alice))).containsExactly(alice);
        here.forget(alice);

        assertThat(here.of(List.of(alice))).isEmpty();
    }

    @Test
    void afterARestartNobodyIsTakenForOfflineBeforeTheirNodeIsBack() {
        var alice = freshUser();
        var bob = freshUser();
        var here = node(RARELY);
        try (var line = new Relay(redis.port());
                var slow = RedisPresence.builder(RedisAddress.of(line.url()))
                        .prefix(prefix)
                        .timeout(QUICK)
                        .refresh(RARELY)
                        .build()) {
            slow.connected(alice);
            awaitOnline(here, alice);

            redis.kill();
            soon().until(() -> !here.isConnected());
            line.cut(); // so that one of them stays away
            redis.restart();
            here.connected(bob);
            soon().until(() -> number(Command.EXISTS, key(bob)) == 1);

            assertThat(here.of(List.of(alice, bob))).isEqualTo(Map.of(alice, Status.ONLINE, bob, Status.ONLINE));
            soon().until(() -> here.of(List.of(alice)).equals(Map.of(alice, Status.UNSEEN)));
        }
    }

    @Test
    void anOutageAnswersWithWhatThisNodeKnowsAndKnew() {
        var alice = freshUser();
        var bob = freshUser();
        var here = node(RARELY);
        var there = node(RARELY);
        here.connected(alice);
        there.connected(bob);
        var dave = freshUser();
        there.connected(dave);
        awaitOnline(here, alice, bob, dave);

        redis.kill();

        soon().until(() -> !here.isConnected() && !there.isConnected());
        var carol = freshUser();
        here.connected(carol);
        here.disconnected(alice);
        here.connected(dave);
        here.disconnected(dave); // so nothing is known of him any more
        assertThat(here.online(List.of(alice, bob, carol, dave))).containsExactlyInAnyOrder(bob, carol);
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
        var left = Instant.now();
        soon().until(() -> Instant.now().isAfter(left.plusSeconds(2))); // so that it matters when she left
        redis.thaw();

        soon().until(() -> here.isConnected());
        soon().until(() -> there.online(List.of(alice)).isEmpty());
        assertThat(there.of(List.of(alice)).get(alice).lastSeen().orElseThrow())
                .isBetween(left.minusMillis(500), left.plusMillis(500));
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

        assertThat(answers).as("bob as he was").containsExactly(Set.of(alice, bob));
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
        var there = node(RARELY);
        soon().untilAsserted(() ->
                assertThat(there.online(users)).containsExactlyInAnyOrderElementsOf(users.subList(5_000, 10_000)));
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
            assertThatThrownBy(() -> builder.memory(bad.multipliedBy(100_000_000)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (var bad : List.of(Duration.ofMillis(-1), Duration.ofSeconds(61))) {
            assertThatThrownBy(() -> builder.grace(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

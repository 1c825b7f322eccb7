package io.messagecenter.redis;

import static io.messagecenter.redis.Nodes.PATIENT;
import static io.messagecenter.redis.Samples.freshUser;
import static io.messagecenter.redis.Samples.hint;
import static io.messagecenter.redis.TestRedis.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/** What is particular to Redis, while the server is well. */
@Timeout(60)
class RedisNotifierTest {
    private static final TestRedis.Server REDIS = TestRedis.start();

    private final String prefix = Nodes.freshPrefix();
    private final List<RedisNotifier> opened = new ArrayList<>();

    @AfterEach
    void closeNodes() {
        opened.forEach(RedisNotifier::close);
    }

    private RedisNotifier node() {
        var node = Nodes.notifier(REDIS.url(), prefix);
        opened.add(node);
        return node;
    }

    /** Listens, and returns once it has been told that hints may be lost: the subscription holds. */
    private static Recorder listen(RedisNotifier node, UserId user) {
        var recorder = new Recorder();
        node.subscribe(user, recorder);
        soon().until(() -> recorder.lost() > 0);
        return recorder;
    }

    private long send(UserId user, byte[] payload) {
        try (var connection = new Connection(new HostAndPort("127.0.0.1", REDIS.port()))) {
            connection.sendCommand(
                    Command.PUBLISH, (prefix + "{" + user + "}").getBytes(StandardCharsets.US_ASCII), payload);
            return connection.getIntegerReply();
        }
    }

    private List<String> channels() {
        try (var connection = new Connection(new HostAndPort("127.0.0.1", REDIS.port()))) {
            connection.sendCommand(Command.PUBSUB, "CHANNELS", prefix + "*");
            return connection.getMultiBulkReply();
        }
    }

    @Test
    void aSubscriptionIsToldThatHintsMayBeLostExactlyOnceWhenItTakesHold() {
        var alice = freshUser();
        var listening = node();
        var recorder = listen(listening, alice);
        var second = new Recorder();

        listening.subscribe(alice, second);
        node().publish(List.of(hint(alice, 1)));

        soon().until(() -> second.lastSeq() == 1);
        assertThat(recorder.lost()).isEqualTo(1);
        assertThat(second.lost()).isZero();
    }

    @Test
    void onesOwnHintsAreHeardOnceAlthoughRedisSendsThemBack() {
        var alice = freshUser();
        var node = node();
        var other = node();
        var local = listen(node, alice);
        var hints =
                LongStream.rangeClosed(1, 50).mapToObj(seq -> hint(alice, seq)).toList();

        hints.forEach(hint -> node.publish(List.of(hint)));
        var marker = hint(alice, 51);
        var remote = listen(other, alice);
        soon().until(() -> {
            other.publish(List.of(marker));
            return local.lastSeq() == 51;
        });

        assertThat(local.hints().stream().filter(hint -> !hint.equals(marker))).containsExactlyElementsOf(hints);
        assertThat(local.lost()).isEqualTo(1);
        assertThat(remote.lastSeq()).isEqualTo(51);
    }

    @Test
    void listenersHereAreToldOnTheCallingThread() {
        var alice = freshUser();
        var node = node();
        var threads = new ArrayList<Thread>();
        node.subscribe(alice, new HintListener() {
            @Override
            public void onHint(Hint hint) {
                threads.add(Thread.currentThread());
            }

            @Override
            public void onHintsLost() {}
        });

        node.publish(List.of(hint(alice, 1), hint(alice, 2)));

        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void aPayloadOfAnUnknownVersionMeansThatHintsMayBeLost() {
        var alice = freshUser();
        var recorder = listen(node(), alice);

        var receivers = send(
                alice, ("{\"v\":2,\"node\":\"x\",\"user\":" + alice + ",\"seq\":5}").getBytes(StandardCharsets.UTF_8));

        assertThat(receivers).isEqualTo(1);
        soon().until(() -> recorder.lost() == 2);
        assertThat(recorder.hints()).isEmpty();
    }

    @Test
    void garbageMeansThatHintsMayBeLostAndHarmsNothing() {
        var alice = freshUser();
        var recorder = listen(node(), alice);
        var random = new Random(7);

        for (int i = 0; i < 100; i++) {
            var garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            send(alice, garbage);
        }
        soon().until(() -> recorder.lost() == 101);
        send(alice, ("{\"v\":1,\"node\":\"x\",\"user\":" + alice + ",\"seq\":5}").getBytes(StandardCharsets.UTF_8));

        soon().until(() -> recorder.hints().equals(List.of(Hint.of(alice, new FeedSeq(5)))));
        assertThat(recorder.lost()).isEqualTo(101);
    }

    @Test
    void aHintOnAnothersChannelIsNotPassedOn() {
        var alice = freshUser();
        var bob = freshUser();
        var node = node();
        var ofAlice = listen(node, alice);
        var ofBob = listen(node, bob);

        send(alice, ("{\"v\":1,\"node\":\"x\",\"user\":" + bob + ",\"seq\":5}").getBytes(StandardCharsets.UTF_8));

        soon().until(() -> ofAlice.lost() == 2);
        assertThat(ofAlice.hints()).isEmpty();
        assertThat(ofBob.hints()).isEmpty();
    }

    @Test
    void aVeryLongBodyIsAnnouncedByItsPlaceAlone() {
        var alice = freshUser();
        var publisher = node();
        var recorder = listen(node(), alice);
        var longest = hint(alice, 1, "x".repeat(20_000));
        var tooLong = hint(alice, 2, "x".repeat(20_001));

        publisher.publish(List.of(longest, tooLong));

        soon().until(() -> recorder.lastSeq() == 2);
        assertThat(recorder.hints()).containsExactly(longest, Hint.of(alice, new FeedSeq(2)));
    }

    @Test
    void aChannelIsSubscribedWhileSomebodyListensAndNoLonger() {
        var alice = freshUser();
        var node = node();
        var first = node.subscribe(alice, new Recorder());
        var second = node.subscribe(alice, new Recorder());
        soon().until(() -> channels().equals(List.of(prefix + "{" + alice + "}")));

        first.close();
        first.close();
        var third = node.subscribe(freshUser(), new Recorder());
        soon().until(() -> channels().size() == 2);
        second.close();
        third.close();

        soon().until(() -> channels().isEmpty());
    }

    @Test
    void installationsWithDifferentPrefixesDoNotHearEachOther() {
        var alice = freshUser();
        var publisher = node();
        var ours = listen(node(), alice);
        var others = Nodes.notifier(REDIS.url(), Nodes.freshPrefix());
        opened.add(others);
        var theirs = listen(others, alice);

        publisher.publish(List.of(hint(alice, 1)));

        soon().until(() -> ours.lastSeq() == 1);
        assertThat(theirs.hints()).isEmpty();
    }

    @Test
    void twentyThousandUsersComeAtOnceAndTakeHoldSoon() {
        var node = node();
        var publisher = node();
        var users = LongStream.range(0, 20_000).mapToObj(i -> freshUser()).toList();
        var recorders = users.stream().map(user -> new Recorder()).toList();

        long start = System.nanoTime();
        for (int i = 0; i < users.size(); i++) {
            node.subscribe(users.get(i), recorders.get(i));
        }
        var calls = Duration.ofNanos(System.nanoTime() - start);
        soon().until(() -> recorders.stream().allMatch(recorder -> recorder.lost() > 0));
        System.out.println("20,000 subscriptions: calls " + calls.toMillis() + " ms, all hold after "
                + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");

        publisher.publish(List.of(hint(users.get(0), 1), hint(users.get(19_999), 2)));
        soon().until(() ->
                recorders.get(0).lastSeq() == 1 && recorders.get(19_999).lastSeq() == 2);
        assertThat(recorders).allSatisfy(recorder -> assertThat(recorder.lost()).isEqualTo(1));
        assertThat(channels()).hasSize(20_000);
    }

    @Test
    void checkAsksTheServer() {
        var node = node();

        assertThat(node.check(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void closeSendsWhatWaitsAndEndsAllThreads() {
        var alice = freshUser();
        var recorder = listen(node(), alice);
        var threads = threads();
        var publisher = node();
        assertThat(threads()).hasSizeGreaterThan(threads.size());

        for (int seq = 1; seq <= 3_000; seq++) {
            publisher.publish(List.of(hint(alice, seq)));
        }
        publisher.close();

        soon().until(() -> recorder.lastSeq() == 3_000);
        assertThat(recorder.hints()).hasSize(3_000);
        soon().untilAsserted(() -> assertThat(threads()).isEqualTo(threads));
        publisher.publish(List.of(hint(alice, 3_001)));
        publisher.close();
    }

    /** The adapter's threads, by name, sorted. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("redis-"))
                .sorted()
                .toList();
    }

    @Test
    void aServerMayAskForAPassword() {
        try (var guarded = TestRedis.start("--requirepass", "se:cr@t")) {
            var address = "redis://:se%3Acr%40t@127.0.0.1:" + guarded.port();
            opened.add(Nodes.notifier(address, prefix));

            var wrong = RedisNotifier.builder(RedisAddress.of("redis://:wrong@127.0.0.1:" + guarded.port()))
                    .timeout(PATIENT)
                    .build();
            opened.add(wrong);
            assertThat(wrong.isConnected()).isFalse();
            assertThat(wrong.check(Duration.ofMillis(100))).isFalse();
        }
    }

    @Test
    void nonsenseIsRefusedBeforeAnythingStarts() {
        var builder = RedisNotifier.builder(RedisAddress.of(REDIS.url()));

        for (var bad : List.of("", "a b", "a{", "}", "ä", "x".repeat(65))) {
            assertThatThrownBy(() -> builder.prefix(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> builder.queue(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.timeout(Duration.ofMillis(99))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.timeout(Duration.ofMillis(60_001)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

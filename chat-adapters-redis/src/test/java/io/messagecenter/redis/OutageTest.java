package io.messagecenter.redis;

import static io.messagecenter.redis.Nodes.PATIENT;
import static io.messagecenter.redis.Nodes.QUICK;
import static io.messagecenter.redis.Samples.freshUser;
import static io.messagecenter.redis.Samples.hint;
import static io.messagecenter.redis.TestRedis.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens while Redis is away, hangs, or comes back. */
@Timeout(60)
class OutageTest {
    private final String prefix = Nodes.freshPrefix();
    private final TestRedis.Server redis = TestRedis.start();
    private final List<RedisNotifier> opened = new ArrayList<>();
    private final Nodes.Losses losses = new Nodes.Losses();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger(RedisNotifier.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void watchLog() {
        logger.addHandler(handler);
    }

    @AfterEach
    void closeAll() {
        logger.removeHandler(handler);
        opened.forEach(RedisNotifier::close);
        redis.close();
    }

    private RedisNotifier node(int queue, Duration timeout) {
        var node = RedisNotifier.builder(RedisAddress.of(redis.url()))
                .prefix(prefix)
                .timeout(timeout)
                .telemetry(losses)
                .queue(queue)
                .build();
        opened.add(node);
        return node;
    }

    private RedisNotifier node() {
        return Nodes.connected(node(10_000, PATIENT));
    }

    private static Recorder listen(RedisNotifier node, UserId user) {
        var recorder = new Recorder();
        node.subscribe(user, recorder);
        soon().until(() -> recorder.lost() > 0);
        return recorder;
    }

    private static List<Hint> hints(UserId user, int count) {
        return LongStream.rangeClosed(1, count).mapToObj(seq -> hint(user, seq)).toList();
    }

    @Test
    void afterARestartUnderLoadListenersAreToldAndHearAgain() throws InterruptedException {
        var alice = freshUser();
        var publisher = node();
        var local = listen(publisher, alice);
        var other = node();
        var remote = listen(other, alice);
        var running = new AtomicBoolean(true);
        var seq = new AtomicLong();
        var load = Daemons.of("load", () -> {
            while (running.get()) {
                publisher.publish(List.of(hint(alice, seq.incrementAndGet())));
                Thread.onSpinWait();
            }
        });
        load.start();
        soon().until(() -> remote.lastSeq() > 100);

        redis.kill();
        soon().until(() -> !publisher.isConnected() && !other.isConnected() && losses.count() > 0);
        int remoteLost = remote.lost();
        redis.restart();
        soon().until(() -> publisher.isConnected() && other.isConnected());

        soon().until(() -> remote.lost() > remoteLost && local.lost() > 1);
        long now = seq.get();
        soon().until(() -> remote.lastSeq() > now);
        running.set(false);
        load.join();
        assertThat(local.hints())
                .extracting(hint -> hint.seq().value())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, seq.get()).boxed().toList());
        soon().until(() -> remote.lastSeq() == seq.get());
    }

    @Test
    void listenersOnThisNodeNoticeNothingOfAnOutage() {
        var alice = freshUser();
        var node = node();
        var recorder = listen(node, alice);

        redis.kill();
        awaitLosses(node);
        node.publish(hints(alice, 100));

        assertThat(recorder.hints()).isEqualTo(hints(alice, 100));
        assertThat(recorder.lost()).isEqualTo(1);
    }

    @Test
    void hintsThatFoundTheQueueFullAreAnnouncedAfterwardsByTheLastPlace() {
        var alice = freshUser();
        var bob = freshUser();
        var publisher = Nodes.connected(node(10, Duration.ofSeconds(30)));
        var patient = Nodes.connected(node(10, Duration.ofSeconds(30)));
        var ofAlice = listen(patient, alice);
        var ofBob = listen(patient, bob);

        redis.freeze();
        hints(alice, 500).forEach(hint -> publisher.publish(List.of(hint)));
        hints(bob, 5).forEach(hint -> publisher.publish(List.of(hint)));
        assertThat(losses.count()).isGreaterThan(470);
        int lost = losses.count();
        redis.thaw();

        soon().until(() -> ofAlice.lastSeq() == 500 && ofBob.lastSeq() == 5);
        assertThat(ofBob.hints()).containsExactly(Hint.of(bob, new FeedSeq(5)));
        assertThat(losses.count()).isEqualTo(lost);
        assertThat(ofAlice.lost()).isEqualTo(1);
    }

    @Test
    void signalsAreNeitherCountedNorKeptNorDoTheyTakeTheRoomOfHints() {
        var alice = freshUser();
        var publisher = Nodes.connected(node(100, PATIENT));
        var remote = listen(node(), alice);
        var typing = new Signal.Typing(alice, new Person(alice, new Username("alice")));
        redis.freeze();
        for (int i = 0; i < 500; i++) {
            publisher.signal(typing);
        }

        publisher.publish(hints(alice, 80));

        redis.thaw();
        soon().until(() -> remote.lastSeq() == 80);
        assertThat(losses.count()).isZero();
        assertThat(remote.signals()).hasSizeLessThan(100);
        redis.kill();
        soon().until(() -> !publisher.isConnected());
        publisher.signal(typing);
        assertThat(losses.count()).isZero();
    }

    @Test
    void theQueueIsBoundedInBytesToo() {
        var alice = freshUser();
        var publisher = Nodes.connected(node(1_000, Duration.ofSeconds(30)));
        var patient = Nodes.connected(node(1_000, Duration.ofSeconds(30)));
        var recorder = listen(patient, alice);
        redis.freeze();
        // The first call is on its way at once, or else waits with the others.
        for (int seq = 1; seq <= 300; seq++) {
            publisher.publish(List.of(hint(alice, seq, "x".repeat(20_000))));
        }

        assertThat(losses.count()).isBetween(300 - 2 * 91 - 1, 300 - 90);
        redis.thaw();
        soon().until(() -> recorder.lastSeq() == 300);
    }

    @Test
    void whatIsPublishedDuringAnOutageIsCountedAsLost() {
        var publisher = node();
        redis.kill();
        awaitLosses(publisher);

        int before = losses.count();
        publisher.publish(hints(freshUser(), 5));

        assertThat(losses.count()).isEqualTo(before + 5);
    }

    /** Publishes until the publisher has noticed that the server is away. */
    private void awaitLosses(RedisNotifier publisher) {
        var nobody = freshUser();
        soon().until(() -> {
            publisher.publish(List.of(hint(nobody, 1)));
            return losses.count() > 0;
        });
    }

    @Test
    void aServerThatIsDownAtFirstIsConnectedToOnceItIsUp() {
        var alice = freshUser();
        redis.kill();
        var publisher = node(10_000, PATIENT);
        var other = node(10_000, PATIENT);
        var local = new Recorder();
        var remote = new Recorder();
        publisher.subscribe(alice, local);
        other.subscribe(alice, remote);

        publisher.publish(List.of(hint(alice, 1)));
        assertThat(local.lastSeq()).isEqualTo(1);
        assertThat(publisher.check(Duration.ofMillis(200))).isFalse();
        redis.restart();

        soon().until(() -> local.lost() == 1 && remote.lost() == 1 && publisher.check(Duration.ofSeconds(1)));
        publisher.publish(List.of(hint(alice, 2)));
        soon().until(() -> remote.lastSeq() == 2);
    }

    @Test
    void publishReturnsAtOnceWhileRedisHangsAndTheQueueIsBounded() {
        var alice = freshUser();
        var publisher = Nodes.connected(node(100, Duration.ofSeconds(30)));
        var recorder = listen(publisher, alice);
        redis.freeze();

        long start = System.nanoTime();
        for (var hint : hints(alice, 5_000)) {
            publisher.publish(List.of(hint));
        }
        var took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(took).isLessThan(Duration.ofSeconds(5));
        assertThat(recorder.hints()).hasSize(5_000);
        // So many wait in the queue, and at most so many are on their way.
        assertThat(losses.count()).isBetween(5_000 - 100 - 100, 5_000 - 100);
        assertThat(publisher.check(Duration.ofMillis(50))).isFalse();
        redis.thaw();
        soon().until(() -> publisher.check(Duration.ofSeconds(1)));
        assertThat(recorder.lost()).isEqualTo(1);
    }

    @Test
    void aServerThatHangsIsNoticedAlsoWhileNothingIsSent() {
        var alice = freshUser();
        var listening = Nodes.connected(node(100, QUICK));
        var publisher = Nodes.connected(node(100, QUICK));
        var recorder = listen(listening, alice);

        redis.freeze();
        soon().until(() -> !listening.isConnected());
        redis.thaw();

        soon().until(() -> listening.isConnected() && publisher.isConnected() && recorder.lost() == 2);
        publisher.publish(List.of(hint(alice, 1)));
        soon().until(() -> recorder.lastSeq() == 1);
    }

    @Test
    void aWriterThatIsStuckIsFreed() {
        var publisher = Nodes.connected(node(100_000, QUICK));
        var alice = freshUser();
        // Far more than sockets hold, so that the pipe is stuck in a write, which has no timeout of its own.
        var flood = LongStream.rangeClosed(1, 2_000)
                .mapToObj(seq -> hint(alice, seq, "x".repeat(20_000)))
                .toList();

        redis.freeze();
        publisher.publish(flood);

        soon().until(() -> losses.count() == 2_000);
        redis.thaw();
        soon().until(publisher::isConnected);
    }

    @Test
    void oneLineSaysThatTheConnectionIsLostAndOneThatItIsBack() {
        var node = node();
        redis.kill();
        soon().until(() -> log.size() == 1);
        // Both connections fail now, several times.
        var alice = freshUser();
        soon().until(() -> {
            node.publish(List.of(hint(alice, 1)));
            return losses.count() > 50;
        });
        redis.restart();
        soon().until(node::isConnected);

        soon().until(() -> log.size() == 2);
        assertThat(log.get(0))
                .startsWith("Redis at redis://127.0.0.1:" + redis.port() + " is out of reach, other nodes hear of new");
        assertThat(log.get(1)).isEqualTo("Redis at redis://127.0.0.1:" + redis.port() + " is back");
    }

    @Test
    void closeWaitsAMomentForASlowServerToTakeWhatWaits() throws InterruptedException {
        var alice = freshUser();
        var publisher = node();
        var recorder = listen(node(), alice);
        redis.freeze();
        hints(alice, 100).forEach(hint -> publisher.publish(List.of(hint)));

        var closer = Daemons.of("closer", publisher::close);
        closer.start();
        soon().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        redis.thaw();
        closer.join();

        soon().until(() -> recorder.lastSeq() == 100);
        assertThat(losses.count()).isZero();
    }

    @Test
    void closingDuringAnOutageIsQuick() {
        var down = node();
        var hanging = node();
        redis.kill();
        soon().until(() -> !down.isConnected());

        long start = System.nanoTime();
        down.close();
        redis.restart();
        soon().until(hanging::isConnected);
        redis.freeze();
        hanging.publish(hints(freshUser(), 10));
        hanging.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        soon().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("redis-hints")
                        && thread.getName().endsWith(":" + redis.port())));
    }
}

package io.messagecenter.redis;

import static io.messagecenter.redis.TestRedis.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.redis.RedisCounts.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two nodes count together, on whichever kind of Redis. */
@Timeout(60)
abstract class CountsOnRedis {
    /** So slow that nothing comes back while a test runs. */
    private static final Rate FIVE = new Rate(5, Duration.ofHours(1), 5);

    private final String prefix = Nodes.freshPrefix();
    private final String name = "somebody's { own } name " + "x".repeat(1_000);
    private final List<RedisCounts> opened = new ArrayList<>();
    private RedisCounts one;
    private RedisCounts other;

    abstract RedisAddress address();

    @BeforeEach
    void connect() {
        one = node();
        other = node();
    }

    @AfterEach
    void close() {
        opened.forEach(RedisCounts::close);
    }

    private RedisCounts node() {
        var node = RedisCounts.builder(address())
                .prefix(prefix)
                .patience(Duration.ofSeconds(10))
                .build();
        opened.add(node);
        soon().until(node::isConnected);
        return node;
    }

    private static int taken(RedisCounts node, String bucket, int tries) {
        return (int) IntStream.range(0, tries)
                .filter(i -> node.take(bucket, FIVE).orElseThrow().isZero())
                .count();
    }

    @Test
    void whatOneTakesIsGoneForTheOther() {
        assertThat(taken(one, name, 3)).isEqualTo(3);
        assertThat(taken(other, name, 10)).isEqualTo(2);
        assertThat(taken(one, name, 10)).isZero();
        assertThat(other.take(name, FIVE).orElseThrow()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(12));
    }

    @Test
    void otherBucketsAreOtherBuckets() {
        for (int i = 0; i < 20; i++) { // on whichever server of a cluster
            assertThat(taken(one, name + i, 10)).isEqualTo(5);
        }
    }

    @Test
    void aBucketFillsUpByItself() {
        var fast = new Rate(20, Duration.ofSeconds(1), 2);
        assertThat(one.take(name, fast)).contains(Duration.ZERO);
        assertThat(one.take(name, fast)).contains(Duration.ZERO);
        soon().until(() -> one.take(name, fast).orElseThrow().isZero());
        soon().until(() -> other.take(name, fast).orElseThrow().isZero());
    }

    @Test
    void whatIsGivenBackCanBeTakenAgainButNoMoreThanTheBurst() {
        taken(one, name, 5);
        one.giveBack(name, FIVE);
        soon().until(() -> other.take(name, FIVE).orElseThrow().isZero());
        assertThat(taken(one, name, 5)).isZero();
        for (int i = 0; i < 10; i++) {
            one.giveBack(name + "full", FIVE);
        }
        assertThat(taken(one, name + "full", 10)).isEqualTo(5);
    }

    @Test
    void whatWasUsedAlreadyIsChargedAlsoBelowNothing() {
        var left = new ConcurrentHashMap<String, Long>();
        one.charge(Map.of(name, 3L, name + "b", 1L), FIVE, left::put);
        soon().until(() -> left.equals(Map.of(name, 2L, name + "b", 4L)));
        other.charge(Map.of(name, 10L), FIVE, left::put);
        soon().until(() -> left.equals(Map.of(name, -8L, name + "b", 4L)));
        assertThat(one.take(name, FIVE).orElseThrow()).isBetween(Duration.ofMinutes(100), Duration.ofMinutes(108));
    }

    @Test
    void aFactIsRememberedForItsTime() {
        assertThat(other.remembers(name)).contains(false);
        one.remember(name, Duration.ofHours(1));
        one.remember(name + "short", Duration.ofMillis(50));
        soon().until(() -> other.remembers(name).equals(Optional.of(true)));
        soon().until(() -> other.remembers(name + "short").equals(Optional.of(false)));
    }

    @Test
    void aFactIsForgotten() {
        one.remember(name, Duration.ofHours(1));
        soon().until(() -> other.remembers(name).equals(Optional.of(true)));
        other.forget(name);
        soon().until(() -> one.remembers(name).equals(Optional.of(false)));
    }

    @Test
    void whoHoldsAShareIsCountedUntilTheyLetGoOrAreNotHeardOf() {
        one.hold(name, "a", Duration.ofHours(1));
        one.hold(name, "a", Duration.ofHours(1));
        other.hold(name, "b", Duration.ofHours(1));
        soon().until(() -> one.holders(name).equals(Optional.of(2L)));
        other.release(name, "a");
        soon().until(() -> one.holders(name).equals(Optional.of(1L)));
        one.hold(name + "crashed", "c", Duration.ofMillis(200));
        one.hold(name + "crashed", "d", Duration.ofHours(1));
        soon().until(() -> other.holders(name + "crashed").equals(Optional.of(1L)));
    }
}

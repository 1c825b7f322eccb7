package io.messagecenter.redis;

import static io.messagecenter.redis.TestRedis.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.redis.RedisCounts.Rate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Protocol.Command;

/** While Redis is away, hangs, or comes back, nobody waits and nothing fails. */
@Timeout(60)
class CountsOutageTest {
    private static final Rate FIVE = new Rate(5, Duration.ofHours(1), 5);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final TestRedis.Server redis = TestRedis.start();
    private final RedisCounts counts = RedisCounts.builder(RedisAddress.of(redis.url()))
            .patience(PATIENCE)
            .timeout(Duration.ofMillis(500))
            .build();

    @AfterEach
    void close() {
        counts.close();
        redis.close();
    }

    private void connected() {
        soon().until(counts::isConnected);
        soon().until(() -> counts.take("a probe", FIVE).isPresent());
    }

    private Duration time(Runnable task) {
        long start = System.nanoTime();
        task.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void useAll() {
        assertThat(counts.take("bucket", FIVE)).isEmpty();
        assertThat(counts.remembers("fact")).isEmpty();
        assertThat(counts.holders("thing")).isEmpty();
        counts.giveBack("bucket", FIVE);
        counts.remember("fact", Duration.ofHours(1));
        counts.hold("thing", "me", Duration.ofHours(1));
        counts.release("thing", "me");
        counts.charge(Map.of("bucket", 1L), FIVE, (bucket, left) -> {
            throw new AssertionError("Nobody is there to say so");
        });
    }

    @Test
    void whileItIsAwayTheAnswerIsEmptyAtOnce() {
        connected();
        redis.kill();
        soon().until(() -> !counts.isConnected());
        assertThat(time(() -> IntStream.range(0, 1_000).forEach(i -> useAll()))).isLessThan(Duration.ofSeconds(5));
        redis.restart();
        connected();
        assertThat(counts.take("bucket", FIVE)).contains(Duration.ZERO);
    }

    @Test
    void whileItHangsOneQuestionASecondWaitsAndNotForLong() {
        connected();
        redis.freeze();
        assertThat(time(() -> assertThat(counts.take("bucket", FIVE)).isEmpty()))
                .isBetween(PATIENCE.minusMillis(10), PATIENCE.multipliedBy(10));
        assertThat(time(() -> assertThat(counts.take("bucket", FIVE)).isEmpty()))
                .isLessThan(PATIENCE);
        redis.thaw();
        connected();
    }

    @Test
    void scriptsThatWereFlushedAreLoadedAgain() {
        connected();
        redis.ask(Command.SCRIPT, "FLUSH");
        assertThat(counts.take("bucket", FIVE)).isEmpty();
        connected();
        assertThat(counts.take("bucket", FIVE)).contains(Duration.ZERO);
    }

    @Test
    void nothingStaysThatNobodyUses() {
        connected();
        counts.take("bucket", new Rate(1_000, Duration.ofSeconds(1), 10));
        counts.hold("thing", "me", Duration.ofMillis(50));
        counts.remember("fact", Duration.ofMillis(50));
        soon().until(() -> redis.ask(Command.DBSIZE).equals(1L)); // the probe of an hour
    }

    @Test
    void noNameIsSeen() {
        connected();
        counts.take("203.0.113.7 alice", FIVE);
        var keys = redis.askText(Command.RANDOMKEY);
        assertThat(keys).startsWith("mc:count:{").doesNotContain("alice", "203.0", "probe");
        assertThat(Optional.of(keys).map(String::length))
                .hasValueSatisfying(length -> assertThat(length).isLessThan(50));
    }
}

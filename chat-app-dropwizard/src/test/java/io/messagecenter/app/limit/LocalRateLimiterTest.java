package io.messagecenter.app.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LocalRateLimiterTest {
    private final AtomicLong now = new AtomicLong(System.nanoTime());
    private final LocalRateLimiter limiter = limiter(new Rate(2, Duration.ofSeconds(1), 5));

    private LocalRateLimiter limiter(Rate rate) {
        return new LocalRateLimiter(rate, new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return now.get();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        });
    }

    private void after(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private int taken(String key, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += limiter.take(key).isZero() ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aBurstPassesAndNoMore() {
        assertThat(taken("a", 100)).isEqualTo(5);
        assertThat(limiter.take("a")).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void afterTheBurstAsManyPassAsTheRateAllows() {
        taken("a", 5);
        after(Duration.ofMillis(499));
        assertThat(limiter.take("a")).isEqualTo(Duration.ofMillis(1));
        after(Duration.ofMillis(1));
        assertThat(taken("a", 10)).isEqualTo(1);
        after(Duration.ofSeconds(1));
        assertThat(taken("a", 10)).isEqualTo(2);
        after(Duration.ofHours(1));
        assertThat(taken("a", 10)).isEqualTo(5);
    }

    @Test
    void whatOneUsesIsNotTheOthers() {
        taken("a", 5);
        assertThat(taken("b", 10)).isEqualTo(5);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgainButNeverMoreThanTheBurst() {
        taken("a", 5);
        limiter.giveBack("a");
        assertThat(taken("a", 10)).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            limiter.giveBack("b");
        }
        assertThat(taken("b", 10)).isEqualTo(5);
    }

    @Test
    void aBusyKeyIsNotForgottenInAFloodOfOthers() {
        taken("victim", 5);
        for (int i = 0; i < 300_000; i++) {
            limiter.take("made up " + i);
            if (i % 1_000 == 0) {
                limiter.take("victim");
            }
        }
        assertThat(limiter.take("victim")).isPositive();
    }

    @Test
    void allAtOnceTakeNoMoreThanThereIs() throws InterruptedException {
        var passed = new AtomicInteger();
        var threads = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 1_000; i++) {
            threads.execute(() -> {
                if (limiter.take("a").isZero()) {
                    passed.incrementAndGet();
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(passed).hasValue(5);
    }

    @Test
    void aRateOfNothingIsNone() {
        assertThatThrownBy(() -> new Rate(0, Duration.ofSeconds(1), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rate(1, Duration.ZERO, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rate(1, Duration.ofSeconds(-1), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rate(1, Duration.ofSeconds(1), 0)).isInstanceOf(IllegalArgumentException.class);
    }
}

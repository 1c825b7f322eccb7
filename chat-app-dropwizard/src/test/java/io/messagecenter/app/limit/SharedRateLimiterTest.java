package io.messagecenter.app.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;

/** One node, and what all count together, which is away at times. */
class SharedRateLimiterTest {
    private static final Rate THREE = new Rate(3, Duration.ofHours(1), 3);

    private final Counts counts = new Counts();
    private final RateLimiter limiter = new SharedRateLimiter("sign-in", THREE, counts);

    /** How many were taken out of each bucket, and not given back: less than none would be a gift. */
    private static final class Counts implements SharedCounts {
        private final Map<String, Integer> taken = new HashMap<>();
        private boolean away;

        @Override
        public Optional<Duration> take(String bucket, Rate rate) {
            if (away) {
                return Optional.empty();
            }
            taken.merge(bucket, 1, Integer::sum);
            return Optional.of(Duration.ZERO);
        }

        @Override
        public void giveBack(String bucket, Rate rate) {
            if (!away) {
                taken.merge(bucket, -1, Integer::sum);
            }
        }

        @Override
        public void charge(Map<String, Long> used, Rate rate, ObjLongConsumer<String> left) {
            throw notARate();
        }

        @Override
        public void remember(String fact, Duration time) {
            throw notARate();
        }

        @Override
        public void forget(String fact) {
            throw notARate();
        }

        @Override
        public Optional<Boolean> remembers(String fact) {
            throw notARate();
        }

        @Override
        public void hold(String what, String holder, Duration time) {
            throw notARate();
        }

        @Override
        public void release(String what, String holder) {
            throw notARate();
        }

        @Override
        public Optional<Long> holders(String what) {
            throw notARate();
        }

        private static AssertionError notARate() {
            return new AssertionError("A rate is taken and given back, and nothing else");
        }
    }

    private void take(String key) {
        assertThat(limiter.take(key)).isZero();
    }

    @Test
    void whatWasCountedTogetherIsGivenBackTogether() {
        take("alice");
        take("alice");
        limiter.giveBack("alice");
        assertThat(counts.taken).isEqualTo(Map.of("sign-in alice", 1));
    }

    @Test
    void whatNobodyElseHasCountedIsNotGivenBackToThem() {
        take("alice");
        counts.away = true;
        take("alice");
        take("alice");
        counts.away = false;

        limiter.giveBack("alice");
        limiter.giveBack("alice");
        assertThat(counts.taken).isEqualTo(Map.of("sign-in alice", 1));
        limiter.giveBack("alice");
        assertThat(counts.taken).isEqualTo(Map.of("sign-in alice", 0));

        for (int i = 0; i < 3; i++) {
            take("alice");
        }
        assertThat(limiter.take("alice")).isPositive();
    }

    @Test
    void whatOneKeyHasOutOfSightIsNotAnothers() {
        counts.away = true;
        take("alice");
        counts.away = false;
        take("bob");
        limiter.giveBack("bob");
        assertThat(counts.taken).isEqualTo(Map.of("sign-in bob", 0));
    }
}

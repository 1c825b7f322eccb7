package io.messagecenter.redis;

import static io.messagecenter.redis.TestRedis.soon;

import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.telemetry.Telemetry;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes for tests, connected. */
final class Nodes {
    /** A busy machine keeps a healthy server waiting, too; it must not count as lost. */
    static final Duration PATIENT = Duration.ofSeconds(10);

    /** For tests in which a server hangs. */
    static final Duration QUICK = Duration.ofSeconds(1);

    private Nodes() {}

    static String freshPrefix() {
        return "test-" + UUID.randomUUID() + ":";
    }

    static RedisNotifier notifier(String url, String prefix) {
        return connected(RedisNotifier.builder(RedisAddress.of(url))
                .prefix(prefix)
                .timeout(PATIENT)
                .build());
    }

    static RedisNotifier connected(RedisNotifier notifier) {
        soon().until(notifier::isConnected);
        return notifier;
    }

    static RedisPresence presence(String url, String prefix) {
        return presence(url, prefix, Presence.GRACE);
    }

    static RedisPresence presence(String url, String prefix, Duration grace) {
        return connected(RedisPresence.builder(RedisAddress.of(url))
                .prefix(prefix)
                .timeout(PATIENT)
                .refresh(Duration.ofSeconds(1))
                .grace(grace)
                .patience(Duration.ofSeconds(5))
                .build());
    }

    static RedisPresence connected(RedisPresence presence) {
        soon().until(presence::isConnected);
        return presence;
    }

    /** Counts hints that were lost. */
    static final class Losses implements Telemetry {
        private final AtomicInteger lost = new AtomicInteger();

        @Override
        public void hintsLost(int count) {
            lost.addAndGet(count);
        }

        int count() {
            return lost.get();
        }
    }
}

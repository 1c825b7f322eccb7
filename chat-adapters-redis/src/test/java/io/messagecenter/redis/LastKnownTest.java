package io.messagecenter.redis;

import static io.messagecenter.redis.Samples.freshUser;
import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.presence.Presence.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LastKnownTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // as System.nanoTime may, it wraps around
    private final LastKnown known = new LastKnown(2, MINUTE, nanos::get);

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    @Test
    void theLatestAnswerCountsForAsLongAsItIsNotTooOld() {
        var alice = freshUser();
        var left = Status.lastSeen(Instant.EPOCH);
        assertThat(known.of(alice)).isEmpty();

        known.keep(Map.of(alice, Status.ONLINE));
        pass(MINUTE);
        assertThat(known.of(alice)).contains(Status.ONLINE);
        known.keep(Map.of(alice, left));
        pass(MINUTE);
        known.prune();
        assertThat(known.of(alice)).contains(left);
        pass(Duration.ofNanos(1));

        assertThat(known.of(alice)).isEmpty();
    }

    @Test
    void ofWhoIsForgottenNothingIsKept() {
        var alice = freshUser();
        known.keep(Map.of(alice, Status.ONLINE));

        known.forget(alice);

        assertThat(known.of(alice)).isEmpty();
    }

    @Test
    void ofMoreThanItMayKeepItKeepsThoseItHasUntilTheyAreTooOld() {
        var alice = freshUser();
        var bob = freshUser();
        var carol = freshUser();
        known.keep(Map.of(alice, Status.ONLINE));
        known.keep(Map.of(bob, Status.ONLINE));

        known.keep(Map.of(carol, Status.ONLINE));
        known.keep(Map.of(alice, Status.UNSEEN));
        assertThat(known.of(carol)).isEmpty();
        assertThat(known.of(alice)).contains(Status.UNSEEN);
        assertThat(known.of(bob)).contains(Status.ONLINE);
        pass(MINUTE.plusNanos(1));
        known.prune();
        known.keep(Map.of(carol, Status.ONLINE));

        assertThat(known.of(carol)).contains(Status.ONLINE);
    }
}

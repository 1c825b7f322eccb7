package io.messagecenter.domain.retention;

import io.messagecenter.domain.retention.RetentionStore.Stretch;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.UserId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Drops the entries of all feeds that are older than is promised, a few at a time. One thread at a time. */
final class FeedRetention {
    /** How many feeds are looked at in one query. */
    static final int LOOK = 1_000;

    /** How many entries are dropped in one transaction. */
    static final int BATCH = 1_000;

    private final RetentionStore store;
    private final Duration keep;
    private final Clock clock;
    private final Telemetry telemetry;
    private final Queue<UserId> due = new ArrayDeque<>();
    private Optional<UserId> last = Optional.empty();

    FeedRetention(RetentionStore store, Duration keep, Clock clock, Telemetry telemetry) {
        this.store = store;
        this.keep = keep;
        this.clock = clock;
        this.telemetry = telemetry;
    }

    /** Does a little; false once all feeds were gone through. Of one that fails, the next round takes care. */
    boolean step() {
        var before = clock.instant().minus(keep);
        var owner = due.poll();
        if (owner == null) {
            Stretch<UserId> stretch = store.oldFeeds(last, before, LOOK);
            due.addAll(stretch.due());
            last = stretch.last();
            return last.isPresent();
        }
        int pruned = store.prune(owner, before, BATCH);
        if (pruned == BATCH) {
            due.add(owner);
        }
        telemetry.entriesPruned(pruned);
        return true;
    }
}

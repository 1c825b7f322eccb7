package io.messagecenter.domain.search;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps the index of searches up to date, whoever has written, on whichever node, and whatever ended there: it looks at
 * all users in turn, a range a second. It works a quarter of the time at most, and a thirtieth while its node stores much.
 * Thread-safe.
 */
public final class SearchIndexer implements AutoCloseable {
    static final int RANGE = 5_000;

    /** How many stretches of one mailbox before it is the others' turn. */
    static final int TURN = 16;

    /** Whoever searches next may say it again. */
    private static final int MOST_WANTED = 1_000;

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Below so many writes a second nobody notices. */
    private static final long QUIET = 500;

    private static final int REST = 3;
    private static final int LONG_REST = 29;
    private static final Logger LOG = System.getLogger(SearchIndexer.class.getName());

    private final SearchIndex index;
    private final LongSupplier writes;
    private final Telemetry telemetry;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<UserId> wanted = ConcurrentHashMap.newKeySet();

    // Of the one thread.
    private Optional<UserId> after = Optional.empty();
    private int behindSoFar;
    private long lastLook = System.nanoTime();
    private long lastWrites;

    private volatile int behind;

    /**
     * Begins to look.
     *
     * @param writes how many writes this node has stored since it began
     * @param thread for this alone; stays its maker's
     */
    public SearchIndexer(SearchIndex index, LongSupplier writes, Telemetry telemetry, ScheduledExecutorService thread) {
        this.index = index;
        this.writes = writes;
        this.telemetry = telemetry;
        var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says whose messages are to be indexed before those of others, as somebody searches them. */
    public void soon(UserId user) {
        if (wanted.size() < MOST_WANTED) {
            wanted.add(user);
        }
    }

    /** How many users' indexes were behind when all of them were looked at last. */
    public int behind() {
        return behind;
    }

    /** Indexes no more, once the stretch at hand is done. */
    @Override
    public void close() {
        closed.countDown();
    }

    private void look() {
        try {
            while (!isClosed() && !lookAtRange()) {
                LOG.log(Level.DEBUG, "There is more to index");
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Messages are not indexed for search yet: " + Reasons.of(e));
        }
    }

    /** Indexes for the users of a range, each for a while; false if that was not enough. */
    private boolean lookAtRange() {
        var look = index.behind(after, RANGE);
        boolean done = advanceWanted();
        for (var user : look.users()) {
            done &= advance(user);
        }
        if (done) {
            behindSoFar += look.users().size();
            after = look.next();
            if (after.isEmpty()) {
                behind = behindSoFar;
                behindSoFar = 0;
            }
        } else {
            behind = Math.max(behind, look.users().size());
        }
        return done;
    }

    private boolean advanceWanted() {
        boolean done = true;
        for (var user : List.copyOf(wanted)) {
            wanted.remove(user);
            if (!advance(user)) {
                wanted.add(user);
                done = false;
            }
        }
        return done;
    }

    private boolean advance(UserId user) {
        try {
            for (int i = 0; i < TURN && !isClosed(); i++) {
                long start = System.nanoTime();
                if (!index.advance(user)) {
                    return true;
                }
                long took = System.nanoTime() - start;
                telemetry.indexed(Duration.ofNanos(took));
                restFrom(took);
            }
            return false;
        } catch (ChatException e) {
            throw e; // an outage, for everybody
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The messages of user " + user + " cannot be indexed for search", e);
            return true; // and the others can
        }
    }

    private void restFrom(long nanos) {
        long now = System.nanoTime();
        long count = writes.getAsLong();
        double rate = (count - lastWrites) * 1e9 / Math.max(1, now - lastLook);
        lastWrites = count;
        lastLook = now;
        try {
            var unused = closed.await((rate > QUIET ? LONG_REST : REST) * nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }
}

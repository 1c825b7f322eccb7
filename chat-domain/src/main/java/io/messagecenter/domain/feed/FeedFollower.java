package io.messagecenter.domain.feed;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Turns hints, which may be lost, repeated and out of order, into one user's exact stream of events.
 *
 * <p>A hint for the next place that carries its event is passed on at once. A hint for a place already passed is
 * dropped. Anything else means that the store knows more: then the follower reads it, on the executor, until it has
 * reached the highest place it was told of. While the listener is not ready, nothing is read or passed on. While the
 * store is out of reach the follower stands still, and goes on with the next hint. Thread-safe.
 */
public final class FeedFollower implements AutoCloseable {
    private static final Logger LOG = System.getLogger(FeedFollower.class.getName());
    private static final int READ_LIMIT = 256;

    private final UserId user;
    private final FeedStore feed;
    private final Executor reader;
    private final Telemetry telemetry;
    private final FeedListener listener;

    // All guarded by this.
    private Optional<FeedSeq> wanted;
    private boolean started;
    private boolean reading;
    private boolean paused;
    private boolean closed;
    private long last;
    private long target;

    /**
     * Follows nothing yet: call {@link #start} once hints are on their way here.
     *
     * @param after the cursor to resume from; empty to begin with what happens from now on
     * @param reader runs reads of the store, which may take long
     */
    public FeedFollower(
            UserId user,
            Optional<FeedSeq> after,
            FeedStore feed,
            Executor reader,
            Telemetry telemetry,
            FeedListener listener) {
        this.user = user;
        this.wanted = after;
        this.feed = feed;
        this.reader = reader;
        this.telemetry = telemetry;
        this.listener = listener;
    }

    public UserId user() {
        return user;
    }

    /** Reads the store for the first time. */
    public void start() {
        catchUp();
    }

    /** Takes a hint in. */
    public void onHint(Hint hint) {
        synchronized (this) {
            var seq = hint.seq().value();
            if (closed || (started && seq <= last)) {
                return;
            }
            if (started && !reading && seq == last + 1 && hint.event().isPresent() && ready()) {
                deliver(hint.event().get());
                return;
            }
            target = Math.max(target, seq);
        }
        catchUp();
    }

    /** Passes a signal on, if it comes at a good moment: never is anything read or kept for it. */
    public void onSignal(Signal signal) {
        synchronized (this) {
            if (started && !reading && !paused && !closed && listener.ready()) {
                listener.onSignal(signal);
            }
        }
    }

    /** The place of the last event that was passed on; empty before it has started. */
    Optional<FeedSeq> place() {
        synchronized (this) {
            return started ? Optional.of(new FeedSeq(last)) : Optional.empty();
        }
    }

    /** Takes in that the feed ends before a place already passed: the store was restored from a backup. */
    void onStoreSetBack(FeedSeq head) {
        synchronized (this) {
            if (!closed && head.value() < last) {
                last = head.value();
                target = last;
                listener.onReset(head);
            }
        }
    }

    /** The listener can take events again. */
    public void resume() {
        synchronized (this) {
            if (!paused) {
                return;
            }
            paused = false;
        }
        catchUp();
    }

    /** Stops; the listener hears nothing more once this returns, unless the call comes from the listener itself. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
    }

    private void catchUp() {
        synchronized (this) {
            if (closed || reading || paused) {
                return;
            }
            reading = true;
        }
        try {
            reader.execute(this::read);
        } catch (RejectedExecutionException e) {
            standStill(); // the node stops
        }
    }

    private void standStill() {
        synchronized (this) {
            reading = false;
        }
    }

    private void read() {
        try {
            if (begin()) {
                while (readOn()) {
                    // one stretch a turn
                }
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> "Feed of user " + user + " cannot be read now: " + Reasons.of(e));
            standStill();
        } catch (Error e) {
            standStill(); // the next hint tries again, if there is a next one
            throw e;
        }
    }

    /** Finds out where to begin; false if there is nothing to follow, or nothing missing. */
    private boolean begin() {
        Optional<FeedSeq> cursor;
        synchronized (this) {
            if (started) {
                return !comesToRest();
            }
            cursor = wanted;
        }
        var head = feed.heads(Set.of(user)).get(user);
        if (head == null) {
            synchronized (this) {
                closed = true;
            }
            return false;
        }
        synchronized (this) {
            if (closed) {
                return false;
            }
            started = true;
            if (cursor.isPresent() && cursor.get().compareTo(head) > 0) {
                last = head.value();
                listener.onReset(head);
            } else {
                last = cursor.orElse(head).value();
                target = Math.max(target, head.value());
                listener.onStart(new FeedSeq(last));
            }
            return !comesToRest();
        }
    }

    /** Reads one stretch; false once nothing is missing. */
    private boolean readOn() {
        long from;
        synchronized (this) {
            from = last;
        }
        @Nullable FeedPage page = null;
        long reset = 0;
        try {
            page = feed.read(user, new FeedSeq(from), READ_LIMIT);
        } catch (ChatException e) {
            if (e.code() != ErrorCode.CURSOR_TOO_OLD) {
                throw e;
            }
            reset = e.feedLast().orElse(0);
        }
        synchronized (this) {
            if (closed) {
                return false;
            }
            if (page == null) {
                last = reset;
                listener.onReset(new FeedSeq(reset));
                return !comesToRest();
            }
            telemetry.caughtUp(page.events().size());
            for (var event : page.events()) {
                if (closed || !ready()) {
                    break; // the listener has had enough, for good or for now
                }
                deliver(event);
            }
            if (page.events().isEmpty()) {
                // A hint ahead of what is committed cannot be; a store restored from a backup can.
                target = last;
            }
            return !comesToRest();
        }
    }

    /** Ends the reading if there is no more to read for now; at once with the last event, or a signal next after it was lost. */
    private boolean comesToRest() {
        reading = !closed && last < target && ready();
        return !reading;
    }

    /** Asks the listener, and remembers a no; {@link #resume} waits for the same lock, so it cannot be missed. */
    private boolean ready() {
        paused = paused || !listener.ready();
        return !paused;
    }

    private void deliver(Event event) {
        if (event.seq().value() != last + 1) {
            throw new IllegalStateException("Feed of user " + user + ": " + event.seq() + " after " + last);
        }
        last++;
        listener.onEvent(event);
    }
}

package io.messagecenter.domain.webhook;

import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Whose feeds have moved on this node, for one who waits for it. Remembers a bounded number of users, and beyond it only
 * that there are more. Thread-safe.
 */
final class Moved {
    /** Beyond so many a look at all feeds costs less than a look at each. */
    static final int MOST = 10_000;

    // All guarded by this.
    private final Set<UserId> users = new LinkedHashSet<>();
    private boolean listening;
    private boolean more;
    private boolean rung;

    /** Remembers from now on, and nothing of before. */
    synchronized void listen() {
        listening = true;
        users.clear();
        more = false;
    }

    /** Remembers no more. */
    synchronized void ignore() {
        listening = false;
        users.clear();
    }

    synchronized void add(Collection<Hint> hints) {
        if (listening) {
            hints.forEach(hint -> remember(hint.user()));
            ring();
        }
    }

    synchronized void add(UserId user) {
        if (listening) {
            remember(user);
        }
    }

    private void remember(UserId user) {
        if (users.size() < MOST) {
            users.add(user);
        } else if (!users.contains(user)) {
            more = true;
        }
    }

    /** Some of the users, who are forgotten by that. */
    synchronized List<UserId> take(int most) {
        var some = new ArrayList<UserId>();
        var iterator = users.iterator();
        while (iterator.hasNext() && some.size() < most) {
            some.add(iterator.next());
            iterator.remove();
        }
        return some;
    }

    /** Whether there were more users than can be remembered, since this was asked before. */
    synchronized boolean takeMore() {
        boolean were = more;
        more = false;
        return were;
    }

    /** Wakes whoever waits, or is about to. */
    synchronized void ring() {
        rung = true;
        notifyAll();
    }

    /** Waits for {@link #ring}, but not longer than this. */
    synchronized void await(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (!rung && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        rung = false;
    }
}

package io.messagecenter.domain.account;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Erases accounts. What somebody wrote is unreadable at once, however much it is; tombstones take its place, and those
 * who received it are told, little by little. What is interrupted goes on by itself, on any node. Thread-safe.
 */
public final class Erasures implements AutoCloseable {
    /** How many messages at once: few, since whoever received them cannot be written to in the meantime. */
    static final int BATCH = 200;

    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Logger LOG = System.getLogger(Erasures.class.getName());

    private final AccountStore accounts;
    private final Notifier notifier;
    private final Clock clock;
    private final ScheduledExecutorService sweeper;
    private volatile boolean closed;

    /** Begins to look for what was interrupted. The sweeper's threads are for this alone, and stay its maker's. */
    public Erasures(AccountStore accounts, Notifier notifier, Clock clock, ScheduledExecutorService sweeper) {
        this.accounts = accounts;
        this.notifier = notifier;
        this.clock = clock;
        this.sweeper = sweeper;
        var unused = sweeper.scheduleWithFixedDelay(this::sweep, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Erases an account.
     *
     * @throws ChatException {@code NOT_FOUND} if there is no such account
     */
    public void erase(Person person) {
        if (!accounts.erase(person.id(), clock.instant().truncatedTo(ChronoUnit.MICROS))) {
            throw ChatException.notFound();
        }
        try {
            sweeper.execute(this::sweep);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Closed: another node sweeps, or this one when it is back");
        }
    }

    /** Sweeps no more, once the batch at hand is done. */
    @Override
    public void close() {
        closed = true;
    }

    private void sweep() {
        try {
            for (var user : accounts.unswept()) {
                sweep(user);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "What was erased is not swept yet: " + Reasons.of(e));
        }
    }

    private void sweep(UserId user) {
        boolean done = false;
        while (!done && !closed) {
            var sweep = accounts.sweep(user, BATCH, clock.instant().truncatedTo(ChronoUnit.MICROS));
            notifier.publish(sweep.deletions().stream()
                    .map(deletion -> Hint.of(deletion.reader(), deletion.event()))
                    .toList());
            done = sweep.done();
        }
    }
}

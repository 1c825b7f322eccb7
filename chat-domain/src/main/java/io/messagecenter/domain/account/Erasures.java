package io.messagecenter.domain.account;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

    /** After so long a node that could not be told of an erasure has closed the sockets, or never will. */
    static final Duration TO_SETTLE = Duration.ofMinutes(10);

    /** After so long the sockets of somebody erased are closed, on a node that is slow, too. */
    private static final Duration TO_CLOSE = Duration.ofSeconds(30);

    /** How often it is forgotten until then that they were online: mostly their sockets close within half a second. */
    private static final Duration TO_FORGET = Duration.ofMillis(500);

    private static final Logger LOG = System.getLogger(Erasures.class.getName());

    private final AccountStore accounts;
    private final Notifier notifier;
    private final Presence presence;
    private final Clock clock;
    private final ScheduledExecutorService sweeper;
    private final Map<UserId, Instant> traces = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Begins to look for what was interrupted. The threads are for this alone, and stay their maker's.
     *
     * @param sweeper may be busy for as long as the messages of a long life take
     * @param forgetter waits for {@code presence}
     */
    public Erasures(
            AccountStore accounts,
            Notifier notifier,
            Presence presence,
            Clock clock,
            ScheduledExecutorService sweeper,
            ScheduledExecutorService forgetter) {
        this.accounts = accounts;
        this.notifier = notifier;
        this.presence = presence;
        this.clock = clock;
        this.sweeper = sweeper;
        every(LOOK, orLater(this::look), sweeper);
        every(TO_FORGET, orLater(this::wipeTraces), forgetter);
    }

    /**
     * Erases an account.
     *
     * @throws ChatException {@code NOT_FOUND} if there is no such account
     */
    public void erase(Person person) {
        if (!accounts.erase(person.id(), now())) {
            throw ChatException.notFound();
        }
        erased(person);
    }

    /**
     * Erases the account of somebody who has proven that it is theirs; see {@link AccountStore#eraseOwn}.
     *
     * @return who is erased; empty, and nothing has changed, if that does not hold any more
     */
    Optional<Person> eraseOwn(Session session, PasswordHash proof) {
        var person = session.person();
        if (!accounts.eraseOwn(person.id(), proof, session.id(), now())) {
            return Optional.empty();
        }
        erased(person);
        return Optional.of(person);
    }

    private static void every(Duration period, Runnable task, ScheduledExecutorService scheduler) {
        var unused = scheduler.scheduleWithFixedDelay(task, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Runnable orLater(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "An erasure is not finished yet: " + Reasons.of(e)); // the next look goes on
            }
        };
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void erased(Person person) {
        traces.put(person.id(), clock.instant());
        try {
            sweeper.execute(orLater(() -> sweep(person.id())));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Closed: another node sweeps, or this one when it is back");
        }
    }

    /** Sweeps no more, once the batch at hand is done. */
    @Override
    public void close() {
        closed = true;
    }

    /** Forgets that those were online who were erased here: as they are until their sockets are closed, again and again. */
    private void wipeTraces() {
        var now = clock.instant();
        traces.forEach((user, erased) -> {
            presence.forget(user);
            if (erased.plus(TO_CLOSE).isBefore(now)) {
                traces.remove(user, erased);
            }
        });
    }

    /** Goes on with all that is unfinished, on whatever node it began. */
    void look() {
        for (var user : accounts.unsettled()) {
            sweep(user);
            settle(user);
        }
    }

    private void settle(UserId user) {
        var moment = now().minus(TO_SETTLE); // before it forgets, or what came in between would stay
        if (presence.forget(user)) {
            accounts.settle(user, moment);
        }
    }

    private void sweep(UserId user) {
        boolean done = false;
        while (!done && !closed) {
            var sweep = accounts.sweep(user, BATCH, now());
            notifier.publish(sweep.deletions().stream()
                    .map(deletion -> Hint.of(deletion.reader(), deletion.event()))
                    .toList());
            done = sweep.done();
        }
    }
}

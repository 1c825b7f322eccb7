package io.messagecenter.domain.webhook;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.lease.Lease;
import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.webhook.Attempt.Stretch;
import io.messagecenter.domain.webhook.WebhookStore.Behind;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Delivers for one webhook, on a thread of its own, while this node has the lease.
 *
 * <p>The store is the queue: what is kept here is whose feeds have moved, and which stretches of them were handed over
 * without being taken. These are read again for each attempt, so what was erased or unsent meanwhile goes nowhere, and
 * what has become too long for one request goes in several.
 */
final class Courier {
    private static final Logger LOG = System.getLogger(Courier.class.getName());

    /** Users whose feeds are compared by one query. */
    private static final int USERS_A_LOOK = 5_000;

    private static final int STRETCHES_AN_ATTEMPT = 1_000;
    private static final int EVENTS_A_READ = 256;

    /** A look at all feeds takes no more than one part in so many of the time. */
    private static final int LOOK_SHARE = 10;

    private final Webhook webhook;
    private final Lease lease;
    private final LeaseHolder holder;
    private final WebhookStore store;
    private final FeedStore feeds;
    private final Telemetry telemetry;
    private final Thread thread;
    private final Moved moved = new Moved();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Whether the store has said that somebody else has the lease. */
    private volatile boolean lost;

    // What others may ask for.
    private volatile boolean delivering;
    private volatile long behind;
    private volatile Optional<Long> failingSince = Optional.empty();

    private final Object leaseLock = new Object();
    private final Object sendLock = new Object();
    private boolean sending;

    // The thread's own.
    private final Map<UserId, Behind> pending = new LinkedHashMap<>();
    /** What was handed over last without being taken. */
    private List<Stretch> unsettled = List.of();
    /** What has been handed over before and no longer fits beside it: comes next, before all that is pending. */
    private List<Stretch> leftOver = List.of();

    private int failures;
    private int outages;
    private Optional<UserId> lookedUpTo = Optional.empty();
    private long lookCounted;
    private long lookTook;
    private long nextLook;

    Courier(
            Webhook webhook,
            Lease lease,
            LeaseHolder holder,
            WebhookStore store,
            FeedStore feeds,
            Telemetry telemetry) {
        this.webhook = webhook;
        this.lease = lease;
        this.holder = holder;
        this.store = store;
        this.feeds = feeds;
        this.telemetry = telemetry;
        this.thread = new Thread(this::run, "webhook-" + webhook.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void onHints(Collection<Hint> hints) {
        moved.add(hints);
    }

    WebhookStatus status() {
        var since = failingSince;
        return delivering
                ? new WebhookStatus(
                        webhook.name(),
                        true,
                        behind,
                        since.map(start -> Duration.ofNanos(System.nanoTime() - start))
                                .orElse(Duration.ZERO))
                : new WebhookStatus(webhook.name(), false, 0, Duration.ZERO);
    }

    /** Takes or renews the lease. To be called every third of its length. */
    void renew() {
        try {
            synchronized (leaseLock) {
                if (isClosed() || !thread.isAlive()) {
                    return;
                }
                lost = !lease.take();
            }
            if (!lost && !delivering) {
                moved.ring();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> "Webhook " + webhook.name() + " cannot renew its lease: " + Reasons.of(e));
        }
    }

    /** Begins to stop: after what is being handed over, there is nothing more. */
    void stop() {
        closed.countDown();
        moved.ring();
    }

    /** Waits until it has stopped, but not longer than until then. */
    void await(long nanoTime) {
        try {
            long left = TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime());
            thread.join(Math.max(1, left));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what is being handed over, if anything is. */
    void interruptSending() {
        synchronized (sendLock) {
            if (sending) {
                thread.interrupt();
            }
        }
    }

    /** Gives the lease back, so that another node goes on at once. */
    void release() {
        try {
            synchronized (leaseLock) {
                lease.close();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> "Webhook " + webhook.name() + " keeps its lease: " + Reasons.of(e));
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void run() {
        while (!isClosed()) {
            try {
                if (holds()) {
                    work();
                } else {
                    moved.await(webhook.lease().toNanos());
                }
            } catch (InterruptedException e) {
                LOG.log(Level.DEBUG, "Stopped while handing over"); // others have no reason to interrupt
            } catch (RuntimeException e) {
                outages++;
                LOG.log(Level.WARNING, () -> "Webhook " + webhook.name() + " stands still: " + Reasons.of(e));
                rest(retryAfter(outages).toNanos());
            }
        }
    }

    private void work() throws InterruptedException {
        store.begin(webhook.name());
        moved.listen();
        pending.clear();
        unsettled = List.of();
        leftOver = List.of();
        lookAtAll();
        delivering = true;
        try {
            while (holds()) {
                step();
                outages = 0;
            }
        } finally {
            delivering = false;
            moved.ignore();
        }
    }

    private boolean holds() {
        return !isClosed() && !lost && lease.held();
    }

    private void step() throws InterruptedException {
        if (unsettled.isEmpty() && pending.isEmpty()) {
            look();
        }
        var attempt = unsettled.isEmpty() ? compose() : composeAgain();
        if (attempt.stretches().isEmpty()) {
            if (unsettled.isEmpty() && pending.isEmpty()) {
                moved.await(nextLook - System.nanoTime());
            }
        } else if (attempt.deliveries().isEmpty() || taken(attempt)) {
            settle();
            lost = lost || !store.advance(webhook.name(), holder, attempt.places());
        }
    }

    /** Goes on with what no longer fitted beside what was handed over last. */
    private void settle() {
        unsettled = leftOver;
        leftOver = List.of();
    }

    /** Finds feeds that are behind: those that have moved here, and, if it is time, some of all. */
    private void look() {
        if (moved.takeMore()) {
            lookAtAll();
        }
        var users = moved.take(USERS_A_LOOK);
        if (!users.isEmpty()) {
            store.behind(webhook.name(), users).forEach(this::remember);
        }
        if (isTimeToLook()) {
            lookOn().forEach(this::remember);
        }
    }

    private void remember(Behind feed) {
        pending.put(feed.user().id(), feed);
    }

    /** Begins to look at all feeds now. */
    private void lookAtAll() {
        lookedUpTo = Optional.empty();
        lookCounted = 0;
        lookTook = 0;
        nextLook = System.nanoTime();
    }

    private boolean isTimeToLook() {
        return nextLook - System.nanoTime() <= 0;
    }

    private List<Behind> lookOn() {
        long start = System.nanoTime();
        var found = store.behind(webhook.name(), lookedUpTo, USERS_A_LOOK);
        lookTook += System.nanoTime() - start;
        lookCounted += found.behind().stream().mapToLong(Behind::events).sum();
        lookedUpTo = found.next();
        if (lookedUpTo.isEmpty()) {
            behind = lookCounted;
            long pause = Math.max(webhook.sweep().toNanos(), (LOOK_SHARE - 1) * lookTook);
            lookAtAll();
            nextLook += pause;
        }
        return found.behind();
    }

    private Attempt compose() {
        var attempt = new Attempt(webhook);
        for (int i = 0; i < STRETCHES_AN_ATTEMPT && attempt.room() > 0 && !pending.isEmpty(); i++) {
            var feed = pending.remove(pending.keySet().iterator().next());
            if (feed.missed() > 0) {
                telemetry.webhookMissed(webhook.name().value(), feed.missed());
                LOG.log(
                        Level.WARNING,
                        () -> "Webhook " + webhook.name() + " misses " + feed.missed() + " events of user "
                                + feed.user().id() + ", which are no longer kept");
            }
            int limit = Math.min(EVENTS_A_READ, attempt.room());
            read(feed.user(), feed.from(), limit).ifPresent(page -> {
                var upto = attempt.add(feed.user(), feed.from(), page);
                if (page.more() || upto.compareTo(page.last()) < 0) {
                    remember(feed.taken(upto)); // behind all others, so that a long feed keeps none of them waiting
                }
            });
        }
        return attempt;
    }

    /** The same stretches once more, as they are now, and as far as there is room for what they have become. */
    private Attempt composeAgain() {
        var attempt = new Attempt(webhook);
        var rest = new ArrayList<Stretch>();
        var unread = new HashSet<UserId>();
        for (var stretch : unsettled) {
            if (attempt.room() == 0) {
                rest.add(stretch);
            } else if (!unread.contains(stretch.user().id())) {
                readAgain(stretch)
                        .ifPresentOrElse(
                                page -> {
                                    var upto = attempt.add(stretch.user(), stretch.after(), page);
                                    if (upto.compareTo(stretch.upto()) < 0) {
                                        rest.add(stretch.from(upto));
                                    }
                                },
                                () -> unread.add(stretch.user().id()));
            }
        }
        rest.addAll(leftOver);
        // Its place stays where it is, and a later part would take it past what may still be there.
        rest.removeIf(stretch -> unread.contains(stretch.user().id()));
        pending.keySet().removeAll(unread);
        leftOver = List.copyOf(rest);
        if (attempt.stretches().isEmpty()) {
            settle();
        }
        return attempt;
    }

    private Optional<FeedPage> readAgain(Stretch stretch) {
        return stretch.length() == 0
                ? Optional.of(FeedPage.of(List.of(), stretch.after(), false))
                : read(stretch.user(), stretch.after(), stretch.length());
    }

    /** Events of one feed; empty if it is gone, or cannot be read, which keeps others from nothing. */
    private Optional<FeedPage> read(Person user, FeedSeq after, int limit) {
        try {
            return Optional.of(feeds.read(user.id(), after, limit));
        } catch (ChatException e) {
            if (e.code() == ErrorCode.UNAVAILABLE) {
                throw e;
            } else if (e.code() == ErrorCode.CURSOR_TOO_OLD) {
                moved.add(user.id()); // pruned since it was looked at
            }
            LOG.log(Level.DEBUG, () -> "Feed of user " + user.id() + ": " + e.code());
        } catch (IllegalStateException e) {
            LOG.log(Level.ERROR, () -> "Webhook " + webhook.name() + " leaves a feed out: " + Reasons.of(e));
        }
        return Optional.empty();
    }

    /** Hands events over; after a failure returns when it is time for another attempt. */
    private boolean taken(Attempt attempt) throws InterruptedException {
        unsettled = List.copyOf(attempt.stretches());
        var batch = WebhookBatch.of(webhook.name(), attempt.deliveries());
        var answer = send(batch);
        if (answer.taken()) {
            telemetry.webhookDelivered(
                    webhook.name().value(), batch.deliveries().size());
            if (failures > 0) {
                lookAtAll(); // what was found meanwhile was only counted
            }
            failures = 0;
            failingSince = Optional.empty();
            return true;
        }
        failures++;
        if (failures == 1) {
            failingSince = Optional.of(System.nanoTime());
        }
        telemetry.webhookFailed(webhook.name().value());
        var pause = answer.pause().map(this::withinBounds).orElseGet(() -> retryAfter(failures));
        LOG.log(
                Level.WARNING,
                () -> "Webhook " + webhook.name() + " failed the " + failures + ". time in a row: " + answer.reason()
                        + ". Again in " + pause.toMillis() + " ms");
        pause(pause);
        return false;
    }

    private WebhookAnswer send(WebhookBatch batch) throws InterruptedException {
        synchronized (sendLock) {
            sending = true;
        }
        try {
            return webhook.sender().send(batch);
        } catch (RuntimeException e) {
            return WebhookAnswer.again(Reasons.of(e));
        } finally {
            synchronized (sendLock) {
                sending = false;
                var unused = Thread.interrupted(); // meant for this alone: an interrupted read would close an H2
            }
        }
    }

    private Duration withinBounds(Duration wanted) {
        if (wanted.compareTo(webhook.firstRetry()) < 0) {
            return webhook.firstRetry();
        }
        return wanted.compareTo(webhook.longestRetry()) > 0 ? webhook.longestRetry() : wanted;
    }

    /** Doubles with each failure, and is never the same for many who failed together. */
    private Duration retryAfter(int failed) {
        int doublings = Math.min(failed - 1, 30);
        long most = webhook.longestRetry().toNanos();
        long first = webhook.firstRetry().toNanos();
        long full = first > most >> doublings ? most : first << doublings;
        return Duration.ofNanos((long) (full * ThreadLocalRandom.current().nextDouble(0.5, 1)));
    }

    /** Waits, and counts meanwhile what is waiting. */
    private void pause(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        long left = pause.toNanos();
        while (left > 0 && holds()) {
            if (isTimeToLook()) {
                var unused = lookOn();
            } else {
                rest(Math.min(left, nextLook - System.nanoTime()));
            }
            left = end - System.nanoTime();
        }
    }

    private void rest(long nanos) {
        try {
            var unused = closed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "Interrupted, though nobody should");
        }
    }
}

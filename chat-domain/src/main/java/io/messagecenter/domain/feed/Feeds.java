package io.messagecenter.domain.feed;

import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Reads feeds, and follows them for the connections of one node.
 *
 * <p>Hints do the work; a slow heartbeat catches what they missed. At each beat the node compares the heads of all feeds
 * it follows, in one query a thousand users, and only followers that are behind read on. The same happens at once for
 * subscriptions of which the notifier says that they may have lost something. Thread-safe.
 */
public final class Feeds implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Feeds.class.getName());
    private static final int USERS_A_QUERY = 1_000;

    private final FeedStore feeds;
    private final Notifier notifier;
    private final Executor reader;
    private final Telemetry telemetry;
    private final Future<?> heartbeat;
    private final Set<Following> following = ConcurrentHashMap.newKeySet();
    private final Set<Following> suspects = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean checking = new AtomicBoolean();

    /**
     * @param reader runs reads of the store; the caller's to close
     * @param heartbeat how often heads are compared: the longest that a lost hint can delay an event
     */
    public Feeds(
            FeedStore feeds,
            Notifier notifier,
            Executor reader,
            ScheduledExecutorService scheduler,
            Duration heartbeat,
            Telemetry telemetry) {
        this.feeds = feeds;
        this.notifier = notifier;
        this.reader = reader;
        this.telemetry = telemetry;
        var period = heartbeat.toMillis();
        this.heartbeat = scheduler.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    /** Ends following when closed. */
    public interface Subscription extends AutoCloseable {
        /** The listener is {@link FeedListener#ready} again. Does nothing if it never was not. */
        void resume();

        @Override
        void close();
    }

    /** A stretch of a person's feed; see {@link FeedStore#read}. */
    public FeedPage read(Person person, FeedSeq after, int limit) {
        return feeds.read(person.id(), after, limit);
    }

    /**
     * Follows a person's feed until the result is closed. Returns at once; everything else comes to the listener.
     *
     * @param after the cursor to resume from; empty to begin with what happens from now on
     */
    public Subscription follow(Person person, Optional<FeedSeq> after, FeedListener listener) {
        var one = new Following(new FeedFollower(person.id(), after, feeds, reader, telemetry, listener));
        following.add(one);
        try {
            one.begin();
        } catch (RuntimeException | Error e) {
            one.close();
            throw e;
        }
        return one;
    }

    /**
     * Where a user's feed stands: whoever follows it after that misses nothing from now on.
     *
     * @return empty if there is no such user
     * @throws io.messagecenter.domain.error.ChatException {@code UNAVAILABLE}
     */
    public Optional<FeedSeq> head(Person person) {
        return Optional.ofNullable(feeds.heads(List.of(person.id())).get(person.id()));
    }

    /** How many connections follow a feed here. */
    public int followers() {
        return following.size();
    }

    @Override
    public void close() {
        heartbeat.cancel(false);
        following.forEach(Following::close);
    }

    private void beat() {
        suspects.addAll(following);
        check();
    }

    /** Looks at the suspects soon, once, however many ask for it. */
    private void check() {
        if (!suspects.isEmpty() && checking.compareAndSet(false, true)) {
            reader.execute(this::checkNow);
        }
    }

    private void checkNow() {
        checking.set(false); // whoever asks from here on gets a run of their own
        var batch = List.copyOf(suspects);
        batch.forEach(suspects::remove);
        try {
            for (int i = 0; i < batch.size(); i += USERS_A_QUERY) {
                compareHeads(batch.subList(i, Math.min(batch.size(), i + USERS_A_QUERY)));
            }
        } catch (RuntimeException e) {
            // The next heartbeat suspects everyone again.
            LOG.log(Level.WARNING, "Feed heads cannot be compared now: " + Reasons.of(e));
        }
    }

    private void compareHeads(Collection<Following> some) {
        var places = new HashMap<Following, FeedSeq>(); // from before the heads are read, which cannot be less then
        some.forEach(one -> one.place().ifPresent(place -> places.put(one, place)));
        var heads = feeds.heads(some.stream().map(Following::user).collect(Collectors.toSet()));
        for (var one : some) {
            var head = heads.get(one.user());
            var place = places.get(one);
            if (head != null && place != null && head.compareTo(place) < 0) {
                LOG.log(Level.WARNING, () -> "Feed of user " + one.user() + " ends at " + head + ", before " + place);
                one.onStoreSetBack(head);
            } else if (head != null) {
                one.onHint(Hint.of(one.user(), head));
            }
        }
    }

    private final class Following implements HintListener, Subscription {
        private final FeedFollower follower;
        private volatile Optional<Notifier.Subscription> subscription = Optional.empty();

        Following(FeedFollower follower) {
            this.follower = follower;
        }

        UserId user() {
            return follower.user();
        }

        Optional<FeedSeq> place() {
            return follower.place();
        }

        void onStoreSetBack(FeedSeq head) {
            follower.onStoreSetBack(head);
        }

        /** Listens before it reads, so that nothing falls between the two. */
        void begin() {
            subscription = Optional.of(notifier.subscribe(user(), this));
            follower.start();
        }

        @Override
        public void onHint(Hint hint) {
            follower.onHint(hint);
        }

        @Override
        public void onHintsLost() {
            suspects.add(this);
            check();
        }

        @Override
        public void onSignal(Signal signal) {
            follower.onSignal(signal);
        }

        @Override
        public void resume() {
            follower.resume();
        }

        @Override
        public void close() {
            if (following.remove(this)) {
                follower.close();
                subscription.ifPresent(Notifier.Subscription::close);
            }
        }
    }
}

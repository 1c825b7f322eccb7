package io.messagecenter.domain.presence;

import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.presence.Presence.Status;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps the connections of one node told of who is online among those whom their user talks to.
 *
 * <p>It looks, in rounds, at how things stand with everyone who is watched here, in one question, and tells each
 * connection what differs from what it was told before: so nothing that is missed has to be made up for, and whoever
 * reads slowly hears the latest state, not its history. Whoever blocks the watcher is offline for them, and was never
 * seen; so is everyone erased, whatever is known of their connections. Of whoever is watched no more nothing is told, as
 * they may well be online; of those who were told of as online, the latest 1,000, it is told afresh once they are added
 * again, whichever way. While the stores are out of reach nothing is told. Thread-safe.
 */
public final class Watches implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Watches.class.getName());

    /** Of so many conversations, the latest, the other side is watched. */
    public static final int PEERS = 100;

    /** Of so many who fell out it is remembered for a connection: ten times as many as could be told of. */
    static final int LAPSED = 1_000;

    /** From one round to the next. */
    public static final Duration ROUND = Duration.ofSeconds(1);

    private static final int USERS_A_QUERY = 1_000;

    private final Presence presence;
    private final BlockStore blocks;
    private final ConversationStore conversations;
    private final FeedStore feeds;
    private final Executor loader;
    private final Future<?> rounds;

    private final Set<Watching> watching = ConcurrentHashMap.newKeySet();
    private final Set<Watching> unloaded = ConcurrentHashMap.newKeySet();
    private final Map<UserId, Watched> watched = new ConcurrentHashMap<>();

    /** Somebody, and who watches them. */
    private record Watched(Person person, Set<Watching> by) {}

    /** Hears of others. Calls come one at a time, on the round's thread: hand on without waiting. */
    public interface Listener {
        /** Whether it can take word now; asked before each one. If not, it hears the latest state in a later round. */
        boolean ready();

        /** Somebody is online who was not, or is not who was; nobody is at first. Or they are watched again, and are so. */
        void onPresence(Person person, Status status);
    }

    /** Ends watching when closed. */
    public interface Watch extends AutoCloseable {
        /** Watches somebody, as whom the user talks to now. Returns at once. */
        void add(Person peer);

        @Override
        void close();
    }

    /**
     * Begins its rounds.
     *
     * @param feeds tells who is there at all
     * @param loader runs reads of the stores; the caller's to close
     * @param scheduler its threads wait for {@code presence} and for stores
     */
    public Watches(
            Presence presence,
            BlockStore blocks,
            ConversationStore conversations,
            FeedStore feeds,
            Executor loader,
            ScheduledExecutorService scheduler,
            Duration period) {
        this.presence = presence;
        this.blocks = blocks;
        this.conversations = conversations;
        this.feeds = feeds;
        this.loader = loader;
        var millis = period.toMillis();
        this.rounds = scheduler.scheduleWithFixedDelay(this::round, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Watches those whom a person talks to, until the result is closed. Returns at once. */
    public Watch watch(Person watcher, Listener listener) {
        var one = new Watching(watcher, listener);
        watching.add(one);
        unloaded.add(one);
        one.load();
        return one;
    }

    @Override
    public void close() {
        rounds.cancel(false);
        watching.forEach(Watching::close);
    }

    private void round() {
        try {
            unloaded.forEach(Watching::load);
            if (!watched.isEmpty()) {
                new Round().tell();
            }
        } catch (ChatException e) {
            LOG.log(Level.DEBUG, () -> "Nobody is told who is online now: " + Reasons.of(e));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Nobody is told who is online now", e); // and the next round tries again
        }
    }

    /** How things stand at one moment. */
    private final class Round {
        private final Map<UserId, Status> statuses;
        private final Map<UserId, Set<UserId>> blocked = new HashMap<>();
        private final Set<UserId> there = new HashSet<>();

        Round() {
            watching.forEach(Watching::begin); // so that whoever is added later is of the next round
            this.statuses = presence.of(Set.copyOf(watched.keySet()));
        }

        void tell() {
            var shown = new HashSet<UserId>(); // of whom word can go out, one way or the other
            watching.forEach(one -> {
                shown.addAll(one.told.keySet());
                shown.addAll(one.untold.keySet());
            });
            statuses.forEach((user, status) -> {
                if (status.online()) {
                    shown.add(user);
                }
            });
            inQueries(shown, some -> blocked.putAll(blocks.blockedByEach(some)));
            inQueries(shown, some -> there.addAll(feeds.heads(some).keySet()));
            watching.forEach(one -> one.leave(this));
            shown.removeIf(user -> !statusOf(user).online());
            for (var user : shown) {
                var one = watched.get(user);
                if (one != null) {
                    one.by().forEach(watcher -> watcher.appear(one.person(), this));
                }
            }
        }

        private static void inQueries(Collection<UserId> users, Consumer<Set<UserId>> query) {
            var all = List.copyOf(users);
            for (int i = 0; i < all.size(); i += USERS_A_QUERY) {
                query.accept(Set.copyOf(all.subList(i, Math.min(all.size(), i + USERS_A_QUERY))));
            }
        }

        /** What somebody may know of another. */
        Status visible(UserId user, UserId to) {
            return isHidden(user, to) ? Status.UNSEEN : statusOf(user);
        }

        private boolean isHidden(UserId user, UserId from) {
            return !there.contains(user) || blocked.getOrDefault(user, Set.of()).contains(from);
        }

        private Status statusOf(UserId user) {
            return statuses.getOrDefault(user, Status.UNSEEN);
        }
    }

    private final class Watching implements Watch {
        private final Person watcher;
        private final Listener listener;

        /** Those who are watched, as the latest message has them, the latest last. Guarded by this, as are the next four. */
        private final LinkedHashMap<UserId, Person> peers = new LinkedHashMap<>(16, 0.75f, true);

        /** Who was added since the latest round began, and who fell out: they may have been added again. */
        private final Map<UserId, Person> added = new HashMap<>();

        private final Set<UserId> dropped = new HashSet<>();

        private boolean loading;
        private boolean closed;

        /** Who is online as far as the listener knows; for the round alone. */
        private final Map<UserId, Person> told = new HashMap<>();

        /** Of whom the listener is to be told in any case, since they are watched again; for the round alone. */
        private final Map<UserId, Person> untold = new HashMap<>();

        /** Who fell out, and may be online as far as the listener knows; the latest of them, and for the round alone. */
        private final Set<UserId> lapsed = new LinkedHashSet<>();

        Watching(Person watcher, Listener listener) {
            this.watcher = watcher;
            this.listener = listener;
        }

        /** Loads whom the watcher talks to, unless that is under way. What fails is tried again in the next round. */
        void load() {
            synchronized (this) {
                if (closed || loading) {
                    return;
                }
                loading = true;
            }
            try {
                loader.execute(this::loadNow);
            } catch (RejectedExecutionException e) {
                LOG.log(Level.DEBUG, "Closed", e);
            }
        }

        private void loadNow() {
            Optional<List<Person>> loaded = Optional.empty();
            try {
                loaded = Optional.of(conversations.peers(watcher.id(), PEERS));
            } catch (RuntimeException e) {
                LOG.log(Level.DEBUG, () -> "Whom " + watcher + " talks to is unknown now: " + Reasons.of(e));
            }
            synchronized (this) {
                loading = false;
                if (loaded.isPresent()) {
                    unloaded.remove(this);
                    var earlier = new ArrayList<>(loaded.get());
                    Collections.reverse(earlier);
                    var since = List.copyOf(peers.values());
                    earlier.forEach(this::put);
                    since.forEach(this::add);
                }
            }
        }

        @Override
        public synchronized void add(Person peer) {
            if (put(peer)) {
                added.put(peer.id(), peer);
            }
        }

        /** Whether they were not watched before. */
        private synchronized boolean put(Person peer) {
            if (closed || peer.id().equals(watcher.id()) || peers.put(peer.id(), peer) != null) {
                return false;
            }
            watched.compute(peer.id(), (key, others) -> {
                var one = others == null ? new Watched(peer, ConcurrentHashMap.newKeySet()) : others;
                one.by().add(this);
                return one;
            });
            if (peers.size() > PEERS) {
                var eldest = peers.keySet().iterator();
                var user = eldest.next();
                eldest.remove();
                unwatch(user);
                added.remove(user);
                dropped.add(user);
            }
            return true;
        }

        private void unwatch(UserId user) {
            watched.computeIfPresent(user, (key, one) -> {
                one.by().remove(this);
                return one.by().isEmpty() ? null : one;
            });
        }

        private synchronized boolean watches(UserId user) {
            return peers.containsKey(user);
        }

        /** A round begins: of whoever fell out the listener knows nothing any more, also if they were added again. */
        synchronized void begin() {
            for (var user : dropped) {
                if (told.remove(user) != null || untold.remove(user) != null) {
                    lapsed.add(user);
                }
            }
            added.forEach((user, person) -> {
                if (lapsed.remove(user)) {
                    untold.put(user, person);
                }
            });
            for (var eldest = lapsed.iterator(); lapsed.size() > LAPSED; eldest.remove()) {
                eldest.next();
            }
            dropped.clear();
            added.clear();
        }

        /** Tells of somebody who is online. */
        void appear(Person person, Round round) {
            if (!told.containsKey(person.id())
                    && watches(person.id())
                    && round.visible(person.id(), watcher.id()).online()
                    && ready()) {
                told.put(person.id(), person);
                untold.remove(person.id());
                tell(person, Status.ONLINE);
            }
        }

        /** Tells of those who are not online any more, or are watched again and are not. */
        void leave(Round round) {
            var all = new ArrayList<>(told.values());
            all.addAll(untold.values());
            for (var person : all) {
                var status = round.visible(person.id(), watcher.id());
                if (!status.online() && ready()) {
                    told.remove(person.id());
                    untold.remove(person.id());
                    tell(person, status);
                }
            }
        }

        private void tell(Person person, Status status) {
            try {
                listener.onPresence(person, status);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A listener of " + watcher + " failed", e); // and the others still hear
            }
        }

        private boolean ready() {
            synchronized (this) {
                if (closed) {
                    return false;
                }
            }
            return listener.ready();
        }

        @Override
        public void close() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
                peers.keySet().forEach(this::unwatch);
                peers.clear();
            }
            watching.remove(this);
            unloaded.remove(this);
        }
    }
}

package io.messagecenter.domain.memory;

import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.user.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts connections within one JVM, and remembers for as long as it lives when people were last seen. Message centers
 * that are built with it and with {@linkplain #anotherNode other nodes} of it are nodes of one system. Thread-safe.
 */
public final class InMemoryPresence implements Presence {
    /** So many people's last connection is remembered; of more, those of the latest. */
    private static final int REMEMBERED = 100_000;

    private final Duration grace;
    private final Clock clock;
    private final Shared shared;

    /** How many connections here have; guarded by {@link #shared}. */
    private final Map<UserId, Integer> own = new HashMap<>();

    /** What all nodes know; guards itself and all of theirs. */
    private static final class Shared {
        private final Map<UserId, Integer> connections = new HashMap<>();

        /** When people left who have no connection, the latest last. */
        private final Map<UserId, Instant> left = new LinkedHashMap<>();

        void add(UserId user, int count) {
            connections.merge(user, count, Integer::sum);
            left.remove(user);
        }

        void remove(UserId user, int count, Instant now) {
            if (connections.merge(user, -count, Integer::sum) > 0) {
                return;
            }
            connections.remove(user);
            left.put(user, now);
            if (left.size() > REMEMBERED) {
                var eldest = left.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }

        Status of(UserId user, Instant graceful) {
            if (connections.containsKey(user)) {
                return Status.ONLINE;
            }
            var moment = left.get(user);
            if (moment == null) {
                return Status.UNSEEN;
            }
            return moment.isAfter(graceful) ? Status.ONLINE : Status.lastSeen(moment);
        }
    }

    public InMemoryPresence() {
        this(GRACE, Clock.systemUTC());
    }

    /**
     * One of another patience.
     *
     * @param grace how long people count as online after their last connection, none to a minute
     */
    public InMemoryPresence(Duration grace, Clock clock) {
        this(Presence.requireGrace(grace), clock, new Shared());
    }

    private InMemoryPresence(Duration grace, Clock clock, Shared shared) {
        this.grace = grace;
        this.clock = clock;
        this.shared = shared;
    }

    /** Each node sees the connections of all; closing one takes its own away. */
    public InMemoryPresence anotherNode() {
        return new InMemoryPresence(grace, clock, shared);
    }

    @Override
    public void connected(UserId user) {
        synchronized (shared) {
            own.merge(user, 1, Integer::sum);
            shared.add(user, 1);
        }
    }

    @Override
    public void disconnected(UserId user) {
        synchronized (shared) {
            if (own.containsKey(user)) {
                own.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
                shared.remove(user, 1, now());
            }
        }
    }

    @Override
    public Map<UserId, Status> of(Collection<UserId> users) {
        var graceful = now().minus(grace);
        var statuses = new HashMap<UserId, Status>();
        synchronized (shared) {
            for (var user : users) {
                statuses.put(user, shared.of(user, graceful));
            }
        }
        return statuses;
    }

    @Override
    public boolean forget(UserId user) {
        synchronized (shared) {
            shared.left.remove(user);
            return true;
        }
    }

    @Override
    public void close() {
        synchronized (shared) {
            for (var user : Set.copyOf(own.keySet())) {
                shared.remove(user, own.remove(user), now());
            }
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

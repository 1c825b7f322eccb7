package io.messagecenter.domain.presence;

import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who has a connection open, on any node, or had one a moment ago; and when the others had one last. A hint like every
 * other: it may be late, and an outage never fails a caller. Thread-safe.
 *
 * <p>Whoever has closed their last connection counts as online for a grace of some seconds more, so that a reconnect is
 * seen by nobody. The same holds for the users of a node that is closed.
 */
public interface Presence extends AutoCloseable {
    /** How long somebody counts as online after their last connection, unless it is said otherwise. */
    Duration GRACE = Duration.ofSeconds(5);

    /** The longest there may be: whoever is gone for so long, for whatever reason, is offline. */
    Duration LONGEST_GRACE = Duration.ofMinutes(1);

    /** One more connection of the user on this node. Each call is undone by one call of {@link #disconnected}. */
    void connected(UserId user);

    void disconnected(UserId user);

    /**
     * How things stand with these users, in one question however many they are. While nothing can be said of somebody,
     * say because other nodes are out of reach, they are as they were last known to be, within a minute. Of whom nothing
     * is known is left out, and has to be taken for offline.
     */
    Map<UserId, Status> of(Collection<UserId> users);

    /** Which of these users are online, as far as is known. */
    default Set<UserId> online(Collection<UserId> users) {
        return of(users).entrySet().stream()
                .filter(entry -> entry.getValue().online())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Forgets that somebody was online, and when; they have no grace. Other nodes may go by a connection that they have,
     * or had within it, and say so again. What happens to them afterwards is remembered again.
     *
     * @return false if other nodes are out of reach, so that it has to be tried again
     */
    boolean forget(UserId user);

    @Override
    void close();

    /** For adapters: a grace that makes sense. */
    static Duration requireGrace(Duration grace) {
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("A grace is none to a minute long");
        }
        return grace;
    }

    /**
     * How things stand with somebody.
     *
     * @param lastSeen when the last connection of somebody who is offline ended, as far as that is still known; to
     *     within a minute where their node was killed. Nothing of somebody who is online
     */
    record Status(boolean online, Optional<Instant> lastSeen) {
        /** Connected, or was a moment ago. */
        public static final Status ONLINE = new Status(true, Optional.empty());

        /** Offline, and nothing is known of when they were not. */
        public static final Status UNSEEN = new Status(false, Optional.empty());

        public Status {
            if (online && lastSeen.isPresent()) {
                throw new IllegalArgumentException("Whoever is online was not seen last");
            }
        }

        public static Status lastSeen(Instant moment) {
            return new Status(false, Optional.of(moment));
        }
    }
}

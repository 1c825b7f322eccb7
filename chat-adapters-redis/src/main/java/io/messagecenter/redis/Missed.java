package io.messagecenter.redis;

import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.HostAndPort;

/**
 * How far the feeds have come of users whose hints a server did not take: told once it does again, so that other nodes
 * need not wait for their heartbeat. One place a user, and a bounded number of users: the rest waits. Thread-safe.
 */
final class Missed {
    private static final int USERS_A_SERVER = 10_000;

    // Guarded by this. Under nobody are those for whom no server was known to be responsible.
    private final Map<Optional<HostAndPort>, Map<UserId, FeedSeq>> places = new HashMap<>();

    synchronized void add(Optional<HostAndPort> server, List<Hint> hints) {
        var users = places.computeIfAbsent(server, key -> new LinkedHashMap<>());
        for (var hint : hints) {
            if (users.size() < USERS_A_SERVER || users.containsKey(hint.user())) {
                users.merge(hint.user(), hint.seq(), (one, other) -> one.compareTo(other) < 0 ? other : one);
            }
        }
    }

    /** Hands out and forgets what this server should have been told. */
    synchronized List<Hint> take(HostAndPort server) {
        return hints(Optional.ofNullable(places.remove(Optional.of(server))));
    }

    /** Hands out and forgets everything. */
    synchronized List<Hint> takeAll() {
        var all = new ArrayList<Hint>();
        for (var users : places.values()) {
            all.addAll(hints(Optional.of(users)));
        }
        places.clear();
        return all;
    }

    private static List<Hint> hints(Optional<Map<UserId, FeedSeq>> users) {
        var hints = new ArrayList<Hint>();
        users.ifPresent(all -> all.forEach((user, seq) -> hints.add(Hint.of(user, seq))));
        return hints;
    }
}

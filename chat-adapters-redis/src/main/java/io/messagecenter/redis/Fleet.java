package io.messagecenter.redis;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import redis.clients.jedis.HostAndPort;

/**
 * One of something for each server that is responsible for anything, as these come and go. Thread-safe; changes come one
 * at a time.
 */
final class Fleet<T> {
    private final Function<HostAndPort, T> start;
    private final Consumer<T> retire;
    private final Map<HostAndPort, T> members = new ConcurrentHashMap<>();
    private boolean closed; // guarded by this

    Fleet(Function<HostAndPort, T> start, Consumer<T> retire) {
        this.start = start;
        this.retire = retire;
    }

    synchronized void follow(Set<HostAndPort> servers) {
        if (closed) {
            return;
        }
        for (var server : servers) {
            members.computeIfAbsent(server, start);
        }
        for (var server : Set.copyOf(members.keySet())) {
            if (!servers.contains(server)) {
                Optional.ofNullable(members.remove(server)).ifPresent(retire);
            }
        }
    }

    Optional<T> at(HostAndPort server) {
        return Optional.ofNullable(members.get(server));
    }

    void forEach(Consumer<T> action) {
        members.values().forEach(action);
    }

    /** Starts nothing from here on. */
    synchronized void freeze() {
        closed = true;
    }
}

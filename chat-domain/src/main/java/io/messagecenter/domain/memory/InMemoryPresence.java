package io.messagecenter.domain.memory;

import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.user.UserId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Counts connections within one JVM. Message centers that are built with it and with {@linkplain #anotherNode other
 * nodes} of it are nodes of one system. Thread-safe.
 */
public final class InMemoryPresence implements Presence {
    /** The connections of each node that is open; shared by all nodes. */
    private final Collection<Map<UserId, Integer>> nodes;

    private final Map<UserId, Integer> connections = new ConcurrentHashMap<>();

    public InMemoryPresence() {
        this(new CopyOnWriteArrayList<>());
    }

    private InMemoryPresence(Collection<Map<UserId, Integer>> nodes) {
        this.nodes = nodes;
        nodes.add(connections);
    }

    /** Each node sees the connections of all; closing one takes its own away. */
    public InMemoryPresence anotherNode() {
        return new InMemoryPresence(nodes);
    }

    @Override
    public void connected(UserId user) {
        connections.merge(user, 1, Integer::sum);
    }

    @Override
    public void disconnected(UserId user) {
        connections.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
    }

    @Override
    public Set<UserId> online(Collection<UserId> users) {
        return users.stream()
                .filter(user -> nodes.stream().anyMatch(node -> node.containsKey(user)))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        connections.clear();
    }
}

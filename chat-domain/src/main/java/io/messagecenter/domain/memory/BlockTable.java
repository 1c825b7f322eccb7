package io.messagecenter.domain.memory;

import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

final class BlockTable implements BlockStore {
    private final Tables tables;

    BlockTable(Tables tables) {
        this.tables = tables;
    }

    @Override
    public Optional<UserBlocked> block(UserId blocker, Person person, Instant now) {
        synchronized (tables.lock) {
            var names = tables.blocked.computeIfAbsent(blocker, key -> new TreeMap<>());
            return names.putIfAbsent(person.name().key(), person) == null
                    ? Optional.of(tables.enter(blocker, now, seq -> new UserBlocked(seq, person)))
                    : Optional.empty();
        }
    }

    @Override
    public Optional<UserUnblocked> unblock(UserId blocker, Person person, Instant now) {
        synchronized (tables.lock) {
            return tables.blocked
                                    .getOrDefault(blocker, new TreeMap<>())
                                    .remove(person.name().key())
                            == null
                    ? Optional.empty()
                    : Optional.of(tables.enter(blocker, now, seq -> new UserUnblocked(seq, person)));
        }
    }

    @Override
    public List<Person> blockedBy(UserId blocker) {
        synchronized (tables.lock) {
            return List.copyOf(
                    tables.blocked.getOrDefault(blocker, new TreeMap<>()).values());
        }
    }

    @Override
    public Map<UserId, Set<UserId>> blockedByEach(Set<UserId> blockers) {
        synchronized (tables.lock) {
            var blocked = new HashMap<UserId, Set<UserId>>();
            for (var blocker : blockers) {
                var people =
                        tables.blocked.getOrDefault(blocker, new TreeMap<>()).values();
                if (!people.isEmpty()) {
                    blocked.put(blocker, people.stream().map(Person::id).collect(Collectors.toUnmodifiableSet()));
                }
            }
            return blocked;
        }
    }

    @Override
    public Set<UserId> blockersOf(UserId person, Set<UserId> among) {
        synchronized (tables.lock) {
            return among.stream()
                    .filter(blocker -> tables.isBlocked(person, blocker))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}

package io.messagecenter.domain.memory;

import io.messagecenter.domain.account.AccountStore;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

final class AccountTable implements AccountStore {
    private final Tables tables;
    private final SessionTable sessions;

    AccountTable(Tables tables, SessionTable sessions) {
        this.tables = tables;
        this.sessions = sessions;
    }

    @Override
    public List<User> list(PeopleQuery query) {
        synchronized (tables.lock) {
            return tables.list(query);
        }
    }

    @Override
    public Optional<Disabled> disable(UserId id, Instant now) {
        synchronized (tables.lock) {
            return tables.user(id).map(user -> {
                tables.barred.putIfAbsent(id, now);
                tables.resetsByUser.remove(id);
                return new Disabled(
                        tables.save(Tables.disabled(user, true)), sessions.endAll(id, Optional.empty(), now));
            });
        }
    }

    @Override
    public Optional<User> enable(UserId id) {
        synchronized (tables.lock) {
            return tables.user(id).map(user -> {
                tables.barred.remove(id);
                return tables.save(Tables.disabled(user, false));
            });
        }
    }

    @Override
    public boolean eraseOwn(UserId id, PasswordHash proof, SessionId session, Instant now) {
        synchronized (tables.lock) {
            return sessions.isProven(id, proof, session) && erase(id, now);
        }
    }

    @Override
    public boolean erase(UserId id, Instant now) {
        synchronized (tables.lock) {
            var user = tables.user(id);
            if (user.isEmpty()) {
                return false;
            }
            var unused = sessions.endAll(id, Optional.empty(), now);
            var account = Objects.requireNonNull(tables.accountsById.remove(id));
            account.erased = true;
            account.passwordHash = PasswordHash.UNUSABLE;
            tables.save(
                    new User(user.get().person(), Optional.empty(), user.get().created(), false, false));
            tables.resetsByUser.remove(id);
            tables.blocked.remove(id);
            tables.webhooks.values().forEach(places -> places.remove(id));
            tables.barred.put(id, now);
            tables.unsettled.put(id, buried(id, account.mailbox));
            return true;
        }
    }

    /** Replaces by tombstones what somebody wrote; tells which messages those were, in the order of their mailbox. */
    private ArrayDeque<MessageId> buried(UserId sender, Collection<MessageId> mailbox) {
        var ids = mailbox.stream()
                .map(tables::message)
                .filter(message -> message.sender().id().equals(sender) && !message.deleted())
                .map(message -> message.id())
                .collect(Collectors.toCollection(ArrayDeque::new));
        for (var id : ids) {
            tables.messagesById.computeIfPresent(id, (same, message) -> message.tombstone());
        }
        tables.messagesByKey.keySet().removeIf(key -> key.sender().equals(sender));
        return ids;
    }

    @Override
    public List<UserId> unsettled() {
        synchronized (tables.lock) {
            return tables.unsettled.keySet().stream().sorted().toList();
        }
    }

    @Override
    public Sweep sweep(UserId user, int limit, Instant now) {
        synchronized (tables.lock) {
            var ids = tables.unsettled.getOrDefault(user, new ArrayDeque<>());
            var deletions = new ArrayList<Deletion>();
            for (int i = 0; i < limit && !ids.isEmpty(); i++) {
                var message = tables.message(ids.remove());
                var reader = message.recipient().id();
                if (tables.accountsById.containsKey(reader)) {
                    deletions.add(
                            new Deletion(reader, tables.enter(reader, now, seq -> new MessageDeleted(seq, message))));
                }
            }
            return new Sweep(deletions, ids.isEmpty());
        }
    }

    @Override
    public void settle(UserId user, Instant moment) {
        synchronized (tables.lock) {
            tables.unsettled.computeIfPresent(
                    user,
                    (id, ids) -> ids.isEmpty()
                                    && tables.barred.getOrDefault(id, moment).isBefore(moment)
                            ? null
                            : ids);
        }
    }

    @Override
    public Set<UserId> barredSince(Instant moment) {
        synchronized (tables.lock) {
            return tables.barred.entrySet().stream()
                    .filter(entry -> !entry.getValue().isBefore(moment))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}

package io.messagecenter.domain.memory;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

final class SessionTable implements SessionStore {
    private final Tables tables;

    SessionTable(Tables tables) {
        this.tables = tables;
    }

    @Override
    public Optional<List<SessionEnded>> create(
            Session session, TokenHash token, Optional<PasswordHash> proof, int most) {
        synchronized (tables.lock) {
            var user = session.person().id();
            var account = tables.accountsById.get(user);
            if (account == null
                    || account.user.disabled()
                    || !proof.orElse(account.passwordHash).equals(account.passwordHash)) {
                return Optional.empty();
            }
            var surplus = tables.sessionsByToken.values().stream()
                    .filter(one -> one.person().id().equals(user))
                    .sorted(Comparator.comparing(Session::expires)
                            .thenComparing(Session::created)
                            .thenComparing(Session::id)
                            .reversed())
                    .skip(most - 1L)
                    .map(Session::id)
                    .collect(Collectors.toSet());
            var ended = end(user, surplus::contains, session.created());
            tables.sessionsByToken.put(token, session);
            return Optional.of(ended);
        }
    }

    @Override
    public Optional<Session> find(TokenHash token) {
        synchronized (tables.lock) {
            return Optional.ofNullable(tables.sessionsByToken.get(token));
        }
    }

    @Override
    public List<Session> list(UserId user, Instant now) {
        synchronized (tables.lock) {
            return tables.sessionsByToken.values().stream()
                    .filter(session -> session.person().id().equals(user) && !session.expired(now))
                    .sorted(Comparator.comparing(Session::created)
                            .thenComparing(Session::id)
                            .reversed())
                    .toList();
        }
    }

    @Override
    public Optional<SessionEnded> end(UserId user, SessionId id, Instant now) {
        return end(user, id::equals, now).stream().findFirst();
    }

    @Override
    public List<SessionEnded> endAll(UserId user, Optional<SessionId> except, Instant now) {
        return end(user, id -> !id.equals(except.orElse(null)), now);
    }

    private List<SessionEnded> end(UserId user, Predicate<SessionId> which, Instant now) {
        synchronized (tables.lock) {
            var ids = tables.sessionsByToken.values().stream()
                    .filter(session -> session.person().id().equals(user) && which.test(session.id()))
                    .map(Session::id)
                    .sorted()
                    .toList();
            var gone = Set.copyOf(ids);
            tables.sessionsByToken.values().removeIf(session -> gone.contains(session.id()));
            ids.forEach(id -> tables.endedSessions.put(id, now));
            return ids.stream()
                    .map(id -> tables.enter(user, now, seq -> new SessionEnded(seq, id)))
                    .toList();
        }
    }

    @Override
    public Set<SessionId> endedSince(Instant moment) {
        synchronized (tables.lock) {
            return tables.endedSessions.entrySet().stream()
                    .filter(entry -> !entry.getValue().isBefore(moment))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    @Override
    public void prolong(Map<SessionId, Instant> expires) {
        synchronized (tables.lock) {
            tables.sessionsByToken.replaceAll((token, session) -> {
                var later = expires.get(session.id());
                return later == null || !later.isAfter(session.expires())
                        ? session
                        : new Session(session.id(), session.person(), session.created(), later, session.device());
            });
        }
    }

    @Override
    public Set<SessionId> live(Collection<SessionId> ids, Instant now) {
        synchronized (tables.lock) {
            return tables.sessionsByToken.values().stream()
                    .filter(session -> ids.contains(session.id()) && !session.expired(now))
                    .map(Session::id)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    @Override
    public int purge(Instant now) {
        synchronized (tables.lock) {
            int before = tables.sessionsByToken.size();
            tables.sessionsByToken.values().removeIf(session -> session.expired(now));
            tables.endedSessions.values().removeIf(ended -> ended.isBefore(now.minus(Duration.ofHours(1))));
            return before - tables.sessionsByToken.size();
        }
    }
}

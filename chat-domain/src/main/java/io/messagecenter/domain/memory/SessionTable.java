package io.messagecenter.domain.memory;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.Sessions;
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
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class SessionTable implements SessionStore {
    private final Tables tables;

    SessionTable(Tables tables) {
        this.tables = tables;
    }

    @Override
    public Optional<List<SessionEnded>> create(
            Session session,
            TokenHash token,
            Optional<PasswordHash> proof,
            Optional<TokenHash> replaced,
            Sessions.Limits limits) {
        synchronized (tables.lock) {
            var user = session.person().id();
            if (!maySignIn(user, proof)) {
                return Optional.empty();
            }
            var gone = surplus(user, replaced, limits, session.created());
            var ended = end(user, gone::contains, session.created());
            tables.sessionsByToken.put(token, session);
            tables.sessionUses.put(session.id(), session.created());
            return Optional.of(ended);
        }
    }

    private boolean maySignIn(UserId user, Optional<PasswordHash> proof) {
        var account = tables.accountsById.get(user);
        return account != null
                && !account.user.disabled()
                && proof.orElse(account.passwordHash).equals(account.passwordHash);
    }

    /** Whether somebody is who they say, by their password and by a session that was not ended. */
    boolean isProven(UserId user, PasswordHash proof, SessionId session) {
        return maySignIn(user, Optional.of(proof))
                && tables.sessionsByToken.values().stream()
                        .anyMatch(one ->
                                one.id().equals(session) && one.person().id().equals(user));
    }

    /** What was replaced, and what somebody has beyond so many that hold and were used last, for one more to have room. */
    private Set<SessionId> surplus(UserId user, Optional<TokenHash> replaced, Sessions.Limits limits, Instant now) {
        var before = replaced.map(tables.sessionsByToken::get).map(Session::id).stream();
        var rest = tables.sessionsByToken.entrySet().stream()
                .filter(entry -> !replaced.equals(Optional.of(entry.getKey())))
                .map(Map.Entry::getValue)
                .filter(one -> one.person().id().equals(user))
                .sorted(Comparator.comparing(
                                (Session one) -> !shortened(one, limits).expired(now))
                        .thenComparing(one -> tables.sessionUses.get(one.id()))
                        .thenComparing(Session::id)
                        .reversed())
                .skip(limits.most() - 1)
                .map(Session::id);
        return Stream.concat(before, rest).collect(Collectors.toSet());
    }

    @Override
    public Optional<Session> find(TokenHash token, Sessions.Limits limits) {
        synchronized (tables.lock) {
            return Optional.ofNullable(tables.sessionsByToken.get(token)).map(session -> shortened(session, limits));
        }
    }

    private Session shortened(Session session, Sessions.Limits limits) {
        var used = tables.sessionUses.getOrDefault(session.id(), session.created());
        var expires = limits.expires(session.created(), used);
        return expires.isBefore(session.expires()) ? lasting(session, expires) : session;
    }

    @Override
    public List<Session> list(UserId user, Sessions.Limits limits, Instant now) {
        synchronized (tables.lock) {
            return tables.sessionsByToken.values().stream()
                    .map(session -> shortened(session, limits))
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
            remove(gone);
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
    public void prolong(Map<SessionId, Use> uses) {
        synchronized (tables.lock) {
            tables.sessionUses.replaceAll((id, moment) -> {
                var use = uses.get(id);
                return use == null || use.moment().isBefore(moment) ? moment : use.moment();
            });
            tables.sessionsByToken.replaceAll((token, session) -> {
                var use = uses.get(session.id());
                return use == null || !use.expires().isAfter(session.expires())
                        ? session
                        : lasting(session, use.expires());
            });
        }
    }

    private static Session lasting(Session session, Instant expires) {
        return new Session(session.id(), session.person(), session.created(), expires, session.device());
    }

    @Override
    public Optional<SessionId> shorten(Sessions.Limits limits, Optional<SessionId> after, int limit) {
        synchronized (tables.lock) {
            var some = tables.sessionUses.keySet().stream()
                    .filter(id -> after.isEmpty() || id.compareTo(after.get()) > 0)
                    .sorted()
                    .limit(limit)
                    .collect(Collectors.toCollection(TreeSet::new));
            tables.sessionsByToken.replaceAll(
                    (token, session) -> some.contains(session.id()) ? shortened(session, limits) : session);
            return some.isEmpty() ? Optional.empty() : Optional.of(some.last());
        }
    }

    @Override
    public Set<SessionId> live(Collection<SessionId> ids, Sessions.Limits limits, Instant now) {
        synchronized (tables.lock) {
            return tables.sessionsByToken.values().stream()
                    .filter(session -> ids.contains(session.id())
                            && !shortened(session, limits).expired(now))
                    .map(Session::id)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    @Override
    public int purge(Instant now) {
        synchronized (tables.lock) {
            var expired = tables.sessionsByToken.values().stream()
                    .filter(session -> session.expired(now))
                    .map(Session::id)
                    .collect(Collectors.toSet());
            remove(expired);
            tables.endedSessions.values().removeIf(ended -> ended.isBefore(now.minus(Duration.ofHours(1))));
            return expired.size();
        }
    }

    private void remove(Set<SessionId> gone) {
        tables.sessionsByToken.values().removeIf(session -> gone.contains(session.id()));
        tables.sessionUses.keySet().removeAll(gone);
    }
}

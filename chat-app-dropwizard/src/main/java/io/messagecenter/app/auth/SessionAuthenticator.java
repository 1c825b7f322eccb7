package io.messagecenter.app.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Knows who holds a token. A session that was found once is believed from memory, so that an authenticated request costs
 * no query: twice a second a node asks the store, in one query whatever their number, which sessions were ended lately on
 * any node, and believes those no more. That needs no notifier. Where it could not ask, it believes nothing, and asks for
 * each request. Clocks of nodes may differ by up to {@link #WINDOW}. Thread-safe.
 */
public final class SessionAuthenticator implements Authentication {
    /** Well under the two seconds in which an ended session must be refused everywhere. */
    public static final Duration ROUND = Duration.ofMillis(500);

    /** From the start of a round on; it, too, is under two seconds, for when rounds fail or take long. */
    static final Duration TRUSTED = Duration.ofMillis(1_500);

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration REMEMBERED = Duration.ofMinutes(30);
    private static final int MAX_SESSIONS = 100_000;

    /** A use is told to the store when it is later by that part of a session's idle time than the last one told. */
    private static final int STEPS = 100;

    /** And no later than that: which of somebody's sessions are unused the longest must be right everywhere. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(1);

    /** How many uses are written at once. */
    private static final int MOST_USES = 1_000;

    private final Sessions sessions;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Duration step;
    private final Cache<SessionToken, Session> known = Caffeine.newBuilder()
            .expireAfterAccess(REMEMBERED)
            .maximumSize(MAX_SESSIONS)
            .build();
    private final Map<SessionId, Used> used = new ConcurrentHashMap<>();
    private volatile Optional<Long> asked = Optional.empty();
    private volatile Optional<Instant> askedAt = Optional.empty();

    /**
     * That a session was in use here.
     *
     * @param moment the last one
     * @param told the last one that the store knows of, or an earlier one
     */
    private record Used(Session session, Instant moment, Instant told) {
        boolean untold() {
            return moment.isAfter(told);
        }

        Used and(Session same, Instant later) {
            return new Used(same, later.isAfter(moment) ? later : moment, told);
        }
    }

    public SessionAuthenticator(Sessions sessions, Clock clock) {
        this(sessions, clock, System::nanoTime);
    }

    SessionAuthenticator(Sessions sessions, Clock clock, LongSupplier nanoTime) {
        this.sessions = sessions;
        this.clock = clock;
        this.nanoTime = nanoTime;
        var part = sessions.limits().idle().dividedBy(STEPS);
        this.step = part.compareTo(LONGEST_STEP) < 0 ? part : LONGEST_STEP;
    }

    @Override
    public Optional<Caller> authenticate(SessionToken token) {
        var now = clock.instant();
        var session = trusted() ? known.getIfPresent(token) : null;
        if (session == null || session.expired(now)) { // another node may have seen it used
            var found = sessions.authenticate(token);
            if (found.isEmpty()) {
                known.invalidate(token);
                return Optional.empty();
            }
            session = found.get();
            known.put(token, session);
        }
        var later = use(session, now);
        if (!later.equals(session)) {
            known.put(token, later);
        }
        return Optional.of(new Caller(later));
    }

    private boolean trusted() {
        var start = asked;
        return start.isPresent() && nanoTime.getAsLong() - start.get() < TRUSTED.toNanos();
    }

    /** The store hears of it by {@link #keepUses}. */
    @Override
    public Session use(Session session, Instant now) {
        used.compute(
                session.id(),
                (id, before) -> before == null ? new Used(session, now, lastTold(session)) : before.and(session, now));
        var later = sessions.usedAt(session, now);
        return later.expires().isBefore(session.expires().plus(step)) ? session : later;
    }

    /** No later than the last use that the store had heard of when the session was looked up. */
    private Instant lastTold(Session session) {
        return session.expires().minus(sessions.limits().idle());
    }

    /** When somebody's sessions were used here, where the store has not heard of it yet. */
    public Map<Session, Instant> untold(Person person) {
        return moments(used.values().stream()
                .filter(one -> one.untold() && one.session().person().equals(person)));
    }

    private static Map<Session, Instant> moments(Stream<Used> some) {
        return some.collect(Collectors.toMap(Used::session, Used::moment, (one, same) -> one));
    }

    @Override
    public Predicate<Session> round() {
        long start = nanoTime.getAsLong();
        var now = clock.instant();
        var ended =
                sessions.endedSince(askedAt.orElse(now).minus(WINDOW)); // also what was ended while it could not ask
        if (!ended.isEmpty()) {
            known.asMap().values().removeIf(session -> ended.contains(session.id()));
        }
        asked = Optional.of(start);
        askedAt = Optional.of(now);
        return session -> ended.contains(session.id());
    }

    @Override
    public void keepUses() {
        var before = clock.instant().minus(step);
        var due = used.values().stream()
                .filter(one -> one.untold() && !one.told().isAfter(before))
                .sorted(Comparator.comparing(
                        Used::told)) // so that none waits for ever behind those that are used again
                .limit(MOST_USES)
                .toList();
        sessions.used(moments(due.stream()));
        for (var one : due) {
            used.computeIfPresent(one.session().id(), (id, now) -> new Used(now.session(), now.moment(), one.moment()));
        }
        used.values().removeIf(one -> !one.untold() && one.told().isBefore(before));
    }

    @Override
    public boolean ownAccounts() {
        return true;
    }

    @Override
    public Set<SessionId> live(Collection<Session> open) {
        return sessions.live(open.stream().map(Session::id).collect(Collectors.toSet()));
    }

    /** Believes in a token no more, whose session may have been ended here. */
    public void forget(SessionToken token) {
        known.invalidate(token);
    }

    /** Believes in a session no more, once it was ended here. */
    public void forget(SessionId session) {
        known.asMap().values().removeIf(one -> one.id().equals(session));
    }

    @Override
    public void forget(Person person) {
        known.asMap().values().removeIf(one -> one.person().equals(person));
    }

    /** Believes in no other session of the same person any more, once all of them were ended here. */
    public void forgetOthers(Session kept) {
        known.asMap()
                .values()
                .removeIf(one -> one.person().equals(kept.person()) && !one.id().equals(kept.id()));
    }
}

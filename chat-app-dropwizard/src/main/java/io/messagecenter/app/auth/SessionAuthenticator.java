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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

    /** A use is told to the store when it moves the end of a session by that part of its idle time. */
    private static final int STEPS = 100;

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

    private record Used(Session session, Instant moment) {}

    public SessionAuthenticator(Sessions sessions, Clock clock) {
        this(sessions, clock, System::nanoTime);
    }

    SessionAuthenticator(Sessions sessions, Clock clock, LongSupplier nanoTime) {
        this.sessions = sessions;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.step = sessions.limits().idle().dividedBy(STEPS);
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
        var later = sessions.usedAt(session, now);
        if (later.expires().isBefore(session.expires().plus(step))) {
            return session;
        }
        used.put(session.id(), new Used(session, now));
        return later;
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
        var some = Map.copyOf(used);
        var moments = new HashMap<Session, Instant>();
        some.values().forEach(one -> moments.put(one.session(), one.moment()));
        sessions.used(moments);
        some.forEach(used::remove); // what was used once more in the meantime stays
    }

    @Override
    public boolean ownAccounts() {
        return true;
    }

    @Override
    public Set<SessionId> live(Collection<Session> open) {
        return sessions.live(open.stream().map(Session::id).collect(Collectors.toSet()));
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

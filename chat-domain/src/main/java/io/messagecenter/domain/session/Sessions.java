package io.messagecenter.domain.session;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Signs people in and out. Thread-safe. */
public final class Sessions {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final UserStore users;
    private final SessionStore sessions;
    private final PasswordHasher hasher;
    private final Clock clock;
    private final Duration lifetime;

    /** Hashed once, lazily: a sign-in under a name that nobody has must take as long as any other. */
    private volatile Optional<PasswordHash> decoy = Optional.empty();

    /**
     * Does no I/O.
     *
     * @param lifetime how long after its start a session ends by itself
     */
    public Sessions(UserStore users, SessionStore sessions, PasswordHasher hasher, Clock clock, Duration lifetime) {
        this.users = users;
        this.sessions = sessions;
        this.hasher = hasher;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** A new session and the only copy of its token. */
    public record SignedIn(SessionToken token, Session session) {}

    /**
     * Signs in by password. Hashes, so it takes its time, the same time whether or not the name exists.
     *
     * @param device what the client calls itself; cut to {@link Session#MAX_DEVICE} characters
     * @throws ChatException {@code WRONG_CREDENTIALS}, which does not tell which of the two was wrong
     */
    public SignedIn signIn(String username, String password, String device) {
        try {
            var secret = new Password(password);
            var credentials = users.credentials(new Username(username));
            var hash = credentials.isPresent() ? credentials.get().passwordHash() : decoy();
            if (hasher.matches(secret, hash) && credentials.isPresent()) {
                return start(credentials.get().user().person(), device);
            }
        } catch (ChatException e) {
            if (e.code() != ErrorCode.INVALID) {
                throw e;
            }
        }
        throw ChatException.of(ErrorCode.WRONG_CREDENTIALS, "Unable to sign in with the provided credentials.");
    }

    /** Starts a session for somebody whose identity is proven already. */
    public SignedIn start(Person person, String device) {
        var token = SessionToken.random();
        var now = now();
        var session = new Session(
                new SessionId(1 + RANDOM.nextLong(JsonNumber.MAX)), person, now, now.plus(lifetime), cut(device));
        sessions.create(session, token.hash());
        return new SignedIn(token, session);
    }

    private static String cut(String device) {
        if (device.length() <= Session.MAX_DEVICE) {
            return device;
        }
        // Half of a surrogate pair is nothing that a store could keep.
        int end = Character.isHighSurrogate(device.charAt(Session.MAX_DEVICE - 1))
                ? Session.MAX_DEVICE - 1
                : Session.MAX_DEVICE;
        return device.substring(0, end);
    }

    /** The session that a token proves, unless it has ended or expired. */
    public Optional<Session> authenticate(SessionToken token) {
        return sessions.find(token.hash()).filter(session -> !session.expired(now()));
    }

    /** A person's sessions, latest first. */
    public List<Session> list(Person person) {
        return sessions.list(person.id(), now());
    }

    /**
     * Ends one of a person's sessions.
     *
     * @throws ChatException {@code NOT_FOUND} if they have no such session
     */
    public void end(Person person, SessionId session) {
        if (!sessions.end(person.id(), session)) {
            throw ChatException.notFound();
        }
    }

    /** Which of these sessions still hold: what a node asks about its open sockets. */
    public Set<SessionId> live(Collection<SessionId> ids) {
        return ids.isEmpty() ? Set.of() : sessions.live(ids, now());
    }

    /** Forgets sessions that have expired; tells how many. */
    public int purgeExpired() {
        return sessions.purge(now());
    }

    private PasswordHash decoy() {
        return decoy.orElseGet(() -> {
            var hash = hasher.hash(new Password(SessionToken.random().value()));
            decoy = Optional.of(hash);
            return hash;
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

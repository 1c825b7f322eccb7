package io.messagecenter.domain.session;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Signs people in and out. Thread-safe. */
public final class Sessions {
    private static final Logger LOG = System.getLogger(Sessions.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int AT_ONCE = 1_000;

    private final UserStore users;
    private final SessionStore sessions;
    private final Notifier notifier;
    private final PasswordHasher hasher;
    private final Clock clock;
    private final Limits limits;

    /**
     * Hashed once, by whichever sign-in is the first: one under a name that nobody has, or that has no password, must take as
     * long as any other.
     */
    private volatile Optional<PasswordHash> decoy = Optional.empty();

    private volatile boolean shortened;

    /**
     * How long sessions last, and how many there are.
     *
     * @param idle without use
     * @param absolute at the longest
     * @param most how many one person has at a time; one more ends the one that is unused the longest
     */
    public record Limits(Duration idle, Duration absolute, int most) {
        /** Devices and programs of one person, and some more that they have forgotten. */
        public static final int MOST = 100;

        /** Two weeks without use, and a quarter of a year in all; {@value #MOST} at a time. */
        public static final Limits DEFAULT = new Limits(Duration.ofDays(14), Duration.ofDays(90));

        public Limits {
            if (idle.isNegative() || idle.isZero() || absolute.compareTo(idle) < 0) {
                throw new IllegalArgumentException("A session lasts for some time, and idle no longer than at all");
            }
            if (most < 1) {
                throw new IllegalArgumentException("Who signs in has a session");
            }
        }

        /** Until when a session lasts that has begun at a moment, and was used last at another. */
        public Instant expires(Instant created, Instant used) {
            var end = created.plus(absolute);
            var unused = used.plus(idle);
            return unused.isBefore(end) ? unused : end;
        }

        /** With {@value #MOST} sessions at a time. */
        public Limits(Duration idle, Duration absolute) {
            this(idle, absolute, MOST);
        }
    }

    /** Does no I/O. */
    public Sessions(
            UserStore users,
            SessionStore sessions,
            Notifier notifier,
            PasswordHasher hasher,
            Clock clock,
            Limits limits) {
        this.users = users;
        this.sessions = sessions;
        this.notifier = notifier;
        this.hasher = hasher;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Where somebody signs in.
     *
     * @param device what the client calls itself; cut to {@link Session#MAX_DEVICE} characters
     * @param replaced the session that the client had so far, which ends if it is the same person's
     * @param uses when sessions of a person were used last, where the store may not know it yet: it decides which of them
     *     were unused the longest
     */
    public record Arrival(
            String device, Optional<SessionToken> replaced, Function<Person, Map<Session, Instant>> uses) {
        /** By a client that had no session. */
        static Arrival by(String device) {
            return new Arrival(device, Optional.empty(), person -> Map.of());
        }
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
        return signIn(username, password, Arrival.by(device));
    }

    /**
     * Signs in by password, as {@link #signIn(String, String, String)} does.
     *
     * @throws ChatException {@code WRONG_CREDENTIALS}, which does not tell which of the two was wrong
     */
    public SignedIn signIn(String username, String password, Arrival arrival) {
        try {
            var name = new Username(username);
            var secret = new Password(password);
            var proof = prove(users.credentials(name), secret);
            return start(proof, arrival)
                    .or(() -> proveAgain(name, secret, proof).flatMap(again -> start(again, arrival)))
                    .orElseThrow(Sessions::wrongCredentials);
        } catch (ChatException e) {
            throw e.code() == ErrorCode.INVALID ? wrongCredentials() : e;
        }
    }

    /** Whose password it is, and the hash that it has matched. */
    private record Proof(Person person, PasswordHash hash) {}

    /** One hash is made, whoever it is: the same work for a name that nobody has, or that has no password. */
    private Proof prove(Optional<Credentials> credentials, Password secret) {
        var decoy = decoy();
        var hash = credentials
                .map(Credentials::passwordHash)
                .filter(one -> !one.equals(PasswordHash.UNUSABLE))
                .orElse(decoy);
        if (!hasher.matches(secret, hash) || hash.equals(decoy) || credentials.isEmpty()) {
            throw wrongCredentials();
        }
        var user = credentials.get().user();
        return new Proof(user.person(), user.disabled() ? hash : strengthen(credentials.get(), secret));
    }

    /**
     * Once more where the hash has changed since: somebody else may have strengthened it, or chosen a password. Where it has
     * not, the account is disabled, and no more work may tell that the password was right.
     */
    private Optional<Proof> proveAgain(Username name, Password secret, Proof before) {
        return users.credentials(name)
                .filter(credentials -> !credentials.passwordHash().equals(before.hash()))
                .map(credentials -> prove(Optional.of(credentials), secret));
    }

    private Optional<SignedIn> start(Proof proof, Arrival arrival) {
        return start(proof.person(), arrival, Optional.of(proof.hash()));
    }

    private static ChatException wrongCredentials() {
        return ChatException.of(ErrorCode.WRONG_CREDENTIALS, "Unable to sign in with the provided credentials.");
    }

    /**
     * A weak hash can be made afresh only now, while the password is known; if not this time, then the next.
     *
     * @return the hash that is the user's now
     */
    private PasswordHash strengthen(Credentials credentials, Password password) {
        var weak = credentials.passwordHash();
        try {
            if (hasher.needsRehash(weak)) {
                var strong = hasher.hash(password);
                return users.setPassword(credentials.user().person().id(), weak, strong) ? strong : weak;
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A weak password hash stays for now: {0}", e.getMessage());
        }
        return weak;
    }

    /**
     * Starts a session for somebody whose identity is proven already.
     *
     * @throws ChatException {@code FORBIDDEN} if their account is disabled, or is no more
     */
    public SignedIn start(Person person, String device) {
        return start(person, Arrival.by(device), Optional.empty())
                .orElseThrow(() -> ChatException.of(ErrorCode.FORBIDDEN, "This account cannot sign in."));
    }

    private Optional<SignedIn> start(Person person, Arrival arrival, Optional<PasswordHash> proof) {
        used(arrival.uses().apply(person));
        var token = SessionToken.random();
        var now = now();
        var session = new Session(
                new SessionId(1 + RANDOM.nextLong(JsonNumber.MAX)),
                person,
                now,
                now.plus(limits.idle()),
                cut(arrival.device()));
        return sessions.create(session, token.hash(), proof, arrival.replaced().map(SessionToken::hash), limits)
                .map(ended -> {
                    tell(person, ended);
                    return new SignedIn(token, session);
                });
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
        return sessions.find(token.hash(), limits).filter(session -> !session.expired(now()));
    }

    /** A person's sessions, latest first. */
    public List<Session> list(Person person) {
        return sessions.list(person.id(), limits, now());
    }

    /**
     * Ends one of a person's sessions.
     *
     * @throws ChatException {@code NOT_FOUND} if they have no such session
     */
    public void end(Person person, SessionId session) {
        var ended = sessions.end(person.id(), session, now()).orElseThrow(ChatException::notFound);
        notifier.publish(List.of(Hint.of(person.id(), ended)));
    }

    /** Ends every session of a person but one. */
    public void endOthers(Person person, SessionId current) {
        tell(person, sessions.endAll(person.id(), Optional.of(current), now()));
    }

    /** Ends every session of a person. */
    public void endAll(Person person) {
        tell(person, sessions.endAll(person.id(), Optional.empty(), now()));
    }

    /** Tells everybody connected which sessions of a person have ended in the store. */
    public void tell(Person person, List<SessionEnded> ended) {
        if (!ended.isEmpty()) {
            notifier.publish(
                    ended.stream().map(event -> Hint.of(person.id(), event)).toList());
        }
    }

    /** Which sessions were ended at a moment or later, on any node: what a node asks that believes its memory. */
    public Set<SessionId> endedSince(Instant moment) {
        return sessions.endedSince(moment);
    }

    /**
     * Lets sessions last that were used, and keeps when that was.
     *
     * @param used when each was used last
     */
    public void used(Map<Session, Instant> used) {
        var uses = new HashMap<SessionId, SessionStore.Use>();
        used.forEach((session, moment) -> uses.put(
                session.id(),
                new SessionStore.Use(
                        moment.truncatedTo(ChronoUnit.MICROS),
                        usedAt(session, moment).expires())));
        if (!uses.isEmpty()) {
            sessions.prolong(uses);
        }
    }

    /** A session as it is once it was used at a moment: it never lasts longer than {@link Limits#absolute}. */
    public Session usedAt(Session session, Instant moment) {
        var expires = limits.expires(session.created(), moment.truncatedTo(ChronoUnit.MICROS));
        return expires.isAfter(session.expires())
                ? new Session(session.id(), session.person(), session.created(), expires, session.device())
                : session;
    }

    /** How long sessions last, and how many there are. */
    public Limits limits() {
        return limits;
    }

    /** Which of these sessions still hold: what a node asks about its open sockets. */
    public Set<SessionId> live(Collection<SessionId> ids) {
        return ids.isEmpty() ? Set.of() : sessions.live(ids, limits, now());
    }

    /**
     * Forgets sessions that have expired; tells how many. Those that began under longer limits than there are now last no
     * longer than any other from the first time on.
     */
    public int purgeExpired() {
        if (!shortened) {
            Optional<SessionId> last = Optional.empty();
            do {
                last = sessions.shorten(limits, last, AT_ONCE);
            } while (last.isPresent());
            shortened = true; // those that begin from here on begin under these limits
        }
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

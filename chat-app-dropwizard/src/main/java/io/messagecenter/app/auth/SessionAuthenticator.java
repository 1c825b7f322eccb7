package io.messagecenter.app.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dropwizard.auth.Authenticator;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.Sessions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Knows who holds a token. What the store said is believed for {@link #MEMORY}, so that most requests cost no query and
 * an ended session is refused soon after, on every node. Thread-safe.
 */
public final class SessionAuthenticator implements Authenticator<SessionToken, Caller> {
    /** Well under the two seconds in which an ended session must be refused everywhere. */
    static final Duration MEMORY = Duration.ofSeconds(1);

    private static final int MAX_SESSIONS = 100_000;

    private final Sessions sessions;
    private final Clock clock;
    private final Cache<SessionToken, Session> known = Caffeine.newBuilder()
            .expireAfterWrite(MEMORY)
            .maximumSize(MAX_SESSIONS)
            .build();

    public SessionAuthenticator(Sessions sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public Optional<Caller> authenticate(SessionToken token) {
        var session = known.getIfPresent(token);
        if (session == null) {
            var found = sessions.authenticate(token);
            found.ifPresent(one -> known.put(token, one));
            return found.map(Caller::new);
        }
        return session.expired(clock.instant()) ? Optional.empty() : Optional.of(new Caller(session));
    }

    /**
     * Whoever holds the token.
     *
     * @throws ChatException {@code NOT_SIGNED_IN} if there is no token, or it proves nothing any more
     */
    public Caller caller(Optional<SessionToken> token) {
        if (token.isEmpty()) {
            throw noToken();
        }
        return authenticate(token.get()).orElseThrow(SessionAuthenticator::noSession);
    }

    static ChatException noToken() {
        return ChatException.of(ErrorCode.NOT_SIGNED_IN, "Authentication credentials were not provided.");
    }

    static ChatException noSession() {
        return ChatException.of(ErrorCode.NOT_SIGNED_IN, "The session has ended, or never was.");
    }

    /** Believes nothing about a person any more, once a session of theirs was ended here. */
    public void forget(Session session) {
        known.asMap().values().removeIf(one -> one.id().equals(session.id()));
    }
}

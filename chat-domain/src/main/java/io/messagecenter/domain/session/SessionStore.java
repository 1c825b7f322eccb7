package io.messagecenter.domain.session;

import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps sessions, under the hash of their token. Every method is one atomic step; an outage throws
 * {@link io.messagecenter.domain.error.ChatException}. Thread-safe.
 */
public interface SessionStore {
    void create(Session session, TokenHash token);

    /** The session of that token, expired or not; empty once it was ended. */
    Optional<Session> find(TokenHash token);

    /** A user's sessions that are not expired, latest first. */
    List<Session> list(UserId user, Instant now);

    /** Ends one of the user's sessions; false if the user has none of that id. */
    boolean end(UserId user, SessionId session);

    /** Which of these sessions have neither been ended nor expired. */
    Set<SessionId> live(Collection<SessionId> sessions, Instant now);

    /** Forgets sessions that expired before a moment; tells how many. */
    int purge(Instant expiredBefore);
}

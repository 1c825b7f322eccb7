package io.messagecenter.domain.session;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps sessions, under the hash of their token. Every method is one atomic step; an outage throws
 * {@link io.messagecenter.domain.error.ChatException}. Thread-safe.
 */
public interface SessionStore {
    /**
     * Adds a session, unless its user may not have one by now; the one that it replaces ends at that moment, and where
     * there are too many all the same, those that have expired and then those that are unused the longest do. The user's
     * feed says so.
     *
     * @param proof the hash that a password has matched, and that must still be the user's; empty if they proved who
     *     they are otherwise
     * @param replaced the token of a session that its user has no use for any more; somebody else's is left alone
     * @param limits how many the user has at most, expired ones and this one included, and when they expire, as in
     *     {@link #find}
     * @return what has ended, in the order of the ids; empty, and nothing has changed, if the user is not there, is
     *     disabled, or has another password
     */
    Optional<List<SessionEnded>> create(
            Session session,
            TokenHash token,
            Optional<PasswordHash> proof,
            Optional<TokenHash> replaced,
            Sessions.Limits limits);

    /**
     * The session of that token, expired or not; empty once it was ended.
     *
     * @param limits it lasts no longer than it would if it had been begun and used under these
     */
    Optional<Session> find(TokenHash token, Sessions.Limits limits);

    /** A user's sessions that are not expired, latest first; under these limits as in {@link #find}. */
    List<Session> list(UserId user, Sessions.Limits limits, Instant now);

    /**
     * Ends one of the user's sessions, and says so in the user's feed.
     *
     * @return empty if the user has none of that id
     */
    Optional<SessionEnded> end(UserId user, SessionId session, Instant now);

    /**
     * Ends every session of the user, expired ones included, but for one; says so in the user's feed, in the order of
     * the ids.
     */
    List<SessionEnded> endAll(UserId user, Optional<SessionId> except, Instant now);

    /** Which sessions were ended at a moment or later; expiry is no end. It remembers for an hour at least. */
    Set<SessionId> endedSince(Instant moment);

    /**
     * That a session was in use.
     *
     * @param moment the last one
     * @param expires until when it lasts since
     */
    record Use(Instant moment, Instant expires) {}

    /** Keeps when sessions were used last, and lets them last; neither ever goes back. Ended ones are passed over. */
    void prolong(Map<SessionId, Use> uses);

    /**
     * Looks at some sessions, in the order of their ids, and lets none of them last longer than it would if it had been
     * begun and used under these limits. No limit makes one last longer.
     *
     * @param after only sessions of higher ids; empty for the first ones
     * @param limit so many at most, 1 or more
     * @return the last one that was looked at; empty if there was none
     */
    Optional<SessionId> shorten(Sessions.Limits limits, Optional<SessionId> after, int limit);

    /** Which of these sessions have neither been ended nor expired; under these limits as in {@link #find}. */
    Set<SessionId> live(Collection<SessionId> sessions, Sessions.Limits limits, Instant now);

    /** Forgets sessions that expired up to a moment, and those that were ended an hour before it; tells how many expired. */
    int purge(Instant now);
}

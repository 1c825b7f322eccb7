package io.messagecenter.domain.password;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Takes new passwords, and keeps the tokens by which one is chosen without the old one: under their hash, at most one for
 * each user. A new password and the end of the sessions that the old one began are one step: whoever changes theirs
 * because somebody else knew it is rid of them, whatever crashes. Every method is one atomic step; an outage throws
 * {@link io.messagecenter.domain.error.ChatException}. Thread-safe.
 *
 * <p>A token is void once its user's password or e-mail address changes; see also
 * {@link io.messagecenter.domain.user.UserStore}.
 */
public interface ResetStore {
    /**
     * Gives a user a token, in place of the one that they may have.
     *
     * @param address where it is about to go, as its owner wrote it
     * @return false, and nothing has changed, if that is not the user's address any more, or they are disabled or gone
     */
    boolean put(UserId user, EmailAddress address, TokenHash token, Instant expires);

    /** Whether the token would do at that moment. */
    boolean holds(TokenHash token, Instant now);

    /**
     * Spends a token: its user's password is this one from now on, the token is gone, and all of the user's sessions have
     * ended, as their feed says.
     *
     * @return empty, and nothing has changed, if there is no such token or it has expired
     */
    Optional<Redeemed> redeem(TokenHash token, PasswordHash password, Instant now);

    /**
     * Puts one password in the place of another, and ends every session of the user but one, as their feed says.
     *
     * @param expected what the user's hash must be, so that of two who change it at once one finds out
     * @param kept the session of whoever changes it, which must not have been ended
     * @return what has ended; empty, and nothing has changed, if the user's hash is another or that session has been ended,
     *     or the user is disabled or gone
     */
    Optional<List<SessionEnded>> change(
            UserId user, PasswordHash expected, PasswordHash password, SessionId kept, Instant now);

    /** Forgets tokens that expired before a moment; tells how many. */
    int purge(Instant expiredBefore);

    /** Whose password is another now, and their sessions, which have ended. */
    record Redeemed(Person person, List<SessionEnded> ended) {}
}

package io.messagecenter.domain.password;

import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps tokens for resets under their hash, at most one for each user. Every method is one atomic step; an outage throws
 * {@link io.messagecenter.domain.error.ChatException}. Thread-safe.
 *
 * <p>A token is void once its user's password or e-mail address changes; see
 * {@link io.messagecenter.domain.user.UserStore}.
 */
public interface ResetStore {
    /** Gives a user a token, in place of the one that they may have. */
    void put(UserId user, TokenHash token, Instant expires);

    /** Whether the token would do at that moment. */
    boolean holds(TokenHash token, Instant now);

    /**
     * Spends a token: its user's password is this one from now on, and the token is gone.
     *
     * @return whose password it is; empty, and nothing has changed, if there is no such token or it has expired
     */
    Optional<Person> redeem(TokenHash token, PasswordHash password, Instant now);

    /** Forgets tokens that expired before a moment; tells how many. */
    int purge(Instant expiredBefore);
}

package io.messagecenter.domain.account;

import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Bars accounts and erases them. Every method is one atomic step; an outage throws
 * {@link io.messagecenter.domain.error.ChatException}. Thread-safe.
 */
public interface AccountStore {
    /** Accounts by name, without those that are erased. */
    List<User> list(PeopleQuery query);

    /**
     * Disables an account, and ends all of its sessions, as the user's feed says; a link to reset its password is void.
     *
     * @return empty if there is no such account
     */
    Optional<Disabled> disable(UserId user, Instant now);

    /**
     * Lets an account sign in again.
     *
     * @return empty if there is no such account
     */
    Optional<User> enable(UserId user);

    /**
     * Erases an account. From then on nobody reads what it wrote, and nothing more comes to it: its sessions, its e-mail
     * address, its password and its feed are gone. Its name stays taken. What its messages leave in other people's feeds
     * is for {@link #sweep}.
     *
     * @return false, and nothing has changed, if there is no such account
     */
    boolean erase(UserId user, Instant now);

    /**
     * Erases an account as {@link #erase} does, if whoever asks for that is still who they were when they began to.
     *
     * @param proof the hash that their password has matched, and that must be the user's still
     * @param session the one that they are signed in by, which must not have been ended
     * @return false, and nothing has changed, if one of them is not so, or the user is disabled or gone
     */
    boolean eraseOwn(UserId user, PasswordHash proof, SessionId session, Instant now);

    /** Erased accounts that are not {@linkplain #settle settled} yet. */
    List<UserId> unsettled();

    /**
     * Goes on with the messages of an erased account where it stopped last: each is replaced by a tombstone for good, and
     * whoever received it hears of that in their feed.
     *
     * @param limit so many messages at most, 1 or more
     */
    Sweep sweep(UserId user, int limit, Instant now);

    /**
     * Is done with an erased account, unless there is something left for {@link #sweep}, or it was erased at a moment or
     * later: what other systems than the store know of it has to be forgotten for so long.
     */
    void settle(UserId user, Instant moment);

    /** Which accounts were disabled or erased at a moment or later, and are so still. */
    Set<UserId> barredSince(Instant moment);

    /** An account that is disabled now, and its sessions, which have ended. */
    record Disabled(User user, List<SessionEnded> ended) {}

    /** Word to somebody that a message of theirs is deleted. */
    record Deletion(UserId reader, MessageDeleted event) {}

    /**
     * What a sweep did.
     *
     * @param done whether there is nothing left to do
     */
    record Sweep(List<Deletion> deletions, boolean done) {}
}

package io.messagecenter.domain.block;

import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps who blocks whom. Every method is one atomic step; an outage throws
 * {@link io.messagecenter.domain.error.ChatException}. What is blocked when
 * {@link io.messagecenter.domain.message.MessageStore#write} numbers a message, is not appended. Thread-safe.
 */
public interface BlockStore {
    /**
     * Blocks, and says so in the blocker's feed.
     *
     * @return empty if they were blocked before
     * @throws io.messagecenter.domain.error.ChatException {@code NOT_FOUND} if the blocker is not there
     */
    Optional<UserBlocked> block(UserId blocker, Person blocked, Instant now);

    /**
     * Blocks no more, and says so in the blocker's feed.
     *
     * @return empty if they were not blocked
     */
    Optional<UserUnblocked> unblock(UserId blocker, Person blocked, Instant now);

    /** Whom somebody blocks, by name. */
    List<Person> blockedBy(UserId blocker);

    /** Whom each of these people blocks; those who block nobody are left out. One query, however many they are. */
    Map<UserId, Set<UserId>> blockedByEach(Set<UserId> blockers);

    /** Who of these people block somebody. */
    Set<UserId> blockersOf(UserId blocked, Set<UserId> among);
}

package io.messagecenter.domain.feed;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.util.Collection;
import java.util.Map;

/**
 * Reads feeds. What a reader has once seen at the end of a feed stays right for ever: nothing appears before it later.
 * Every method is one atomic step; an outage throws as in every store. Thread-safe.
 */
public interface FeedStore {
    /**
     * The events next after a cursor, in order, without a gap.
     *
     * @param limit at most so many, 1 or more
     * @throws ChatException {@code CURSOR_TOO_OLD} if some of them are no longer kept; {@code INVALID} if the cursor is
     *     past the end of the feed; {@code NOT_FOUND} if there is no such user
     */
    FeedPage read(UserId user, FeedSeq after, int limit);

    /** Where these users' feeds stand; users who are not there are left out. One query, however many they are. */
    Map<UserId, FeedSeq> heads(Collection<UserId> users);
}

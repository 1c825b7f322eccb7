package io.messagecenter.domain.retention;

import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Finds what has been kept long enough, and drops it. Feeds and conversations are gone through in an order of the store's
 * own, which stays the same. Every method is one atomic step that keeps no writer waiting for longer than a commit; an
 * outage throws as in every store. Thread-safe, and safe against other nodes that do the same.
 */
public interface RetentionStore {
    /**
     * Looks at the next feeds after one, whether their oldest entry is from before a moment.
     *
     * @param limit at how many feeds, 1 or more
     */
    Stretch<UserId> oldFeeds(Optional<UserId> after, Instant before, int limit);

    /**
     * Drops the oldest entries of a feed, as far as the first that is not from before a moment. Whoever reads the feed
     * finds either all that comes after a cursor, or that the cursor is too old.
     *
     * @param limit so many entries at most, 1 or more
     * @return how many were dropped; less than the limit if no more can be
     */
    int prune(UserId owner, Instant before, int limit);

    /**
     * Looks at the next conversations after one, whether the first message that they are not {@link #done} with is from
     * before a moment.
     *
     * @param limit at how many conversations, 1 or more
     */
    Stretch<ConversationKey> oldConversations(Optional<ConversationKey> after, Instant before, int limit);

    /**
     * The next messages of a conversation that it is not {@link #done} with, first message first, as far as the first that
     * is not from before a moment; the deleted, too.
     *
     * @param limit so many at most, 1 or more
     */
    List<Message> expired(ConversationKey conversation, Instant before, int limit);

    /** Nothing is left to be done with the messages of a conversation up to a place. Never goes back. */
    void done(ConversationKey conversation, MessageSeq upto);

    /**
     * What a look at some of many has found.
     *
     * @param due those that there is something to do with
     * @param last the last one that was looked at; empty if there were none left to look at
     */
    record Stretch<K>(List<K> due, Optional<K> last) {}
}

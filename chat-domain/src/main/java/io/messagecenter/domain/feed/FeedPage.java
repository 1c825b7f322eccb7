package io.messagecenter.domain.feed;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.seq.FeedSeq;
import java.util.List;

/**
 * A stretch of a feed, without a gap.
 *
 * @param last the cursor to go on from: the place of the last event here, or the one asked after if there is none
 * @param more whether there is more after it already
 */
public record FeedPage(List<Event> events, FeedSeq last, boolean more) {
    /** The page of these events, which come next after a cursor. */
    public static FeedPage of(List<Event> events, FeedSeq after, boolean more) {
        return new FeedPage(
                events, events.isEmpty() ? after : events.get(events.size() - 1).seq(), more);
    }

    /**
     * Checks that a cursor is one that the feed has given out.
     *
     * @throws ChatException {@code INVALID} if it is past the end
     */
    public static void requireWithin(FeedSeq after, FeedSeq head) {
        if (after.compareTo(head) > 0) {
            throw ChatException.invalid("after", "The feed has not come so far: it is at " + head + ".");
        }
    }
}

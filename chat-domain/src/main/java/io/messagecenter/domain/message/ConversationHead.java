package io.messagecenter.domain.message;

import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import java.time.Instant;

/**
 * Where a conversation stands.
 *
 * @param last its last place
 * @param lastSent when that was taken
 * @param low how it is for the user of the lower id
 * @param high how it is for the other one; in a conversation with oneself the same as {@code low}
 */
public record ConversationHead(MessageSeq last, Instant lastSent, Side low, Side high) {
    public static final ConversationHead EMPTY =
            new ConversationHead(MessageSeq.ZERO, Instant.EPOCH, Side.EMPTY, Side.EMPTY);

    /**
     * How a conversation is for one of the two.
     *
     * @param latest the place of its last message in their mailbox
     * @param read how far they have read
     * @param shownRead how far the other one knows that they have read, which is less after they were blocked
     * @param delivered how far the other one knows that it has been delivered to them
     * @param unread how many messages to them above {@code read} are not deleted
     */
    public record Side(MailboxSeq latest, MessageSeq read, MessageSeq shownRead, MessageSeq delivered, long unread) {
        public static final Side EMPTY =
                new Side(MailboxSeq.ZERO, MessageSeq.ZERO, MessageSeq.ZERO, MessageSeq.ZERO, 0);

        /** How far the other one knows that it has come, read or not. */
        public MessageSeq arrived() {
            return shownRead.compareTo(delivered) > 0 ? shownRead : delivered;
        }

        Side with(MailboxSeq place) {
            return new Side(place, read, shownRead, delivered, unread);
        }

        Side withUnread(long count) {
            return new Side(latest, read, shownRead, delivered, count);
        }

        Side readUpto(MessageSeq upto, MessageSeq shown) {
            return new Side(latest, upto, shown, delivered, unread);
        }

        Side deliveredUpto(MessageSeq upto) {
            return new Side(latest, read, shownRead, upto, unread);
        }
    }

    /** How it is for one of the two. */
    public Side of(boolean isLow) {
        return isLow ? low : high;
    }

    /** After so many of what was unread for one of the two have been read, or are deleted. */
    public ConversationHead lessUnread(boolean isLow, long count) {
        var side = of(isLow);
        return with(isLow, side.withUnread(side.unread() - count));
    }

    ConversationHead with(boolean isLow, Side side) {
        return isLow
                ? new ConversationHead(last, lastSent, side, high)
                : new ConversationHead(last, lastSent, low, side);
    }

    ConversationHead at(MessageSeq place, Instant sent) {
        return new ConversationHead(place, sent, low, high);
    }
}

package io.messagecenter.domain.message;

import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.Map;

/** What became of one write of a batch. */
public sealed interface WriteResult {
    /**
     * Stored now.
     *
     * @param senderFeed its place in the sender's feed
     * @param recipientFeed its place in the recipient's feed; the same place where the two are one person
     */
    record Appended(Message message, FeedSeq senderFeed, FeedSeq recipientFeed) implements WriteResult {}

    /** The sender used the key before, for the same recipient and body: here is the message that came of it, as it is now. */
    record Repeated(Message first) implements WriteResult {}

    /** The sender used the key before, for something else. */
    record KeyReused(ClientKey key) implements WriteResult {}

    /**
     * A message was changed, or deleted.
     *
     * @param message as it is now
     * @param at when, to the microsecond
     * @param places where the feeds of its sender and recipient say so; who is not there any more is left out
     */
    record Changed(Message message, Instant at, Map<UserId, FeedSeq> places) implements WriteResult {}

    /**
     * A mark has moved.
     *
     * @param mark with the place that it is at now
     * @param places where feeds say so: the reader's, and the peer's unless the reader blocks them
     */
    record Marked(Mark mark, Map<UserId, FeedSeq> places) implements WriteResult {}

    /** A message that should be changed said so already, or was deleted already: here it is, as it is now. */
    record Kept(Message message) implements WriteResult {}

    /** A mark is there already, or beyond. */
    record Unchanged() implements WriteResult {}

    /** Its recipient blocks its sender. */
    record Blocked() implements WriteResult {}

    /** Somebody whom it needs is no longer there, or the message that it is about. */
    record Nobody() implements WriteResult {}
}

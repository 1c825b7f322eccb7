package io.messagecenter.domain.message;

import io.messagecenter.domain.seq.FeedSeq;

/** What became of one message of a batch. */
public sealed interface AppendResult {
    /**
     * Stored now.
     *
     * @param senderFeed its place in the sender's feed
     * @param recipientFeed its place in the recipient's feed; the same place where the two are one person
     */
    record Appended(Message message, FeedSeq senderFeed, FeedSeq recipientFeed) implements AppendResult {}

    /** The sender used the key before, for the same recipient and body: here is the message that came of it. */
    record Repeated(Message first) implements AppendResult {}

    /** The sender used the key before, for something else. */
    record KeyReused(ClientKey key) implements AppendResult {}

    /** Its recipient blocks its sender. */
    record Blocked() implements AppendResult {}

    /** Its sender or its recipient is no longer there. */
    record Nobody() implements AppendResult {}
}

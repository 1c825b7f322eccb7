package io.messagecenter.domain.feed;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.FeedSeq;

/** Something that happened, at its place in one user's feed. */
public sealed interface Event {
    FeedSeq seq();

    /** The user has sent or received a message. */
    record MessageSent(FeedSeq seq, Message message) implements Event {}
}

package io.messagecenter.domain.feed;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;

/** Something that happened, at its place in one user's feed. */
public sealed interface Event {
    FeedSeq seq();

    /** The user has sent or received a message. */
    record MessageSent(FeedSeq seq, Message message) implements Event {}

    /** A message that the user has sent or received was deleted; its place is left. */
    record MessageDeleted(FeedSeq seq, Message message) implements Event {}

    /** The user has blocked somebody. */
    record UserBlocked(FeedSeq seq, Person user) implements Event {}

    /** The user no longer blocks somebody. */
    record UserUnblocked(FeedSeq seq, Person user) implements Event {}

    /** One of the user's sessions was ended. */
    record SessionEnded(FeedSeq seq, SessionId session) implements Event {}
}

package io.messagecenter.domain.feed;

import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;

/** Something that happened, at its place in one user's feed. */
public sealed interface Event {
    FeedSeq seq();

    /** What a feed says of a message that was changed or deleted. */
    static Event ofChange(FeedSeq seq, Message message) {
        return message.deleted() ? new MessageDeleted(seq, message) : new MessageEdited(seq, message);
    }

    /** What the feed of one of the two says of a mark. */
    static Event ofMark(FeedSeq seq, UserId owner, Mark mark) {
        var peer = mark.reader().id().equals(owner) ? mark.peer() : mark.reader();
        return mark.kind() == Mark.Kind.READ
                ? new ConversationRead(seq, peer, mark.reader(), mark.upto())
                : new ConversationDelivered(seq, peer, mark.reader(), mark.upto());
    }

    /** The user has sent or received a message. */
    record MessageSent(FeedSeq seq, Message message) implements Event {}

    /** A message that the user has sent or received says something else now. */
    record MessageEdited(FeedSeq seq, Message message) implements Event {}

    /** A message that the user has sent or received was deleted; its place is left. */
    record MessageDeleted(FeedSeq seq, Message message) implements Event {}

    /**
     * Somebody has read a conversation with the user, or the user has, as far as a place.
     *
     * @param peer whom the user talks to
     * @param by which of the two has read
     */
    record ConversationRead(FeedSeq seq, Person peer, Person by, MessageSeq upto) implements Event {}

    /** The same of what has been delivered to one of the two. */
    record ConversationDelivered(FeedSeq seq, Person peer, Person by, MessageSeq upto) implements Event {}

    /** The user has blocked somebody. */
    record UserBlocked(FeedSeq seq, Person user) implements Event {}

    /** The user no longer blocks somebody. */
    record UserUnblocked(FeedSeq seq, Person user) implements Event {}

    /** One of the user's sessions was ended. */
    record SessionEnded(FeedSeq seq, SessionId session) implements Event {}
}

package io.messagecenter.domain.message;

import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * A stored message.
 *
 * @param sent to the microsecond; within a conversation it grows with {@code seq}, but for messages that were imported
 * @param seq its place in the conversation
 * @param clientKey the key that its sender gave it, if any
 */
public record Message(
        MessageId id,
        Person sender,
        Person recipient,
        MessageBody body,
        Instant sent,
        MessageSeq seq,
        Optional<ClientKey> clientKey) {

    public ConversationKey conversation() {
        return ConversationKey.of(sender.id(), recipient.id());
    }

    /** Whether a user may read it: its sender and its recipient may. */
    public boolean concerns(UserId user) {
        return sender.id().equals(user) || recipient.id().equals(user);
    }
}

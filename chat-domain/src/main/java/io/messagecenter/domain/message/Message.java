package io.messagecenter.domain.message;

import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * A stored message.
 *
 * @param body what it says; empty once it was deleted, and only its place is left
 * @param sent to the microsecond; within a conversation it grows with {@code seq}, but for messages that were imported
 * @param seq its place in the conversation
 * @param clientKey the key that its sender gave it, if any
 * @param replyTo the message of the same conversation that it answers, if it does
 * @param edited when it was changed last, if it was
 */
public record Message(
        MessageId id,
        Person sender,
        Person recipient,
        Optional<MessageBody> body,
        Instant sent,
        MessageSeq seq,
        Optional<ClientKey> clientKey,
        Optional<MessageId> replyTo,
        Optional<Instant> edited) {

    /** A message as it was sent. */
    public Message(
            MessageId id,
            Person sender,
            Person recipient,
            MessageBody body,
            Instant sent,
            MessageSeq seq,
            Optional<ClientKey> clientKey) {
        this(id, sender, recipient, Optional.of(body), sent, seq, clientKey, Optional.empty(), Optional.empty());
    }

    /** What is left of it once it is deleted: who said something, to whom, and when. */
    public Message tombstone() {
        return new Message(
                id,
                sender,
                recipient,
                Optional.empty(),
                sent,
                seq,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same message with another text. */
    public Message edited(MessageBody text, Instant at) {
        return new Message(id, sender, recipient, Optional.of(text), sent, seq, clientKey, replyTo, Optional.of(at));
    }

    public boolean deleted() {
        return body.isEmpty();
    }

    /** What it says; nothing once it is deleted. */
    public String text() {
        return body.map(MessageBody::text).orElse("");
    }

    public ConversationKey conversation() {
        return ConversationKey.of(sender.id(), recipient.id());
    }

    /** Whether a user may read it: its sender and its recipient may. */
    public boolean concerns(UserId user) {
        return sender.id().equals(user) || recipient.id().equals(user);
    }
}

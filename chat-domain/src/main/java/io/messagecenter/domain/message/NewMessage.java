package io.messagecenter.domain.message;

import io.messagecenter.domain.user.Person;
import java.time.Instant;
import java.util.Optional;

/**
 * A message that is to be appended.
 *
 * @param id drawn beforehand; a message that turns out to be a repeat leaves it unused
 * @param replyTo a message of the same conversation that it answers
 * @param sent when it was accepted, to the microsecond; stored later if the conversation's clock is ahead of it
 */
public record NewMessage(
        MessageId id,
        Person sender,
        Person recipient,
        MessageBody body,
        Instant sent,
        Optional<ClientKey> clientKey,
        Optional<MessageId> replyTo)
        implements Write {

    /** A message that answers none. */
    public NewMessage(
            MessageId id,
            Person sender,
            Person recipient,
            MessageBody body,
            Instant sent,
            Optional<ClientKey> clientKey) {
        this(id, sender, recipient, body, sent, clientKey, Optional.empty());
    }

    public ConversationKey conversation() {
        return ConversationKey.of(sender.id(), recipient.id());
    }

    public Optional<SenderKey> senderKey() {
        return clientKey.map(key -> new SenderKey(sender.id(), key));
    }
}

package io.messagecenter.domain.send;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Blocked;
import io.messagecenter.domain.message.WriteResult.Changed;
import io.messagecenter.domain.message.WriteResult.Kept;
import io.messagecenter.domain.user.Person;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Lets senders edit and unsend their messages; both sides are told. No thread waits for the store. Thread-safe. */
public final class ChangeMessage {
    private final MessageStore messages;
    private final MessagePolicy policy;
    private final WriteQueue queue;

    public ChangeMessage(MessageStore messages, MessagePolicy policy, WriteQueue queue) {
        this.messages = messages;
        this.policy = policy;
        this.queue = queue;
    }

    /**
     * Puts another text in the place of a message's. What it said before is not kept.
     *
     * @return completes with the message as it is now, once that is stored durably; fails with a {@link ChatException}:
     *     {@code NOT_FOUND} if it is none of the sender's, or deleted, {@code FORBIDDEN} by the policy, which an edit
     *     would get around otherwise, or if its recipient blocks the sender, {@code OVERLOADED} or {@code UNAVAILABLE}
     */
    public CompletableFuture<Message> edit(Person sender, MessageId id, MessageBody body) {
        return change(sender, id, Optional.of(body), SendMessage.weight(body));
    }

    /**
     * Deletes a message: its place stays, and nothing else. One that is deleted already stays so.
     *
     * @return as {@link #edit}; neither a policy nor a recipient who blocks the sender keeps what was unsent
     */
    public CompletableFuture<Message> unsend(Person sender, MessageId id) {
        return change(sender, id, Optional.empty(), MarkConversation.WEIGHT);
    }

    private CompletableFuture<Message> change(Person sender, MessageId id, Optional<MessageBody> body, long weight) {
        try {
            var target = messages.find(sender.id(), id)
                    .filter(message -> message.sender().id().equals(sender.id()))
                    .orElseThrow(ChatException::notFound);
            if (body.isPresent() && !policy.allows(sender, target.recipient())) {
                throw SendMessage.forbidden();
            }
            return queue.submit(weight, now -> new MessageChange(target, body, now))
                    .thenApply(ChangeMessage::answer);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // also what a policy of somebody else's throws
        }
    }

    private static Message answer(WriteResult result) {
        if (result instanceof Changed changed) {
            return changed.message();
        } else if (result instanceof Kept kept) {
            return kept.message();
        } else if (result instanceof Blocked) {
            throw SendMessage.forbidden();
        }
        throw ChatException.notFound();
    }
}

package io.messagecenter.domain.send;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.IdAllocator;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.Blocked;
import io.messagecenter.domain.message.WriteResult.KeyReused;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.message.WriteResult.Repeated;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sends messages: exactly once where the sender gives a key, durably in any case, and both sides are told. No thread
 * waits for the store. Thread-safe.
 */
public final class SendMessage {
    private final UserStore users;
    private final MessageStore messages;
    private final IdAllocator ids;
    private final MessagePolicy policy;
    private final int maxBody;
    private final WriteQueue queue;

    /** @param maxBody how long a message may be, in code points */
    public SendMessage(
            UserStore users,
            MessageStore messages,
            IdAllocator ids,
            MessagePolicy policy,
            int maxBody,
            WriteQueue queue) {
        this.users = users;
        this.messages = messages;
        this.ids = ids;
        this.policy = policy;
        this.maxBody = maxBody;
        this.queue = queue;
    }

    /**
     * What to send.
     *
     * @param recipient a user name as it was typed; whoever has none of that name is not found
     * @param clientKey makes the send safe to repeat, for ever
     * @param replyTo a message of the same conversation that it answers
     */
    public record Command(
            Person sender,
            String recipient,
            MessageBody body,
            Optional<ClientKey> clientKey,
            Optional<MessageId> replyTo) {

        /** What answers no other message. */
        public Command(Person sender, String recipient, MessageBody body, Optional<ClientKey> clientKey) {
            this(sender, recipient, body, clientKey, Optional.empty());
        }
    }

    /**
     * A message that is stored.
     *
     * @param repeated whether it was stored before, by an earlier send with the same key
     */
    public record Sent(Message message, boolean repeated) {}

    /**
     * Sends a message.
     *
     * @return completes once the message is stored durably; fails with a {@link ChatException}: {@code NOT_FOUND} for an
     *     unknown recipient, {@code INVALID} if it is too long or answers no message of that conversation,
     *     {@code FORBIDDEN} by the policy or by a recipient who blocks the sender, {@code CLIENT_KEY_REUSED}, {@code OVERLOADED}, or
     *     {@code UNAVAILABLE}, after which only a repeat with the same key can tell whether it was stored. It completes on
     *     a thread that other messages need: do not wait there.
     */
    public CompletableFuture<Sent> send(Command command) {
        try {
            return submit(command).thenApply(SendMessage::answer);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // also what a policy of somebody else's throws
        }
    }

    private CompletableFuture<WriteResult> submit(Command command) {
        Person recipient;
        try {
            command.body().requireWithin(maxBody);
            recipient = recipient(command);
            command.replyTo().ifPresent(id -> requireIn(command.sender(), recipient, id));
        } catch (ChatException e) {
            if (e.code() == ErrorCode.UNAVAILABLE) {
                throw e; // who does not answer would be waited for once more
            }
            return CompletableFuture.completedFuture(before(command).orElseThrow(() -> e));
        }
        return queue.submit(
                weight(command.body()),
                now -> new NewMessage(
                        ids.next(),
                        command.sender(),
                        recipient,
                        command.body(),
                        now,
                        command.clientKey(),
                        command.replyTo()));
    }

    /** What was sent once stays so, whatever a policy or a limit says of it by now, or whatever a repeat has wrong. */
    private Optional<WriteResult> before(Command command) {
        return command.clientKey()
                .flatMap(key -> messages.first(new SenderKey(command.sender().id(), key)))
                .map(first -> {
                    var recipient = first.message().recipient();
                    boolean same = Username.typed(command.recipient()).equals(Optional.of(recipient.name()));
                    return same && first.isOf(recipient.id(), command.body())
                            ? new Repeated(first.message())
                            : new KeyReused(command.clientKey().get());
                });
    }

    /** The {@link ChatException} behind a failed send, wherever it was wrapped; anything else unchanged. */
    public static Throwable reason(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private Person recipient(Command command) {
        var recipient = Username.typed(command.recipient()).flatMap(users::find).orElseThrow(ChatException::notFound);
        if (!policy.allows(command.sender(), recipient)) {
            throw forbidden();
        }
        return recipient;
    }

    /** What conversation a message is of never changes, so this holds when it is stored. */
    private void requireIn(Person sender, Person recipient, MessageId id) {
        var conversation = ConversationKey.of(sender.id(), recipient.id());
        if (messages.find(sender.id(), id)
                .filter(message -> message.conversation().equals(conversation))
                .isEmpty()) {
            throw ChatException.invalid("reply_to", "There is no such message in this conversation.");
        }
    }

    static ChatException forbidden() {
        return ChatException.of(ErrorCode.FORBIDDEN, "You may not write to this user.");
    }

    /** In characters, with what there is besides the text. */
    static long weight(MessageBody body) {
        return 256L + body.text().length();
    }

    private static Sent answer(WriteResult result) {
        if (result instanceof Appended appended) {
            return new Sent(appended.message(), false);
        } else if (result instanceof Repeated repeated) {
            return new Sent(repeated.first(), true);
        } else if (result instanceof KeyReused reused) {
            throw ChatException.of(
                    ErrorCode.CLIENT_KEY_REUSED, "The key " + reused.key() + " was used for another message.");
        } else if (result instanceof Blocked) {
            throw forbidden();
        } else if (result instanceof Nobody) {
            throw ChatException.notFound();
        }
        throw new IllegalStateException("Unknown result " + result);
    }
}

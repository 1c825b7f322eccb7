package io.messagecenter.domain.send;

import io.messagecenter.domain.commit.GroupCommit;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.message.AppendResult;
import io.messagecenter.domain.message.AppendResult.Appended;
import io.messagecenter.domain.message.AppendResult.Blocked;
import io.messagecenter.domain.message.AppendResult.KeyReused;
import io.messagecenter.domain.message.AppendResult.Nobody;
import io.messagecenter.domain.message.AppendResult.Repeated;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.IdAllocator;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sends messages: exactly once where the sender gives a key, durably in any case, and both sides are told. No thread
 * waits for the store. Thread-safe.
 */
public final class SendMessage implements AutoCloseable {
    private final UserStore users;
    private final MessageStore messages;
    private final IdAllocator ids;
    private final Notifier notifier;
    private final MessagePolicy policy;
    private final Clock clock;
    private final Telemetry telemetry;
    private final GroupCommit<Draft, AppendResult> groupCommit;

    public SendMessage(
            UserStore users,
            MessageStore messages,
            IdAllocator ids,
            Notifier notifier,
            MessagePolicy policy,
            Clock clock,
            GroupCommit.Limits limits,
            Telemetry telemetry) {
        this.users = users;
        this.messages = messages;
        this.ids = ids;
        this.notifier = notifier;
        this.policy = policy;
        this.clock = clock;
        this.telemetry = telemetry;
        this.groupCommit =
                new GroupCommit<>("send", limits, SendMessage::weight, this::append, this::publish, telemetry);
    }

    /**
     * What to send.
     *
     * @param recipient a user name as it was typed; whoever has none of that name is not found
     * @param clientKey makes the send safe to repeat, for ever
     */
    public record Command(Person sender, String recipient, MessageBody body, Optional<ClientKey> clientKey) {}

    /**
     * A message that is stored.
     *
     * @param repeated whether it was stored before, by an earlier send with the same key
     */
    public record Sent(Message message, boolean repeated) {}

    private record Draft(Person sender, Person recipient, MessageBody body, Optional<ClientKey> clientKey) {}

    /**
     * Sends a message.
     *
     * @return completes once the message is stored durably; fails with a {@link ChatException}: {@code NOT_FOUND} for an
     *     unknown recipient, {@code FORBIDDEN} by the policy or by a
     *     recipient who blocks the sender, {@code CLIENT_KEY_REUSED}, {@code OVERLOADED}, or
     *     {@code UNAVAILABLE}, after which only a repeat with the same key can tell whether it was stored. It completes on
     *     a thread that other messages need: do not wait there.
     */
    public CompletableFuture<Sent> send(Command command) {
        try {
            var recipient = recipient(command);
            var draft = new Draft(command.sender(), recipient, command.body(), command.clientKey());
            return groupCommit.submit(draft).thenApply(SendMessage::answer);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // also what a policy of somebody else's throws
        }
    }

    /** How many messages wait to be stored. */
    public int queued() {
        return groupCommit.queued();
    }

    /** How many may wait. */
    public int capacity() {
        return groupCommit.capacity();
    }

    /** Takes no more, and returns once all that was taken is stored and told. */
    @Override
    public void close() {
        groupCommit.close();
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

    private static ChatException forbidden() {
        return ChatException.of(ErrorCode.FORBIDDEN, "You may not write to this user.");
    }

    /** In characters, with what there is besides the text. */
    private static long weight(Draft draft) {
        return 256L + draft.body().text().length();
    }

    private List<AppendResult> append(List<Draft> drafts) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var batch = new ArrayList<NewMessage>(drafts.size());
        for (var draft : drafts) {
            batch.add(new NewMessage(
                    ids.next(), draft.sender(), draft.recipient(), draft.body(), now, draft.clientKey()));
        }
        return messages.append(batch);
    }

    private void publish(List<AppendResult> results) {
        var hints = new ArrayList<Hint>(2 * results.size());
        int sent = 0;
        for (var result : results) {
            if (result instanceof Appended appended) {
                sent++;
                var message = appended.message();
                hints.add(Hint.of(message.sender().id(), new MessageSent(appended.senderFeed(), message)));
                if (!message.sender().id().equals(message.recipient().id())) {
                    hints.add(Hint.of(message.recipient().id(), new MessageSent(appended.recipientFeed(), message)));
                }
            }
        }
        telemetry.messagesSent(sent);
        if (!hints.isEmpty()) {
            notifier.publish(hints);
        }
    }

    private static Sent answer(AppendResult result) {
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

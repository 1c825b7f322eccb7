package io.messagecenter.app.api;

import io.messagecenter.app.json.Fields;
import io.messagecenter.app.json.SendFields;
import io.messagecenter.app.limit.Allowance;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.user.Person;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What {@code POST /message/} means, whichever way the request came in. */
final class Sending {
    static final String KEY_HEADER = "Idempotency-Key";

    private final MessageCenter center;
    private final Allowance allowance;

    /** @param allowance of messages, by user id */
    Sending(MessageCenter center, Allowance allowance) {
        this.center = center;
        this.allowance = allowance;
    }

    /**
     * Sends what the fields say.
     *
     * @param header the key, if it came as a header
     * @throws ChatException {@code INVALID} with every field at fault, or {@code TOO_MANY_REQUESTS}; all else fails the
     *     future
     */
    CompletableFuture<SendMessage.Sent> send(Person sender, @Nullable String header, Fields fields) {
        allowance.use(sender.id().toString());
        var faults = new ChatException.Faults();
        var recipient = faults.check(() -> fields.filledText("recipient"));
        var body = faults.check(() -> new MessageBody(fields.text("body")));
        var key = faults.check(() -> clientKey(header, fields.optionalText("client_id")));
        var replyTo = faults.check(() -> SendFields.replyTo(fields));
        faults.throwIfAny();
        if (recipient == null || body == null || key == null || replyTo == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        return center.sendMessage().send(new SendMessage.Command(sender, recipient, body, key, replyTo));
    }

    /**
     * Counts what is unsent as what is sent is.
     *
     * @throws ChatException {@code TOO_MANY_REQUESTS}
     */
    void unsend(Person sender) {
        allowance.use(sender.id().toString());
    }

    /**
     * What an edit says.
     *
     * @throws ChatException {@code INVALID} or {@code TOO_MANY_REQUESTS}
     */
    MessageBody edit(Person sender, Fields fields) {
        allowance.use(sender.id().toString());
        return center.body(fields.text("body"));
    }

    /** The key may come as a header or as a field; where it comes as both, they must agree. */
    private static Optional<ClientKey> clientKey(@Nullable String header, Optional<String> field) {
        if (header != null && field.isPresent() && !header.equals(field.get())) {
            throw ChatException.invalid("client_id", "The header " + KEY_HEADER + " says something else.");
        }
        return field.or(() -> Optional.ofNullable(header)).map(ClientKey::new);
    }
}

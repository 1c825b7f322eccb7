package io.messagecenter.domain.message;

import io.messagecenter.domain.user.UserId;
import java.util.Optional;

/**
 * The message that came of a {@link SenderKey}, as it is now.
 *
 * @param original what it said when it was sent, if that has changed
 */
public record First(Message message, Optional<BodyDigest> original) {
    /** Whether a send with the same key is the same send once more, rather than another one. */
    public boolean isOf(UserId recipient, MessageBody body) {
        return recipient.equals(message.recipient().id())
                && original.map(BodyDigest.of(body)::equals)
                        .orElseGet(() -> message.body().equals(Optional.of(body)));
    }
}

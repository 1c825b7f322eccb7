package io.messagecenter.app.json;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.MessageId;
import java.util.Optional;

/** What a send says, however it came in. */
public final class SendFields {
    private SendFields() {}

    /** Which message a send answers, if any; an id that cannot be one is none of the conversation. */
    public static Optional<MessageId> replyTo(Fields fields) {
        return fields.optionalNumber("reply_to").map(id -> {
            if (id == 0) {
                throw ChatException.invalid("reply_to", "There is no such message in this conversation.");
            }
            return new MessageId(id);
        });
    }
}

package io.messagecenter.domain.message;

import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import java.time.Instant;

/**
 * Word of how far somebody has come in a conversation. Marks only move forward.
 *
 * @param reader whose mark it is
 * @param peer whom they talk to
 * @param upto the place of the last message that was read, or delivered; past the end it means the end
 * @param at when, to the microsecond
 */
public record Mark(Kind kind, Person reader, Person peer, MessageSeq upto, Instant at) implements Write {
    /** What a mark says. Whatever is read is delivered, too. */
    public enum Kind {
        DELIVERED,
        READ
    }

    public ConversationKey conversation() {
        return ConversationKey.of(reader.id(), peer.id());
    }
}

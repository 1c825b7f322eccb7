package io.messagecenter.domain.conversation;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import java.util.List;
import java.util.Optional;

/**
 * Reads messages, and none that are not the reader's. Pages are ranges of sequence numbers: the last page costs what
 * the first does. Thread-safe.
 */
public final class ReadMessages {
    private final MessageStore messages;
    private final ConversationStore conversations;

    public ReadMessages(MessageStore messages, ConversationStore conversations) {
        this.messages = messages;
        this.conversations = conversations;
    }

    /**
     * One page, latest message first.
     *
     * @param count how many messages there are in all
     * @param number from 1, the latest messages
     * @param last the number of the last page; 1 where there are no messages
     */
    public record Page(long count, long number, long last, List<Message> messages) {}

    /**
     * One message.
     *
     * @throws ChatException {@code NOT_FOUND} also if the message is somebody else's
     */
    public Message find(Person reader, MessageId id) {
        return messages.find(reader.id(), id).orElseThrow(ChatException::notFound);
    }

    /**
     * A numbered page of a conversation. Page numbers drift while messages arrive; sequence numbers do not, see
     * {@link #before} and {@link #after}.
     *
     * @param number the page from 1; empty for the last one
     * @throws ChatException {@code INVALID_PAGE} past the last page
     */
    public Page page(Person reader, Person peer, Optional<Long> number, int size) {
        var key = ConversationKey.of(reader.id(), peer.id());
        return page(
                conversations.last(key).value(),
                number,
                size,
                (from, to) -> conversations.messages(key, new MessageSeq(from), new MessageSeq(to)));
    }

    /** A numbered page of everything that the reader has sent and received; otherwise as {@link #page}. */
    public Page mailboxPage(Person reader, Optional<Long> number, int size) {
        return page(
                messages.lastInMailbox(reader.id()).value(),
                number,
                size,
                (from, to) -> messages.mailbox(reader.id(), new MailboxSeq(from), new MailboxSeq(to)));
    }

    /** The {@code limit} messages next before a place, latest first; before one past the end they are the latest. */
    public List<Message> before(Person reader, Person peer, MessageSeq before, int limit) {
        var to = Math.min(before.value() - 1, count(reader, peer));
        if (to < 1) {
            return List.of();
        }
        return conversations.messages(
                ConversationKey.of(reader.id(), peer.id()),
                new MessageSeq(Math.max(1, to - limit + 1)),
                new MessageSeq(to));
    }

    /** The {@code limit} messages next after a place, latest first. */
    public List<Message> after(Person reader, Person peer, MessageSeq after, int limit) {
        if (after.value() == JsonNumber.MAX) {
            return List.of();
        }
        return conversations.messages(
                ConversationKey.of(reader.id(), peer.id()),
                after.next(),
                new MessageSeq(Math.min(JsonNumber.MAX, after.value() + limit)));
    }

    /**
     * A reader's conversations, latest first.
     *
     * @param before the place of the last one of the page before, see {@link Conversation#latest}
     * @param limit 1 or more
     */
    public List<Conversation> conversations(Person reader, Optional<MailboxSeq> before, int limit) {
        return conversations.list(reader.id(), before.orElse(new MailboxSeq(JsonNumber.MAX)), limit);
    }

    /**
     * A reader's conversation with somebody, as {@link #conversations} has it.
     *
     * @throws ChatException {@code NOT_FOUND} if nothing was said yet
     */
    public Conversation conversation(Person reader, Person peer) {
        return conversations.find(reader.id(), peer.id()).orElseThrow(ChatException::notFound);
    }

    /** How many messages a conversation has. */
    public long count(Person reader, Person peer) {
        return conversations.last(ConversationKey.of(reader.id(), peer.id())).value();
    }

    private static Page page(long count, Optional<Long> requested, int size, Range range) {
        var last = Math.max(1, (count + size - 1) / size);
        long number = requested.orElse(last);
        if (number < 1 || number > last) {
            throw ChatException.of(ErrorCode.INVALID_PAGE, "Invalid page.");
        }
        var to = count - (number - 1) * size;
        return new Page(count, number, last, to < 1 ? List.of() : range.read(Math.max(1, to - size + 1), to));
    }

    @FunctionalInterface
    private interface Range {
        List<Message> read(long from, long to);
    }
}

package io.messagecenter.domain.conversation;

import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.util.List;
import java.util.Optional;

/** Reads conversations. Every method is one atomic step; an outage throws as in every store. Thread-safe. */
public interface ConversationStore {
    /**
     * A user's conversations, latest first.
     *
     * @param before only those whose last message has a place before this one in the user's mailbox
     * @param limit at most so many, 1 or more
     */
    List<Conversation> list(UserId user, MailboxSeq before, int limit);

    /**
     * A user's conversation with somebody, be it themselves or somebody who is erased, as {@link #list} has it. It takes
     * as long however many there are.
     */
    Optional<Conversation> find(UserId user, UserId peer);

    /**
     * With whom a user has conversations, in the order of {@link #list}: the erased keep their place, and only the user
     * themselves are left out.
     *
     * @param limit at most so many, 1 or more
     */
    List<Person> peers(UserId user, int limit);

    /** The place of the last message; zero where nothing was said yet. */
    MessageSeq last(ConversationKey conversation);

    /** The messages at places {@code from} to {@code to}, both included, latest first. */
    List<Message> messages(ConversationKey conversation, MessageSeq from, MessageSeq to);
}

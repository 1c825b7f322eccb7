package io.messagecenter.domain.account;

import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;

/** Lets people take along all that is theirs. Thread-safe. */
public final class ExportAccount {
    /** How many messages are in memory at a time. */
    static final int PAGE = 500;

    private final UserStore users;
    private final Sessions sessions;
    private final BlockStore blocks;
    private final MessageStore messages;

    public ExportAccount(UserStore users, Sessions sessions, BlockStore blocks, MessageStore messages) {
        this.users = users;
        this.sessions = sessions;
        this.blocks = blocks;
        this.messages = messages;
    }

    /**
     * All that is somebody's.
     *
     * @param messages what they sent and received, oldest first, up to the moment of the export; read from the store while
     *     it is iterated, which throws if the store is away. Once, by one thread.
     */
    public record Export(User user, List<Session> sessions, List<Person> blocked, Iterator<Message> messages) {}

    /**
     * Begins an export.
     *
     * @throws ChatException {@code NOT_FOUND} if there is no such account
     */
    public Export export(Person person) {
        return new Export(
                users.find(person.id()).orElseThrow(ChatException::notFound),
                sessions.list(person),
                blocks.blockedBy(person.id()),
                new Pages(messages, person.id(), messages.lastInMailbox(person.id())));
    }

    private static final class Pages implements Iterator<Message> {
        private final MessageStore messages;
        private final UserId user;
        private final long last;
        private final Queue<Message> page = new ArrayDeque<>();
        private long read;

        Pages(MessageStore messages, UserId user, MailboxSeq last) {
            this.messages = messages;
            this.user = user;
            this.last = last.value();
        }

        @Override
        public boolean hasNext() {
            while (page.isEmpty() && read < last) {
                long to = Math.min(last, read + PAGE);
                var latestFirst = messages.mailbox(user, new MailboxSeq(read + 1), new MailboxSeq(to));
                for (int i = latestFirst.size() - 1; i >= 0; i--) {
                    page.add(latestFirst.get(i));
                }
                read = to;
            }
            return !page.isEmpty();
        }

        @Override
        public Message next() {
            if (!hasNext()) {
                throw new NoSuchElementException("The export is at its end");
            }
            return page.remove();
        }
    }
}

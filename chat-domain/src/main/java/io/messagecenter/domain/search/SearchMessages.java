package io.messagecenter.domain.search;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.search.SearchIndex.Reach;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Searches what somebody has sent and received. What the index does not know yet is read itself, so that a search is
 * never late: it finds what is there at that moment, and nothing that was edited away, deleted or erased. Thread-safe.
 */
public final class SearchMessages {
    /** So many messages that are not indexed yet a search reads itself; of more it indexes some first. */
    static final int MOST_UNINDEXED = 8_192;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int FIRST_READ = 64;
    private static final int MOST_READ = 512;

    private final MessageStore messages;
    private final SearchIndex index;

    public SearchMessages(MessageStore messages, SearchIndex index) {
        this.messages = messages;
        this.index = index;
    }

    /**
     * What to look for.
     *
     * @param peer only what was said between the reader and them
     * @param before only what is older in the reader's mailbox than this message of theirs
     * @param limit 1 or more
     */
    public record Command(
            Person reader, SearchQuery query, Optional<Person> peer, Optional<MessageId> before, int limit) {
        private Optional<UserId> peerId() {
            return peer.map(Person::id);
        }

        private boolean fits(Message message) {
            return peer.map(one -> ConversationKey.of(reader.id(), one.id()))
                            .map(message.conversation()::equals)
                            .orElse(true)
                    && !message.deleted()
                    && query.matches(message.text());
        }
    }

    /**
     * The messages that match, latest first.
     *
     * @throws ChatException {@code INVALID}, naming {@code before}, if the reader has no such message; {@code OVERLOADED}
     *     if so much of the mailbox is not indexed yet that it has to be asked again later
     */
    public List<Message> search(Command command) {
        var reader = command.reader().id();
        long before = command.before()
                .map(id -> index.place(reader, id)
                        .orElseThrow(() -> ChatException.invalid("before", "There is no such message."))
                        .value())
                .orElse(JsonNumber.MAX);
        return new Search(command, reach(reader), before).run();
    }

    private Reach reach(UserId reader) {
        long start = System.nanoTime();
        var reach = index.reach(reader);
        while (isFarBehind(reach) && System.nanoTime() - start < PATIENCE.toNanos() && index.advance(reader)) {
            reach = index.reach(reader);
        }
        if (isFarBehind(reach)) {
            throw ChatException.of(ErrorCode.OVERLOADED, "Your messages are being indexed. Try again in a moment.");
        }
        return reach;
    }

    private static boolean isFarBehind(Reach reach) {
        return reach.last().value() - reach.indexed().value() > MOST_UNINDEXED
                || reach.edited().size() >= SearchIndex.MOST_EDITED;
    }

    /** One search, from the latest message to the oldest. */
    private final class Search {
        private final Command command;
        private final UserId reader;
        private final Reach reach;
        private final List<Message> found = new ArrayList<>();

        /** All from here on is searched. */
        private long below;

        Search(Command command, Reach reach, long before) {
            this.command = command;
            this.reader = command.reader().id();
            this.reach = reach;
            this.below = Math.min(before, reach.last().value() + 1);
        }

        List<Message> run() {
            searchUnindexed();
            searchIndexed();
            return List.copyOf(found);
        }

        private void searchUnindexed() {
            long indexed = reach.indexed().value();
            for (int read = FIRST_READ; below > indexed + 1 && !done(); read = Math.min(MOST_READ, 4 * read)) {
                long from = Math.max(indexed + 1, below - read);
                messages.mailbox(reader, new MailboxSeq(from), new MailboxSeq(below - 1))
                        .forEach(this::take);
                below = from;
            }
        }

        private void searchIndexed() {
            for (int read = command.limit(); below > 1 && !done(); read = Math.min(MOST_READ, 4 * read)) {
                var places = new TreeSet<>(
                        index.find(reader, command.query(), command.peerId(), new MailboxSeq(below), read));
                long from = places.size() < read ? 1 : places.first().value();
                for (var edited : reach.edited()) {
                    if (edited.value() >= from && edited.value() < below) {
                        places.add(edited);
                    }
                }
                var latestFirst = new ArrayList<>(index.read(reader, places).values());
                for (int i = latestFirst.size() - 1; i >= 0; i--) {
                    take(latestFirst.get(i));
                }
                below = from;
            }
        }

        private boolean done() {
            return found.size() == command.limit();
        }

        private void take(Message message) {
            if (!done() && command.fits(message)) {
                found.add(message);
            }
        }
    }
}

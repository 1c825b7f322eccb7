package io.messagecenter.domain.search;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.search.SearchIndex.Reach;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Searches what somebody has sent and received. What the index does not know yet is read itself, so that a search is
 * never late: it finds what is there at that moment, and nothing that was edited away, deleted or erased. Whatever people
 * write, it reads so much at most, and says where to go on. Thread-safe.
 */
public final class SearchMessages {
    /** So many characters one search reads, and the rest of one message. */
    static final int MOST_CHARACTERS = 2 * SearchIndex.FULL;

    /** What it takes to look at a place, in characters; the text of a message that is there comes on top. */
    static final int PLACE = 64;

    /** At so many entries of the index one search looks, and at the rest of one stretch. */
    static final int MOST_ENTRIES = 24 * 1_024;

    private static final int MOST_AT_ONCE = 128;

    private final SearchIndex index;
    private final Consumer<UserId> behind;

    /** @param behind told whose index a search would have gone better with, if it were up to date */
    public SearchMessages(SearchIndex index, Consumer<UserId> behind) {
        this.index = index;
        this.behind = behind;
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
     * What was found.
     *
     * @param messages the latest first; fewer than asked for, or none, do not mean that there are no more
     * @param next before which message to go on; empty once all is searched
     */
    public record Found(List<Message> messages, Optional<MessageId> next) {}

    /**
     * Searches from the latest message on, or from where another search ended.
     *
     * @throws ChatException {@code INVALID}, naming {@code before}, if the reader has no such message
     */
    public Found search(Command command) {
        var reader = command.reader().id();
        long before = command.before()
                .map(id -> index.place(reader, id)
                        .orElseThrow(() -> ChatException.invalid("before", "There is no such message."))
                        .value())
                .orElse(JsonNumber.MAX);
        return new Search(command, index.reach(reader), before).run();
    }

    /** One search, from the latest message to the oldest. */
    private final class Search {
        private final Command command;
        private final UserId reader;
        private final Reach reach;
        private final List<Message> found = new ArrayList<>();

        /** Below this place there may be edits that the reach does not name. */
        private final long known;

        /** All from here on is searched. */
        private long below;

        /** How many places are looked at next: as many as the page may need, then more. */
        private int atOnce;

        private int looks;
        private int characters;
        private int entries;
        private int unindexed;
        private Optional<MessageId> last = Optional.empty();

        Search(Command command, Reach reach, long before) {
            this.command = command;
            this.reader = command.reader().id();
            this.reach = reach;
            this.known = reach.edited().size() < SearchIndex.MOST_EDITED
                    ? 1
                    : reach.edited().get(SearchIndex.MOST_EDITED - 1).value();
            this.below = Math.min(before, reach.last().value() + 1);
            this.atOnce = Math.min(MOST_AT_ONCE, command.limit() + 1);
        }

        Found run() {
            while (below > 1 && !isFull() && !isSpent()) {
                if (below > reach.indexed().value() + 1) {
                    readFrom(reach.indexed().value() + 1);
                } else if (below > known) {
                    searchIndexed();
                } else {
                    readFrom(1);
                }
                atOnce = Math.min(MOST_AT_ONCE, 4 * atOnce);
            }
            if (unindexed >= SearchIndex.FULL) {
                behind.accept(reader);
            }
            if (isFull()) {
                var page = List.copyOf(found.subList(0, command.limit()));
                return new Found(page, Optional.of(page.get(page.size() - 1).id()));
            }
            return new Found(List.copyOf(found), below > 1 ? last : Optional.empty());
        }

        /** One more than the page has, which tells whether there is another page. */
        private boolean isFull() {
            return found.size() > command.limit();
        }

        /** Not before there is a message to go on from. */
        private boolean isSpent() {
            return (charactersLeft() <= 0 || entries >= MOST_ENTRIES) && last.isPresent();
        }

        private int charactersLeft() {
            return MOST_CHARACTERS - characters - PLACE * looks;
        }

        private void readFrom(long lowest) {
            int before = characters;
            long from = Math.max(lowest, below - atOnce);
            var places = new TreeSet<MailboxSeq>();
            for (long place = from; place < below; place++) {
                places.add(new MailboxSeq(place));
            }
            take(places, from);
            unindexed += characters - before;
        }

        private void searchIndexed() {
            var hits = index.find(
                    reader,
                    command.query(),
                    command.peerId(),
                    new MailboxSeq(below),
                    atOnce,
                    Math.max(1, MOST_ENTRIES - entries));
            entries += hits.entries();
            var places = new TreeSet<>(hits.places());
            long from = Math.max(known, hits.from().value());
            for (var edited : reach.edited()) {
                if (edited.value() < below) {
                    places.add(edited);
                }
            }
            take(new TreeSet<>(places.tailSet(new MailboxSeq(from))), from);
        }

        /** Looks at what is at these places, for as long as this search may; all that matters from a place on is among them. */
        private void take(NavigableSet<MailboxSeq> places, long from) {
            if (!places.isEmpty()) {
                var some = index.latest(reader, places, Math.max(1, charactersLeft()));
                looks += some.size();
                if (some.size() < places.size()) {
                    from = some.first().value();
                }
                var latestFirst = new ArrayList<>(index.read(reader, some).values());
                for (int i = latestFirst.size() - 1; i >= 0 && !isFull(); i--) {
                    take(latestFirst.get(i));
                }
            }
            below = from;
        }

        private void take(Message message) {
            characters += message.text().length();
            last = Optional.of(message.id());
            if (command.fits(message)) {
                found.add(message);
            }
        }
    }
}

package io.messagecenter.domain.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.contract.ForwardingSearchIndex;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.search.SearchMessages.Found;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a search does while much is not indexed; all else is in the contract. */
@Timeout(60)
class SearchMessagesTest {
    private static final Instant SENT = Instant.parse("2026-11-22T07:45:26.450886Z");
    private static final int BLOCK = 1_024;

    private final InMemoryStorage storage = new InMemoryStorage();
    private final List<UserId> behind = new ArrayList<>();
    private int pages;
    private Person alice;

    @BeforeEach
    void meet() {
        alice = storage.users()
                .create(new NewUser(new Username("alice"), Optional.empty(), PasswordHash.UNUSABLE, SENT, false))
                .person();
    }

    private void note(int count) {
        say(IntStream.rangeClosed(1, count).mapToObj(i -> "note " + i).toList());
    }

    private void say(List<String> texts) {
        storage.messages()
                .write(texts.stream()
                        .map(text -> new NewMessage(
                                storage.ids().next(), alice, alice, new MessageBody(text), SENT, Optional.empty()))
                        .toList());
    }

    private Found page(SearchIndex index, String query, Optional<MessageId> before) {
        return new SearchMessages(index, behind::add)
                .search(new SearchMessages.Command(alice, SearchQuery.of(query), Optional.empty(), before, 3));
    }

    private List<String> search(SearchIndex index, String query) {
        var all = new ArrayList<String>();
        var before = Optional.<MessageId>empty();
        do {
            var page = page(index, query, before);
            page.messages().forEach(message -> all.add(message.text()));
            before = page.next();
            pages++;
        } while (before.isPresent());
        return all;
    }

    /** An index that counts what is read in a search. */
    private class Counting extends ForwardingSearchIndex {
        private long characters;
        private long entries;
        private long longest = 1_000;

        Counting() {
            super(storage.search());
        }

        @Override
        public Reach reach(UserId user) {
            characters = 0;
            entries = 0;
            return super.reach(user);
        }

        @Override
        public Hits find(
                UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int most) {
            var hits = super.find(user, query, peer, before, limit, most);
            entries += hits.entries();
            assertThat(entries).isLessThan(SearchMessages.MOST_ENTRIES + longest);
            return hits;
        }

        @Override
        public SortedMap<MailboxSeq, Message> read(UserId user, SortedSet<MailboxSeq> places) {
            var read = super.read(user, places);
            read.values().forEach(message -> {
                characters += message.text().length();
                longest = Math.max(longest, message.text().length());
            });
            assertThat(characters).isLessThan(SearchMessages.MOST_CHARACTERS + longest);
            return read;
        }
    }

    /** Looks for something else than what it is asked for. */
    private final class Mistaken extends Counting {
        private final SearchQuery other;

        Mistaken(String other) {
            this.other = SearchQuery.of(other);
        }

        @Override
        public Hits find(
                UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int entries) {
            return super.find(user, other, peer, before, limit, entries);
        }
    }

    @Test
    void whateverIsWrittenASearchReadsNoMoreThanItMay() {
        say(List.of("the needle"));
        note(300);
        say(Collections.nCopies(60, "漢".repeat(20_000)));
        say(List.of("漢".repeat(MessageBody.MAX_CODE_POINTS)));
        note(200);

        for (int i = 0; i < 2; i++) {
            pages = 0;
            assertThat(search(new Counting(), "needle")).containsExactly("the needle");
            assertThat(pages).isBetween(i == 0 ? 9 : 1, i == 0 ? 11 : 2);
            while (storage.search().advance(alice.id())) {
                assertThat(search(new Counting(), "note 7")).hasSize(22);
            }
        }
        assertThat(search(new Counting(), "漢漢漢")).hasSize(61);
    }

    @Test
    void nothingElseIsReadWhateverAnIndexTakesForHits() {
        say(List.of("the needle"));
        say(Collections.nCopies(60, "漢".repeat(20_000)));
        while (storage.search().advance(alice.id())) {
            assertThat(behind).isEmpty();
        }
        var wrong = new Mistaken("漢");

        assertThat(search(wrong, "漢字")).isEmpty();
        assertThat(pages).isBetween(8, 10);
        assertThat(behind).isEmpty();
    }

    @Test
    void howeverOftenItAsksTheIndexASearchLooksAtSoMuchOfIt() {
        say(List.of("the needle"));
        say(IntStream.range(0, 40 * BLOCK)
                .mapToObj(i -> i % 100 == 0 ? "thorn" : "note")
                .toList());
        while (storage.search().advance(alice.id())) {
            assertThat(behind).isEmpty();
        }
        var wrong = new Mistaken("th");

        assertThat(search(wrong, "needle")).containsExactly("the needle");
        assertThat(pages).isEqualTo(2);
    }

    @Test
    void itIsToldWhoseIndexIsBehindSoThatSearchesWork() {
        note(BLOCK);
        search(storage.search(), "note 7");
        assertThat(behind).isEmpty();
        say(Collections.nCopies(3, "漢".repeat(20_000)));
        search(storage.search(), "needle");
        assertThat(behind).containsOnly(alice.id());
        behind.clear();
        while (storage.search().advance(alice.id())) {
            search(storage.search(), "note 1");
        }
        behind.clear();
        search(storage.search(), "needle");

        assertThat(behind).isEmpty();
    }

    @Test
    void manyMessagesThatAreNotIndexedAreReadPageByPage() {
        note(20 * BLOCK);

        assertThat(search(storage.search(), "note 4096")).containsExactly("note 4096");
        assertThat(pages).isBetween(10, 13);
        assertThat(search(storage.search(), "note 17")).hasSize(1_111);
    }

    @Test
    void withMoreEditsThanTheIndexCanNameItReadsWhatMayBeEdited() {
        note(3 * BLOCK);
        while (storage.search().advance(alice.id())) {
            assertThat(storage.search().reach(alice.id()).edited()).isEmpty();
        }
        var edited = new ArrayList<MailboxSeq>();
        for (int i = 0; i < SearchIndex.MOST_EDITED; i++) {
            edited.add(new MailboxSeq(3 * BLOCK - i));
        }
        var forgetful = new ForwardingSearchIndex(storage.search()) {
            @Override
            public Reach reach(UserId user) {
                return new Reach(super.reach(user).last(), super.reach(user).indexed(), edited);
            }

            @Override
            public Hits find(
                    UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int entries) {
                return new Hits(List.of(), new MailboxSeq(1), 1);
            }
        };

        assertThat(search(forgetful, "note 3000")).containsExactly("note 3000");
        assertThat(search(forgetful, "note 17")).hasSize(111);
    }
}

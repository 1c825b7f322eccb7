package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.search.SearchIndex.Reach;
import io.messagecenter.domain.search.SearchMessages;
import io.messagecenter.domain.search.SearchMessages.Found;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a {@link io.messagecenter.domain.search.SearchIndex} promises, by itself and to {@link SearchMessages}. Open it so
 * that it indexes 16 messages at a time, and these tests are quick.
 */
public abstract class SearchContract extends StorageContractBase {
    private static final int BLOCK = 16;

    private List<Message> search(Person reader, String query) {
        return paged(reader, query, Optional.empty(), 100);
    }

    private static List<Message> search(
            Storage storage,
            Person reader,
            String query,
            Optional<Person> peer,
            Optional<MessageId> before,
            int limit) {
        return page(storage, reader, query, peer, before, limit).messages();
    }

    private static Found page(
            Storage storage,
            Person reader,
            String query,
            Optional<Person> peer,
            Optional<MessageId> before,
            int limit) {
        return page(storage.search(), reader, query, peer, before, limit);
    }

    private static Found page(
            SearchIndex index,
            Person reader,
            String query,
            Optional<Person> peer,
            Optional<MessageId> before,
            int limit) {
        return new SearchMessages(index, user -> {})
                .search(new SearchMessages.Command(reader, SearchQuery.of(query), peer, before, limit));
    }

    /** What the index finds that may look at as much as it has to. */
    private List<MailboxSeq> find(Person reader, String query, Optional<UserId> peer, long before, int limit) {
        var hits = storage()
                .search()
                .find(reader.id(), SearchQuery.of(query), peer, new MailboxSeq(before), limit, Integer.MAX_VALUE);
        assertThat(hits.from())
                .isEqualTo(
                        hits.places().size() < limit
                                ? new MailboxSeq(1)
                                : hits.places().get(limit - 1));
        return hits.places();
    }

    private List<String> texts(Person reader, String query) {
        return search(reader, query).stream().map(Message::text).toList();
    }

    /** Brings somebody's index up to date; answers with how many steps that took. */
    private int index(Person person) {
        int steps = 0;
        while (storage().search().advance(person.id())) {
            steps++;
        }
        return steps;
    }

    private List<Message> say(Person sender, Person recipient, List<String> texts) {
        var batch = new ArrayList<NewMessage>();
        texts.forEach(text -> batch.add(draft(sender, recipient, text)));
        return storage().messages().write(batch).stream()
                .map(result -> appended(result).message())
                .toList();
    }

    private List<String> numbered(int from, int to) {
        var texts = new ArrayList<String>();
        for (int i = from; i <= to; i++) {
            texts.add("number " + i + (i % 2 == 0 ? " even" : " odd"));
        }
        return texts;
    }

    private void edit(Message message, String text) {
        change(message, Optional.of(new MessageBody(text)));
    }

    private void unsend(Message message) {
        change(message, Optional.empty());
    }

    private void change(Message message, Optional<MessageBody> body) {
        storage().messages().write(List.of(new MessageChange(message, body, SENT)));
    }

    private static List<MailboxSeq> places(long... places) {
        return Arrays.stream(places).mapToObj(MailboxSeq::new).toList();
    }

    private static SortedSet<MailboxSeq> set(long... places) {
        return new TreeSet<>(places(places));
    }

    private Reach reach(Person person) {
        return storage().search().reach(person.id());
    }

    @Test
    void whatWasSaidIsFoundByBothAtOnceAndLatestFirst() {
        var alice = person();
        var bob = person();
        var first = say(alice, bob, "Dinner at eight?");
        var second = say(bob, alice, "Dinner, yes.");
        say(alice, bob, "See you");

        assertThat(search(alice, "dinner")).containsExactly(second, first);
        assertThat(search(bob, "dinner")).containsExactly(second, first);
        assertThat(reach(alice)).isEqualTo(new Reach(new MailboxSeq(3), MailboxSeq.ZERO, List.of()));
    }

    @Test
    void itMakesNoDifferenceHowMuchIsIndexed() {
        var alice = person();
        var bob = person();
        var said = say(alice, bob, numbered(1, 5 * BLOCK + 3));
        var expected = new ArrayList<Message>();
        for (int i = said.size() - 1; i >= 0; i--) {
            if (said.get(i).text().contains("odd")) {
                expected.add(said.get(i));
            }
        }
        int steps = 0;
        do {
            assertThat(search(alice, "odd number")).isEqualTo(expected);
            assertThat(search(alice, "number 8 even")).extracting(Message::text).containsExactly("number 8 even");
            assertThat(reach(alice).indexed()).isEqualTo(new MailboxSeq(steps * (long) BLOCK));
            steps++;
        } while (storage().search().advance(alice.id()));

        assertThat(steps).isEqualTo(6);
        assertThat(search(otherStorage(), alice, "odd number", Optional.empty(), Optional.empty(), 100))
                .isEqualTo(expected);
        assertThat(reach(bob).indexed()).isEqualTo(MailboxSeq.ZERO);
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepeatAcrossWhatIsIndexedAndWhatIsNot() {
        var alice = person();
        var bob = person();
        say(alice, bob, numbered(1, 3 * BLOCK + 5));
        index(alice);
        var all = search(alice, "even");

        assertThat(all).hasSize(26);
        assertThat(paged(alice, "even", Optional.empty(), 4)).isEqualTo(all);
        assertThat(paged(alice, "even", Optional.empty(), 13)).isEqualTo(all);
        assertThat(page(storage(), alice, "even", Optional.empty(), Optional.empty(), 26))
                .isEqualTo(new Found(all, Optional.empty()));
    }

    @Test
    void onlyWhatWasSaidWithSomebodyIsFoundWhereThatIsAskedFor() {
        var alice = person();
        var bob = person();
        var carol = person();
        say(alice, bob, numbered(1, BLOCK));
        say(carol, alice, numbered(1, BLOCK));
        say(alice, alice, numbered(1, BLOCK));
        say(alice, bob, "number tail");
        index(alice);

        for (var peer : List.of(bob, carol, alice)) {
            var found = search(storage(), alice, "number", Optional.of(peer), Optional.empty(), 100);
            assertThat(found).hasSize(peer.equals(bob) ? BLOCK + 1 : BLOCK);
            assertThat(found)
                    .allMatch(message -> message.concerns(peer.id())
                            && (!peer.equals(alice) || message.sender().equals(message.recipient())));
        }
        assertThat(search(storage(), alice, "number", Optional.of(nobody()), Optional.empty(), 100))
                .isEmpty();
    }

    @Test
    void nobodyFindsWhatIsNotTheirs() {
        var alice = person();
        var bob = person();
        var carol = person();
        say(alice, bob, numbered(1, BLOCK + 1));
        index(alice);
        index(bob);
        index(carol);

        assertThat(search(carol, "number")).isEmpty();
        assertThat(search(storage(), carol, "number", Optional.of(alice), Optional.empty(), 100))
                .isEmpty();
        assertThat(find(carol, "number", Optional.empty(), 99, 9)).isEmpty();
        assertThat(storage().search().read(carol.id(), set(1, 2))).isEmpty();
        assertThat(search(nobody(), "number")).isEmpty();
    }

    @Test
    void aMessageThatIsNotTheReadersIsNoPlaceToGoOnFrom() {
        var alice = person();
        var bob = person();
        var carol = person();
        var message = say(alice, bob, "hello");

        for (var id : List.of(message.id(), new MessageId(JsonNumber.MAX))) {
            assertThatThrownBy(() -> search(storage(), carol, "hello", Optional.empty(), Optional.of(id), 9))
                    .isInstanceOfSatisfying(ChatException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.INVALID);
                        assertThat(e.fields()).containsOnlyKeys("before");
                    });
        }
        assertThat(storage().search().place(alice.id(), message.id())).contains(new MailboxSeq(1));
        assertThat(storage().search().place(bob.id(), message.id())).contains(new MailboxSeq(1));
        assertThat(storage().search().place(carol.id(), message.id())).isEmpty();
    }

    @Test
    void whatWasEditedIsFoundByItsNewWordsAloneWhetherTheIndexHasHeardOfItOrNot() {
        var alice = person();
        var bob = person();
        var said = say(alice, bob, numbered(1, 2 * BLOCK));
        index(alice);
        edit(said.get(3), "a walrus");
        edit(said.get(3), "an otter");

        for (int i = 0; i < 2; i++) {
            assertThat(texts(alice, "otter")).containsExactly("an otter");
            assertThat(texts(bob, "otter")).containsExactly("an otter");
            assertThat(search(alice, "walrus")).isEmpty();
            assertThat(search(alice, "4 even")).isEmpty();
            index(alice);
            assertThat(reach(alice).edited()).isEmpty();
        }
        assertThat(find(alice, "otter", Optional.empty(), 99, 9)).isEqualTo(places(4));
        assertThat(find(alice, "4 even", Optional.empty(), 99, 9)).isEmpty();
    }

    @Test
    void whatWasDeletedIsNotFoundAndTheIndexForgetsItsWords() {
        var alice = person();
        var bob = person();
        var said = say(alice, bob, numbered(1, 2 * BLOCK));
        index(bob);
        unsend(said.get(4));
        unsend(said.get(30));

        assertThat(search(bob, "5 odd")).isEmpty();
        assertThat(search(bob, "number")).hasSize(30);
        index(bob);
        assertThat(find(bob, "number", Optional.empty(), 6, 2)).isEqualTo(places(4, 3));
        assertThat(search(bob, "number")).hasSize(30);
    }

    @Test
    void whatWasEditedWhileItWasNotIndexedIsIndexedAsItIs() {
        var alice = person();
        var bob = person();
        var said = say(alice, bob, numbered(1, BLOCK - 1));
        edit(said.get(2), "an otter");
        unsend(said.get(5));
        say(bob, alice, "the last");
        assertThat(index(alice)).isEqualTo(1);

        assertThat(texts(alice, "otter")).containsExactly("an otter");
        assertThat(search(alice, "3 odd")).isEmpty();
        assertThat(search(alice, "number")).hasSize(BLOCK - 3);
    }

    @Test
    void nothingIsFoundOfWhatSomebodyWroteWhoIsErased() {
        var alice = person();
        var bob = person();
        say(alice, bob, numbered(1, BLOCK));
        say(bob, alice, numbered(100, 99 + BLOCK));
        index(alice);
        index(bob);

        assertThat(storage().accounts().erase(alice.id(), SENT)).isTrue();
        assertThat(search(bob, "number")).hasSize(BLOCK).allMatch(message -> message.sender()
                .equals(bob));
        while (!storage().accounts().sweep(alice.id(), 5, SENT).done()) {
            assertThat(search(bob, "number")).hasSize(BLOCK);
        }
        index(bob);
        assertThat(search(bob, "number")).hasSize(BLOCK);
        assertThat(find(bob, "number", Optional.empty(), BLOCK + 1, 9)).isEmpty();
        assertThat(search(alice, "number")).isEmpty();
        assertThat(storage().search().advance(alice.id())).isFalse();
    }

    @Test
    void textWithoutSpacesIsFoundWhereverItStands() {
        var alice = person();
        var bob = person();
        var tokyo = say(alice, bob, "東京都庁で会いましょう");
        var kyoto = say(bob, alice, "京都も東京もいい");
        var thai = say(alice, bob, "พบกันที่กรุงเทพฯ");
        say(alice, bob, numbered(1, BLOCK));

        for (int i = 0; i < 2; i++) {
            assertThat(search(alice, "東京")).containsExactly(kyoto, tokyo);
            assertThat(search(alice, "東京都")).containsExactly(tokyo);
            assertThat(search(alice, "庁")).containsExactly(tokyo);
            assertThat(search(alice, "う")).containsExactly(tokyo);
            assertThat(search(alice, "京都 東京")).containsExactly(kyoto, tokyo);
            assertThat(search(alice, "กรุงเทพ")).containsExactly(thai);
            index(alice);
        }
    }

    @Test
    void wordsThatAreOperatorsElsewhereAreWords() {
        var alice = person();
        var bob = person();
        var said = say(alice, bob, "100% \"sure\" +not -here (or* 'there'); DROP TABLE chat_user; a_b \\ ~ <x> @");
        say(alice, bob, numbered(1, BLOCK));

        for (int i = 0; i < 2; i++) {
            for (var query :
                    List.of("-here", "+not", "\"sure", "100%", "or*", "'there'", "a_b", "<x>", "drop -table")) {
                assertThat(search(alice, query)).as(query).containsExactly(said);
            }
            for (var query : List.of("%", "_", "*", "\\", "~")) {
                assertThatThrownBy(() -> search(alice, query)).isInstanceOf(ChatException.class);
            }
            assertThat(search(alice, "OR nowhere")).isEmpty();
            index(alice);
        }
    }

    @Test
    void longTextsWithEveryKindOfWordAreFoundByEachOfThem() {
        var alice = person();
        var bob = person();
        var words = new ArrayList<String>();
        for (int i = 0; i < 22_000; i++) {
            words.add(Integer.toString(i, Character.MAX_RADIX));
        }
        var many = say(alice, bob, String.join(" ", words));
        var longWord = say(alice, bob, "x".repeat(500) + "y " + "😀");
        say(alice, bob, numbered(1, BLOCK));

        for (int i = 0; i < 2; i++) {
            assertThat(search(alice, "0 15o gz3")).containsExactly(many);
            assertThat(search(alice, "gz4")).isEmpty();
            assertThat(search(alice, "x".repeat(180))).containsExactly(longWord);
            assertThat(search(alice, "x".repeat(180) + " 😀")).isEmpty();
            assertThat(search(alice, "😀")).containsExactly(longWord);
            index(alice);
        }
    }

    /** So long that few of them fill a stretch of the index. */
    private static final String LONG = "漢字".repeat(15_000);

    @Test
    void longMessagesAreIndexedBeforeTheyAreManyAndSoNoMoreThanThatIsNot() {
        var alice = person();
        var bob = person();
        var said = new ArrayList<Message>();
        for (int i = 1; i <= 10; i++) {
            said.add(say(alice, bob, "long" + i + " " + LONG));
        }
        say(bob, alice, numbered(1, BLOCK - 1));
        assertThat(index(alice)).isEqualTo(4);

        assertThat(reach(alice).indexed()).isEqualTo(new MailboxSeq(9 + BLOCK));
        assertThat(search(alice, "long7 字漢")).containsExactly(said.get(6));
        assertThat(search(alice, "5 odd")).hasSize(1);
        assertThat(find(alice, "long", Optional.empty(), 10, 4)).isEqualTo(places(9, 8, 7, 6));
        edit(said.get(4), "an otter");
        unsend(said.get(9));
        for (int i = 0; i < 2; i++) {
            assertThat(texts(alice, "otter")).containsExactly("an otter");
            assertThat(search(alice, "long5")).isEmpty();
            assertThat(search(alice, "long10")).isEmpty();
            assertThat(search(alice, "漢字漢")).hasSize(8);
            index(alice);
        }
        assertThat(reach(alice)).isEqualTo(new Reach(new MailboxSeq(25), new MailboxSeq(25), List.of()));
        assertThat(find(alice, "漢字", Optional.empty(), 7, 9)).isEqualTo(places(6, 4, 3, 2, 1));
    }

    @Test
    void aSearchReadsSoMuchAndThenSaysWhereToGoOn() {
        var alice = person();
        var bob = person();
        var oldest = say(alice, bob, "a needle");
        say(bob, alice, Collections.nCopies(20, "漢字 字字 " + LONG));
        var latest = say(alice, bob, "the latest needle");
        var first = page(storage(), alice, "needle", Optional.empty(), Optional.empty(), 5);
        var second = page(storage(), alice, "needle", Optional.empty(), first.next(), 5);

        assertThat(first.messages()).containsExactly(latest);
        assertThat(first.next()).isPresent();
        assertThat(second.messages()).isEmpty();
        assertThat(second.next()).isPresent();
        for (int i = 0; i < 2; i++) {
            for (var peer : List.of(Optional.of(bob), Optional.<Person>empty())) {
                assertThat(paged(alice, "needle", peer, 1)).containsExactly(latest, oldest);
            }
            assertThat(paged(alice, "字漢", Optional.empty(), 100)).hasSize(20);
            // All of them have its pairs, and none has them together.
            assertThat(paged(alice, "漢字字漢", Optional.empty(), 5)).isEmpty();
            index(alice);
        }
        assertThat(page(storage(), alice, "needle", Optional.empty(), Optional.empty(), 5))
                .isEqualTo(new Found(List.of(latest, oldest), Optional.empty()));
    }

    @Test
    void theLatestPlacesAreAsManyAsHaveSoManyCharacters() {
        var alice = person();
        var bob = person();
        say(alice, bob, List.of("four", "five5", "sixsix", "seven77", "漢字"));
        var index = storage().search();

        assertThat(index.latest(alice.id(), set(1, 2, 3, 4, 5), 1)).isEqualTo(set(5));
        assertThat(index.latest(alice.id(), set(1, 2, 3, 4, 5), 2)).isEqualTo(set(5));
        assertThat(index.latest(alice.id(), set(1, 2, 3, 4, 5), 3)).isEqualTo(set(4, 5));
        assertThat(index.latest(alice.id(), set(1, 3, 5), 8)).isEqualTo(set(3, 5));
        assertThat(index.latest(alice.id(), set(1, 3, 5), 9)).isEqualTo(set(1, 3, 5));
        assertThat(index.latest(alice.id(), set(3, 4, 5, 6, 7), 1_000)).isEqualTo(set(3, 4, 5, 6, 7));
    }

    @Test
    void whatIsWrittenAndTypedInDifferentWaysIsFound() {
        var alice = person();
        var bob = person();
        var texts = new LinkedHashMap<String, String>();
        texts.put("melting 🫠 face", "🫠");
        texts.put("newer than that 🪿", "🪿 newer");
        texts.put("left ↔️ right", "↔");
        texts.put("what ‼️", "‼️");
        texts.put("wave 〰️", "〰");
        texts.put("the sum ∑ in €", "∑ €");
        texts.put("key #️⃣", "#️⃣");
        texts.put("families 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦");
        texts.put("שָׁלוֹם", "שלום");
        texts.put("مُحَمَّدٌ", "محمد");
        texts.put("مرحـــبا", "مرحبا");
        texts.put("นํ้า", "น้ำ");
        texts.put("ᬳᬦᬵᬓ᭄ᬱᬭᬵ", "ᬓ᭄ᬱ");
        texts.put("ꦲꦏ꧀ꦱꦫꦗꦮ", "ꦱꦫ");
        texts.put(
                "a whole sentence is put into the field as it was said once",
                "a whole sentence is put into the field as it was said");
        texts.keySet().forEach(text -> say(alice, bob, text));
        say(alice, bob, numbered(1, BLOCK));

        for (int i = 0; i < 2; i++) {
            texts.forEach(
                    (text, query) -> assertThat(texts(alice, query)).as(query).containsExactly(text));
            index(alice);
        }
    }

    @Test
    void whoIsBehindIsFoundAmongAllUsers() {
        var alice = person();
        var bob = person();
        var carol = person();
        var said = say(alice, bob, numbered(1, BLOCK));
        say(carol, alice, numbered(1, BLOCK - 1));

        assertThat(behind(2)).contains(alice.id(), bob.id()).doesNotContain(carol.id());
        index(alice);
        assertThat(behind(1_000)).contains(bob.id()).doesNotContain(alice.id(), carol.id());
        index(bob);
        assertThat(behind(3)).doesNotContain(alice.id(), bob.id(), carol.id());
        edit(said.get(0), "something else");
        edit(search(alice, "number 1").get(0), "not indexed, so there is nothing to do");
        assertThat(behind(1_000)).doesNotContain(carol.id());
        index(alice);
        index(bob);
        assertThat(behind(2)).doesNotContain(alice.id(), bob.id(), carol.id());
    }

    private TreeSet<UserId> behind(int range) {
        var found = new TreeSet<UserId>();
        var after = Optional.<UserId>empty();
        do {
            var look = storage().search().behind(after, range);
            for (var user : look.users()) {
                assertThat(found.add(user)).isTrue();
            }
            after = look.next();
        } while (after.isPresent());
        return found;
    }

    @Test
    void nodesThatIndexOneMailboxAtTheSameTimeDoNoHarm() {
        var alice = person();
        var bob = person();
        var said = say(alice, bob, numbered(1, 20 * BLOCK));
        var storages = List.of(storage(), otherStorage(), storage(), otherStorage());
        Race.run(storages.size(), racer -> {
            for (int i = racer; i < 20 * BLOCK; i += 40) {
                storages.get(racer)
                        .messages()
                        .write(List.of(new MessageChange(
                                said.get(i), Optional.of(new MessageBody("edited by " + racer)), SENT)));
                storages.get(racer).search().advance(alice.id());
            }
            return index(alice);
        });

        index(alice);
        assertThat(reach(alice))
                .isEqualTo(new Reach(new MailboxSeq(20 * BLOCK), new MailboxSeq(20 * BLOCK), List.of()));
        var edited = search(alice, "edited");
        assertThat(edited).hasSize(32);
        assertThat(find(alice, "edited", Optional.empty(), 999, 100)).hasSize(32);
        assertThat(find(alice, "number", Optional.empty(), 999, 1_000)).hasSize(20 * BLOCK - 32);
    }

    @Test
    void theIndexFindsTheLatestPlacesBeforeAPlace() {
        var alice = person();
        var bob = person();
        say(alice, bob, numbered(1, 3 * BLOCK));
        index(alice);
        var index = storage().search();

        assertThat(find(alice, "even", Optional.empty(), 20, 3)).isEqualTo(places(18, 16, 14));
        assertThat(find(alice, "even", Optional.of(bob.id()), JsonNumber.MAX, 2))
                .isEqualTo(places(48, 46));
        assertThat(find(alice, "even", Optional.of(alice.id()), 99, 2)).isEmpty();
        assertThat(find(alice, "even", Optional.empty(), 3, 5)).isEqualTo(places(2));
        assertThat(find(alice, "even", Optional.empty(), 1, 5)).isEmpty();
        assertThat(index.read(alice.id(), set(3, 48, 49)).keySet()).containsExactlyElementsOf(places(3, 48));
        assertThat(index.read(alice.id(), set())).isEmpty();
    }

    /** An index of which one page of a search has looked at too much after each time that it asks. */
    private static final class Little extends ForwardingSearchIndex {
        /** More than one stretch of short messages has. */
        private static final int STRETCH = 1_000;

        private final int entries;

        Little(SearchIndex index, int entries) {
            super(index);
            this.entries = entries;
        }

        @Override
        public Hits find(
                UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int more) {
            var hits = super.find(user, query, peer, before, limit, entries);
            assertThat(hits.places()).hasSizeLessThanOrEqualTo(limit).isSortedAccordingTo(Collections.reverseOrder());
            assertThat(hits.entries()).isLessThan(entries + STRETCH);
            if (hits.from().value() > 1) {
                assertThat(hits.places()).endsWith(hits.from());
            }
            return new Hits(hits.places(), hits.from(), more);
        }
    }

    /** A day, and in every stretch a greeting, and letters of a script without spaces; and all of them once. */
    private List<Message> sayWordsThatMeetOnce(Person alice, Person bob) {
        var texts = new ArrayList<String>(List.of("hello, dear 東京"));
        for (int i = 1; i < 12 * BLOCK; i++) {
            texts.add(
                    switch (i % 3) {
                        case 0 -> "hello " + i;
                        case 1 -> "day" + i + " done" + i;
                        default -> "東" + (char) ('一' + i) + "東";
                    });
        }
        return say(alice, bob, texts);
    }

    @Test
    void aSearchForWordsThatNeverMeetIsLedOnPageByPageToWhereTheyDo() {
        var alice = person();
        var bob = person();
        var oldest = sayWordsThatMeetOnce(alice, bob).get(0);
        index(alice);

        for (var words : List.of("hello d", "hello 東", "東 d", "東京 hello dear")) {
            for (var peer : List.of(Optional.of(bob), Optional.<Person>empty())) {
                var pages = pages(new Little(storage().search(), 20), alice, words, peer, 5);

                assertThat(pages).as(words).hasSizeBetween(4, 40);
                for (var page : pages.subList(0, pages.size() - 1)) {
                    assertThat(page.messages()).isEmpty();
                }
                assertThat(pages.get(pages.size() - 1).messages()).containsExactly(oldest);
            }
        }
    }

    @Test
    void whateverAPageMayLookAtNoHitIsLostOrRepeated() {
        var alice = person();
        var bob = person();
        var said = sayWordsThatMeetOnce(alice, bob);
        index(alice);
        edit(said.get(100), "hello day");
        unsend(said.get(105));
        for (var words : List.of("hello", "hello d", "東", "d", "nowhere")) {
            var all = search(alice, words);
            for (int entries : new int[] {1, 9, 50, 200, 5_000}) {
                for (int limit : new int[] {1, 7, 100}) {
                    assertThat(paged(new Little(storage().search(), entries), alice, words, Optional.empty(), limit))
                            .as("%s, %d, %d", words, entries, limit)
                            .isEqualTo(all);
                }
            }
        }
    }

    private static final List<String> WORDS =
            List.of("ant", "antler", "bee", "beetle", "cat", "café", "dog", "東京", "東京都", "京都", "x");

    /** Says, edits, unsends, blocks, erases and indexes at random, and searches as somebody would who reads everything. */
    @Test
    void whateverHasHappenedASearchFindsWhatReadingEverythingFinds() {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        var people = people(4);
        var said = new ArrayList<Message>();
        for (int round = 0; round < 30; round++) {
            step(random, round, people, said);
            for (var reader : people) {
                var words = texts(random, 1 + random.nextInt(2));
                var peer = random.nextInt(3) == 0
                        ? Optional.of(people.get(random.nextInt(people.size())))
                        : Optional.<Person>empty();
                assertThat(paged(reader, words, peer, 1 + random.nextInt(8)))
                        .as("seed %d, round %d, %s looks for %s with %s", seed, round, reader, words, peer)
                        .isEqualTo(scanned(reader, words, peer));
                var little = new Little(storage().search(), 1 + random.nextInt(100));
                assertThat(paged(little, reader, words, peer, 1 + random.nextInt(8)))
                        .as("seed %d, round %d, %s looks for %s with %s a little", seed, round, reader, words, peer)
                        .isEqualTo(scanned(reader, words, peer));
            }
        }
    }

    private static String texts(SplittableRandom random, int words) {
        return random.ints(words, 0, WORDS.size()).mapToObj(WORDS::get).collect(Collectors.joining(" "));
    }

    private void step(SplittableRandom random, int round, List<Person> people, List<Message> said) {
        var one = people.get(random.nextInt(people.size()));
        var other = people.get(random.nextInt(people.size()));
        for (int i = random.nextInt(20); i > 0; i--) {
            var sender = people.get(random.nextInt(people.size()));
            var recipient = people.get(random.nextInt(people.size()));
            var result = append(draft(sender, recipient, texts(random, 1 + random.nextInt(4))))
                    .get(0);
            if (result instanceof WriteResult.Appended appended) {
                said.add(appended.message());
            }
        }
        for (int i = random.nextInt(5); i > 0 && !said.isEmpty(); i--) {
            var message = said.get(random.nextInt(said.size()));
            if (random.nextInt(3) > 0) {
                edit(message, texts(random, 2));
            } else {
                unsend(message);
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            var unused = otherStorage()
                    .search()
                    .advance(people.get(random.nextInt(people.size())).id());
        }
        if (round % 7 == 3 && !one.equals(other)) {
            var unused = storage().blocks().block(one.id(), other, SENT);
        } else if (round == 18) {
            var erased = people.remove(0);
            assertThat(storage().accounts().erase(erased.id(), SENT)).isTrue();
            said.removeIf(message -> message.concerns(erased.id()));
            var unused = storage().accounts().sweep(erased.id(), 5, SENT);
        }
    }

    private List<Message> paged(Person reader, String words, Optional<Person> peer, int limit) {
        return paged(storage().search(), reader, words, peer, limit);
    }

    private static List<Message> paged(
            SearchIndex index, Person reader, String words, Optional<Person> peer, int limit) {
        return pages(index, reader, words, peer, limit).stream()
                .flatMap(page -> page.messages().stream())
                .toList();
    }

    private static List<Found> pages(SearchIndex index, Person reader, String words, Optional<Person> peer, int limit) {
        var pages = new ArrayList<Found>();
        var before = Optional.<MessageId>empty();
        do {
            var page = page(index, reader, words, peer, before, limit);
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(limit);
            pages.add(page);
            before = page.next();
        } while (before.isPresent());
        return pages;
    }

    private List<Message> scanned(Person reader, String words, Optional<Person> peer) {
        var wanted = List.of(words.split(" "));
        var found = new ArrayList<>(mailbox(storage(), reader));
        found.removeIf(message -> message.deleted()
                || peer.isPresent()
                        && !message.conversation()
                                .equals(ConversationKey.of(
                                        reader.id(), peer.get().id()))
                || !IntStream.range(0, wanted.size())
                        .allMatch(i -> has(message.text(), wanted.get(i), i == wanted.size() - 1)));
        Collections.reverse(found);
        return found;
    }

    private static boolean has(String text, String word, boolean last) {
        var there = Arrays.stream(text.split(" "));
        return word.contains("京")
                ? there.anyMatch(one -> one.contains(word))
                : there.anyMatch(one -> one.equals(word) || last && one.startsWith(word));
    }
}

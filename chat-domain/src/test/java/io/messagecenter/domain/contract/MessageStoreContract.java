package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.message.BodyDigest;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.First;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.KeyReused;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.message.WriteResult.Repeated;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a {@link io.messagecenter.domain.message.MessageStore} promises, one thread at a time. */
public abstract class MessageStoreContract extends StorageContractBase {
    @Test
    void whatIsAppendedIsTheDraftAtTheNextPlaceOfItsConversation() {
        var alice = person("Alice" + freshName());
        var bob = person("BOB" + freshName());
        var draft = draft(alice, bob, "hello", "key-1");

        var message = appended(append(draft).get(0)).message();

        var expected = new Message(
                draft.id(),
                alice,
                bob,
                new MessageBody("hello"),
                SENT,
                new MessageSeq(1),
                Optional.of(new ClientKey("key-1")));
        assertSame(message, expected);
        assertSame(storage().messages().find(alice.id(), draft.id()), Optional.of(expected));
        assertSame(otherStorage().messages().find(bob.id(), draft.id()), Optional.of(expected));
        assertSame(conversation(otherStorage(), bob, alice), List.of(expected));
        assertSame(feed(otherStorage(), bob), List.of(expected));
        assertSame(mailbox(otherStorage(), alice), List.of(expected));
    }

    @Test
    void conversationsFeedsAndMailboxesAreNumberedFromOne() {
        var alice = person();
        var bob = person();
        var carol = person();

        var results = append(
                draft(alice, bob, "1"), draft(bob, alice, "2"), draft(alice, carol, "3"), draft(alice, bob, "4"));

        assertThat(places(results)).containsExactly("1 1/1", "2 2/2", "1 3/1", "3 4/3");
        assertThat(places(append(draft(carol, bob, "5"), draft(bob, alice, "6"))))
                .containsExactly("1 2/4", "4 5/5");
        assertThat(bodies(feed(storage(), alice))).containsExactly("1", "2", "3", "4", "6");
        assertThat(bodies(feed(storage(), bob))).containsExactly("1", "2", "4", "5", "6");
        assertThat(bodies(feed(storage(), carol))).containsExactly("3", "5");
        assertThat(bodies(mailbox(storage(), alice))).containsExactly("1", "2", "3", "4", "6");
        assertThat(bodies(mailbox(storage(), bob))).containsExactly("1", "2", "4", "5", "6");
        assertThat(bodies(mailbox(storage(), carol))).containsExactly("3", "5");
        assertThat(bodies(conversation(storage(), alice, bob))).containsExactly("1", "2", "4", "6");
    }

    @Test
    void aNoteToOneselfIsOneEntry() {
        var alice = person();

        var results = append(draft(alice, alice, "buy milk"), draft(alice, alice, "and bread"));

        assertThat(places(results)).containsExactly("1 1/1", "2 2/2");
        assertThat(bodies(feed(storage(), alice))).containsExactly("buy milk", "and bread");
        assertThat(bodies(mailbox(storage(), alice))).containsExactly("buy milk", "and bread");
        assertThat(bodies(conversation(storage(), alice, alice))).containsExactly("buy milk", "and bread");
        assertThat(storage().messages().lastInMailbox(alice.id())).isEqualTo(new MailboxSeq(2));
    }

    @Test
    void numbersGoOnWhereAnotherNodeLeftThem() {
        var alice = person();
        var bob = person();

        for (int i = 1; i <= 6; i++) {
            var node = i % 2 == 0 ? storage() : otherStorage();
            var results = node.messages().write(List.of(draft(alice, bob, "m" + i)));
            assertThat(places(results)).containsExactly(i + " " + i + "/" + i);
        }

        assertThat(bodies(conversation(storage(), alice, bob))).containsExactly("m1", "m2", "m3", "m4", "m5", "m6");
    }

    @Test
    void anEmptyBatchChangesNothing() {
        assertThat(storage().messages().write(List.of())).isEmpty();
    }

    @Test
    void resultsStandInTheOrderOfTheBatchWhateverBecameOfEach() {
        var alice = person();
        var bob = person();
        var before = appended(append(draft(alice, bob, "before", "k0")).get(0)).message();

        var results = append(
                draft(bob, alice, "new"),
                draft(alice, bob, "before", "k0"),
                draft(alice, nobody(), "to nobody"),
                draft(alice, bob, "other", "k0"),
                draft(alice, bob, "last"));

        assertThat(results)
                .extracting(result -> (Object) result.getClass())
                .containsExactly(Appended.class, Repeated.class, Nobody.class, KeyReused.class, Appended.class);
        assertThat(results.get(1)).isEqualTo(new Repeated(before));
        assertThat(results.get(3)).isEqualTo(new KeyReused(new ClientKey("k0")));
        assertThat(bodies(conversation(storage(), alice, bob))).containsExactly("before", "new", "last");
    }

    @Test
    void aRepeatInTheSameBatchAnswersWithTheFirstMessage() {
        var alice = person();
        var bob = person();

        var results =
                append(draft(alice, bob, "once", "k"), draft(alice, bob, "once", "k"), draft(alice, bob, "once", "k"));

        var first = appended(results.get(0)).message();
        assertThat(results.subList(1, 3)).containsExactly(new Repeated(first), new Repeated(first));
        assertOnly(alice, bob, first);
    }

    @Test
    void aRepeatInALaterBatchAnswersWithTheFirstMessage() {
        var alice = person("Alice" + freshName());
        var bob = person("Bob" + freshName());
        var first = appended(append(draft(alice, bob, "once", "k")).get(0)).message();

        var repeat = storage()
                .messages()
                .write(List.of(draft(alice, bob, "once", SENT.plusSeconds(86_400), Optional.of(new ClientKey("k")))));

        assertSame(repeat, List.of(new Repeated(first)));
        assertOnly(alice, bob, first);
    }

    @Test
    void whatCameOfAKeyIsFoundByWhomItIs() {
        var alice = person();
        var bob = person();
        var first = appended(append(draft(alice, bob, "once", "k")).get(0)).message();
        append(draft(bob, alice, "other", "K"));
        var messages = otherStorage().messages();
        var key = new ClientKey("k");

        assertThat(messages.first(new SenderKey(alice.id(), key))).contains(new First(first, Optional.empty()));
        assertThat(messages.first(new SenderKey(bob.id(), key))).isEmpty();
        assertThat(messages.first(new SenderKey(alice.id(), new ClientKey("K"))))
                .isEmpty();

        storage().messages().write(List.of(new MessageChange(first, Optional.empty(), SENT.plusSeconds(1))));
        assertThat(messages.first(new SenderKey(alice.id(), key)))
                .contains(new First(first.tombstone(), Optional.of(BodyDigest.of(new MessageBody("once")))));
    }

    @Test
    void aRepeatOnAnotherNodeAnswersWithTheFirstMessage() {
        var alice = person();
        var bob = person();
        var first = appended(append(draft(alice, bob, "once", "k")).get(0)).message();

        assertSame(
                otherStorage().messages().write(List.of(draft(alice, bob, "once", "k"))), List.of(new Repeated(first)));
        assertOnly(alice, bob, first);
    }

    @Test
    void aRepeatOfANoteToOneselfAnswersWithTheFirstMessage() {
        var alice = person();
        var first = appended(append(draft(alice, alice, "once", "k")).get(0)).message();

        assertThat(append(draft(alice, alice, "once", "k"))).containsExactly(new Repeated(first));
        assertOnly(alice, alice, first);
    }

    @Test
    void aKeyThatComesWithAnotherRecipientOrBodyIsRefusedAndChangesNothing() {
        var alice = person();
        var bob = person();
        var carol = person();
        var refused = new KeyReused(new ClientKey("k"));
        var first = appended(append(draft(alice, bob, "text", "k")).get(0)).message();

        assertThat(append(draft(alice, carol, "text", "k"))).containsExactly(refused);
        assertThat(append(draft(alice, bob, "text2", "k"))).containsExactly(refused);
        assertThat(append(draft(alice, bob, "TEXT", "k"))).containsExactly(refused);
        assertThat(append(draft(alice, alice, "text", "k"))).containsExactly(refused);
        assertThat(otherStorage().messages().write(List.of(draft(alice, carol, "text", "k"))))
                .containsExactly(refused);

        assertOnly(alice, bob, first);
        assertThat(feed(storage(), carol)).isEmpty();
        assertThat(mailbox(storage(), carol)).isEmpty();
    }

    @Test
    void aKeyReusedInTheSameBatchIsRefusedAndTheFirstStands() {
        var alice = person();
        var bob = person();

        var results = append(draft(alice, bob, "first", "k"), draft(alice, bob, "second", "k"));

        assertThat(results.get(1)).isEqualTo(new KeyReused(new ClientKey("k")));
        assertOnly(alice, bob, appended(results.get(0)).message());
    }

    @Test
    void theKeyOfAnotherSenderIsFree() {
        var alice = person();
        var bob = person();

        var results = append(draft(alice, bob, "text", "k"), draft(bob, alice, "text", "k"));

        assertThat(results).hasOnlyElementsOfType(Appended.class);
        assertThat(append(draft(bob, alice, "text", "k")))
                .containsExactly(new Repeated(appended(results.get(1)).message()));
        assertThat(conversation(storage(), alice, bob)).hasSize(2);
    }

    @Test
    void keysAreComparedExactly() {
        var alice = person();
        var bob = person();
        var longest = "~".repeat(ClientKey.MAX_LENGTH);
        var keys = List.of("key", "Key", "KEY", "key.", "k%y", "k_y", "k\\y", "k'y", longest, longest.substring(1));

        var results = new ArrayList<WriteResult>();
        keys.forEach(key -> results.addAll(append(draft(alice, bob, "text", key))));

        assertThat(results).hasOnlyElementsOfType(Appended.class);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(append(draft(alice, bob, "text", keys.get(i))))
                    .containsExactly(new Repeated(appended(results.get(i)).message()));
        }
    }

    @Test
    void withoutAKeyTheSameTextIsAnotherMessage() {
        var alice = person();
        var bob = person();

        assertThat(append(draft(alice, bob, "text"), draft(alice, bob, "text"))).hasOnlyElementsOfType(Appended.class);
        assertThat(bodies(conversation(storage(), alice, bob))).containsExactly("text", "text");
    }

    @Test
    void whoIsNotThereNeitherSendsNorReceivesAndTheRestOfTheBatchLives() {
        var alice = person();
        var bob = person();
        var nobody = nobody();

        var results = append(
                draft(alice, bob, "one", "k1"),
                draft(alice, nobody, "two", "k2"),
                draft(nobody, bob, "three", "k3"),
                draft(nobody, nobody, "four"),
                draft(alice, bob, "five"));

        assertThat(results.subList(1, 4)).containsExactly(new Nobody(), new Nobody(), new Nobody());
        assertThat(places(List.of(results.get(0), results.get(4)))).containsExactly("1 1/1", "2 2/2");
        assertThat(bodies(feed(storage(), alice))).containsExactly("one", "five");
        assertThat(bodies(feed(storage(), bob))).containsExactly("one", "five");
        assertThat(conversation(storage(), alice, nobody)).isEmpty();
        assertThat(append(draft(alice, bob, "a key that stored nothing is free", "k2")))
                .hasOnlyElementsOfType(Appended.class);
    }

    @Test
    void aBatchOfWhichOneMessageCannotBeStoredIsNotStoredAtAll() {
        var alice = person();
        var bob = person();
        var carol = person();
        var first = say(alice, bob, "first");
        var idInUse = new NewMessage(
                first.id(), alice, carol, new MessageBody("third"), SENT, Optional.of(new ClientKey("k3")));

        assertThatThrownBy(() -> append(draft(alice, bob, "second", "k2"), idInUse, draft(carol, bob, "fourth", "k4")))
                .isInstanceOf(RuntimeException.class)
                .satisfies(
                        e -> assertThat(e instanceof ChatException refusal && refusal.code() == ErrorCode.UNAVAILABLE)
                                .as("taken for an outage")
                                .isFalse());

        assertThat(conversation(storage(), alice, bob)).containsExactly(first);
        assertThat(feed(storage(), alice)).containsExactly(first);
        assertThat(feed(storage(), bob)).containsExactly(first);
        assertThat(feed(storage(), carol)).isEmpty();
        assertThat(mailbox(storage(), carol)).isEmpty();
        assertThat(storage().messages().find(alice.id(), first.id())).contains(first);
        assertThat(places(append(draft(alice, bob, "second", "k2")))).containsExactly("2 2/2");
        assertThat(places(append(draft(carol, bob, "fourth", "k4")))).containsExactly("1 1/3");
    }

    @Test
    void timeMovesOnWithinAConversationEvenWhereTheClockGoesBack() {
        var alice = person();
        var bob = person();
        var none = Optional.<ClientKey>empty();

        append(draft(alice, bob, "1", SENT, none), draft(bob, alice, "2", SENT, none));
        append(draft(alice, bob, "3", SENT.minusSeconds(3_600), none));
        append(draft(alice, bob, "4", SENT.plusNanos(2_000), none), draft(alice, bob, "5", SENT.plusSeconds(1), none));

        assertThat(conversation(otherStorage(), alice, bob))
                .extracting(Message::sent)
                .containsExactly(
                        SENT, SENT.plusNanos(1_000), SENT.plusNanos(2_000), SENT.plusNanos(3_000), SENT.plusSeconds(1));
    }

    @Test
    void theClockOfOneConversationDoesNotPushAnother() {
        var alice = person();
        var bob = person();
        var carol = person();
        append(draft(alice, bob, "late", SENT.plusSeconds(3_600), Optional.empty()));

        assertThat(say(alice, carol, "on time").sent()).isEqualTo(SENT);
    }

    @Test
    void microsecondsSurviveExactly() {
        var alice = person();
        var bob = person();
        var times = List.of(
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00.000001Z",
                "2026-03-29T01:30:00.999999Z",
                "2026-03-29T02:30:00.100000Z",
                "2026-10-25T00:59:59.999999Z",
                "2026-10-25T01:00:00.123456Z",
                "2026-12-31T23:59:59.999999Z",
                "2038-01-19T03:14:08.000001Z");

        for (var time : times) {
            append(draft(alice, bob, time, Instant.parse(time), Optional.empty()));
        }

        assertThat(conversation(otherStorage(), alice, bob))
                .extracting(Message::sent)
                .isEqualTo(times.stream().map(Instant::parse).toList());
    }

    static List<String> texts() {
        return List.of(
                "plain",
                "😀👩‍👩‍👧‍👦🏳️‍🌈 𠀀 𝒳",
                "שלום עולם ‏ مرحبا",
                "one\ntwo\r\nthree\tfour",
                "it's \"quoted\" `back` \\ \\' \\\\ \\0 \\u0041",
                "100% _under_ ; -- /* */ # {} ${x} :name ? ?? <b>&amp;</b>",
                "e\u0301 and \u00e9 are not the same",
                "\u200b\ufeff\u00ad\ufffd",
                "x".repeat(10_000),
                "😀".repeat(10_000),
                "漢".repeat(MessageBody.MAX_CODE_POINTS));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textsSurviveExactly(String text) {
        var alice = person();
        var bob = person();

        var message = say(alice, bob, text);

        assertThat(message.text()).isEqualTo(text);
        assertThat(otherStorage().messages().find(bob.id(), message.id())).contains(message);
        assertThat(conversation(otherStorage(), alice, bob)).containsExactly(message);
        assertThat(feed(otherStorage(), alice)).containsExactly(message);
        assertThat(mailbox(otherStorage(), bob)).containsExactly(message);
    }

    @Test
    void aRepeatIsToldFromAReuseByTheExactText() {
        var alice = person();
        var bob = person();
        append(draft(alice, bob, "e\u0301\n", "k1"), draft(alice, bob, "a  b", "k2"), draft(alice, bob, "😀", "k3"));

        assertThat(append(draft(alice, bob, "e\u0301", "k1"))).hasOnlyElementsOfType(Repeated.class);
        assertThat(append(draft(alice, bob, "\u00e9", "k1"))).hasOnlyElementsOfType(KeyReused.class);
        assertThat(append(draft(alice, bob, "a b", "k2"))).hasOnlyElementsOfType(KeyReused.class);
        assertThat(append(draft(alice, bob, "😁", "k3"))).hasOnlyElementsOfType(KeyReused.class);
    }

    @Test
    void aMessageIsFoundByItsTwoPeopleAlone() {
        var alice = person();
        var bob = person();
        var carol = person();
        var message = say(alice, bob, "between us");
        say(carol, bob, "hello");

        assertThat(storage().messages().find(alice.id(), message.id())).contains(message);
        assertThat(storage().messages().find(bob.id(), message.id())).contains(message);
        assertThat(storage().messages().find(carol.id(), message.id())).isEmpty();
        assertThat(storage().messages().find(nobody().id(), message.id())).isEmpty();
        assertThat(storage().messages().find(alice.id(), storage().ids().next()))
                .isEmpty();
    }

    @Test
    void aMailboxIsReadByRangesOfPlacesLatestFirst() {
        var alice = person();
        var bob = person();
        var carol = person();
        append(
                draft(alice, bob, "1"),
                draft(carol, alice, "2"),
                draft(carol, bob, "not mine"),
                draft(alice, alice, "3"),
                draft(bob, alice, "4"));

        assertThat(storage().messages().lastInMailbox(alice.id())).isEqualTo(new MailboxSeq(4));
        assertThat(mailbox(alice, 1, 4)).containsExactly("4", "3", "2", "1");
        assertThat(mailbox(alice, 2, 3)).containsExactly("3", "2");
        assertThat(mailbox(alice, 4, 4)).containsExactly("4");
        assertThat(mailbox(alice, 3, 100)).containsExactly("4", "3");
        assertThat(mailbox(alice, 0, 1)).containsExactly("1");
        assertThat(mailbox(alice, 5, 9)).isEmpty();
        assertThat(mailbox(alice, 3, 2)).isEmpty();
    }

    @Test
    void whoIsNotThereHasAnEmptyMailbox() {
        var nobody = nobody();

        assertThat(storage().messages().lastInMailbox(nobody.id())).isEqualTo(MailboxSeq.ZERO);
        assertThat(mailbox(nobody, 1, 10)).isEmpty();
    }

    @Test
    void aLargeBatchOfManyPairsIsNumberedLikeAnyOther() {
        var people = people(20);
        var batch = new ArrayList<NewMessage>();
        for (int i = 0; i < 512; i++) {
            batch.add(draft(people.get(i % 20), people.get(i * 7 % 20), "m" + i, "key-" + i));
        }

        var results = storage().messages().write(batch);

        assertThat(results).hasSize(512).hasOnlyElementsOfType(Appended.class);
        for (var person : people) {
            var expected = results.stream()
                    .map(result -> ((Appended) result).message())
                    .filter(message -> message.concerns(person.id()))
                    .toList();
            assertThat(feed(otherStorage(), person)).isEqualTo(expected);
            assertThat(mailbox(otherStorage(), person)).isEqualTo(expected);
        }
        var again = otherStorage().messages().write(batch);
        assertThat(again)
                .isEqualTo(results.stream()
                        .map(result -> new Repeated(((Appended) result).message()))
                        .toList());
    }

    @Test
    void aLargeBatchBetweenTwoIsNumberedInItsOrder() {
        var alice = person();
        var bob = person();
        var batch = new ArrayList<NewMessage>();
        var expected = new ArrayList<String>();
        for (int i = 1; i <= 512; i++) {
            batch.add(i % 3 == 0 ? draft(bob, alice, "m" + i) : draft(alice, bob, "m" + i));
            expected.add("m" + i);
        }

        storage().messages().write(batch);

        assertThat(bodies(conversation(otherStorage(), alice, bob))).isEqualTo(expected);
        assertThat(bodies(feed(otherStorage(), alice))).isEqualTo(expected);
        assertThat(bodies(feed(otherStorage(), bob))).isEqualTo(expected);
        assertThat(conversation(otherStorage(), alice, bob).get(511).seq()).isEqualTo(new MessageSeq(512));
    }

    /** Checks that one message is all that two people have, wherever it is looked for. */
    private void assertOnly(Person sender, Person recipient, Message message) {
        assertThat(conversation(storage(), sender, recipient)).containsExactly(message);
        for (var person : List.of(sender, recipient)) {
            assertThat(feed(storage(), person)).containsExactly(message);
            assertThat(mailbox(storage(), person)).containsExactly(message);
            assertThat(storage().feeds().heads(List.of(person.id())).get(person.id()))
                    .isEqualTo(new FeedSeq(1));
            assertThat(storage().messages().lastInMailbox(person.id())).isEqualTo(new MailboxSeq(1));
        }
    }

    private List<String> mailbox(Person person, long from, long to) {
        return bodies(storage().messages().mailbox(person.id(), new MailboxSeq(from), new MailboxSeq(to)));
    }

    private static List<String> bodies(List<Message> messages) {
        return messages.stream().map(message -> message.text()).toList();
    }

    /** For each message appended: its place in the conversation, in the sender's feed and in the recipient's. */
    private static List<String> places(List<WriteResult> results) {
        return results.stream()
                .map(StorageContractBase::appended)
                .map(one -> one.message().seq() + " " + one.senderFeed() + "/" + one.recipientFeed())
                .toList();
    }
}

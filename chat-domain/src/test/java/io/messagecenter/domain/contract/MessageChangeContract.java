package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.Blocked;
import io.messagecenter.domain.message.WriteResult.Changed;
import io.messagecenter.domain.message.WriteResult.Kept;
import io.messagecenter.domain.message.WriteResult.KeyReused;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.message.WriteResult.Repeated;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of messages after they were sent: they are edited, deleted and answered. */
public abstract class MessageChangeContract extends StorageContractBase {
    private static final Instant LATER = SENT.plusSeconds(60);

    private WriteResult write(Write write) {
        return storage().messages().write(List.of(write)).get(0);
    }

    private WriteResult edit(Message target, String text) {
        return write(new MessageChange(target, Optional.of(new MessageBody(text)), LATER));
    }

    private WriteResult unsend(Message target) {
        return write(new MessageChange(target, Optional.empty(), LATER));
    }

    private static Message edited(Message message, String text) {
        return message.edited(new MessageBody(text), LATER);
    }

    /** Edited at the moment of the edit before it. */
    private static Message editedAgain(Message message, String text) {
        return message.edited(new MessageBody(text), LATER.plusNanos(1_000));
    }

    @Test
    void anEditedMessageSaysSoOnEveryPathAndKeepsItsPlace() {
        var alice = person();
        var bob = person();
        var before = say(alice, bob, "before");
        var hello = appended(append(draft(alice, bob, "hello", "key")).get(0)).message();
        var after = say(bob, alice, "after");
        var now = edited(hello, "hello, \uD83D\uDC4B");

        assertThat(edit(hello, "hello, \uD83D\uDC4B"))
                .isEqualTo(new Changed(now, LATER, Map.of(alice.id(), new FeedSeq(4), bob.id(), new FeedSeq(4))));

        for (var reader : List.of(alice, bob)) {
            assertThat(conversation(otherStorage(), alice, bob)).containsExactly(before, now, after);
            assertThat(mailbox(otherStorage(), reader)).containsExactly(before, now, after);
            assertSame(otherStorage().messages().find(reader.id(), hello.id()), Optional.of(now));
            assertThat(events(otherStorage(), reader))
                    .containsExactly(
                            new MessageSent(new FeedSeq(1), before),
                            new MessageSent(new FeedSeq(2), now),
                            new MessageSent(new FeedSeq(3), after),
                            new MessageEdited(new FeedSeq(4), now));
        }
    }

    /** By nodes whose clocks differ. */
    @Test
    void whatIsEditedLaterSaysSo() {
        var alice = person();
        var bob = person();
        var hello = say(alice, bob, "hello");

        for (var text : List.of("one", "two", "three")) {
            assertThat(write(new MessageChange(hello, Optional.of(new MessageBody(text)), SENT.minusSeconds(5))))
                    .isInstanceOf(Changed.class);
        }

        var three = hello.edited(new MessageBody("three"), hello.sent().plusNanos(3_000));
        assertSame(otherStorage().messages().find(bob.id(), hello.id()), Optional.of(three));
        edit(hello, "four");
        assertThat(conversation(otherStorage(), alice, bob)).containsExactly(edited(hello, "four"));
    }

    @Test
    void aDeletedMessageLeavesItsPlaceAndNothingElse() {
        var alice = person();
        var bob = person();
        var hello = appended(append(draft(alice, bob, "hello", "key")).get(0)).message();
        edit(hello, "edited");

        assertThat(unsend(hello))
                .isEqualTo(new Changed(
                        hello.tombstone(), LATER, Map.of(alice.id(), new FeedSeq(3), bob.id(), new FeedSeq(3))));

        assertThat(say(bob, alice, "next").seq()).isEqualTo(new MessageSeq(2));
        assertThat(conversation(otherStorage(), alice, bob).get(0)).isEqualTo(hello.tombstone());
        assertThat(mailbox(otherStorage(), bob).get(0)).isEqualTo(hello.tombstone());
        assertThat(events(otherStorage(), bob).subList(0, 3))
                .containsExactly(
                        new MessageSent(new FeedSeq(1), hello.tombstone()),
                        new MessageEdited(new FeedSeq(2), hello.tombstone()),
                        new MessageDeleted(new FeedSeq(3), hello.tombstone()));
    }

    @Test
    void whatIsSoAlreadyChangesNothing() {
        var alice = person();
        var bob = person();
        var hello = say(alice, bob, "hello");

        assertThat(edit(hello, "hello")).isEqualTo(new Kept(hello));
        assertThat(unsend(hello)).isInstanceOf(Changed.class);
        assertThat(unsend(hello)).isEqualTo(new Kept(hello.tombstone()));
        assertThat(edit(hello, "again")).isEqualTo(new Nobody());
        assertThat(events(otherStorage(), bob)).hasSize(2);
    }

    @Test
    void aMessageThatIsNotThereChangesNothing() {
        var alice = person();
        var draft = draft(alice, person(), "never sent");
        var message = new Message(
                draft.id(), draft.sender(), draft.recipient(), draft.body(), SENT, new MessageSeq(1), Optional.empty());

        assertThat(edit(message, "x")).isEqualTo(new Nobody());
        assertThat(unsend(message)).isEqualTo(new Nobody());
        assertThat(events(storage(), alice)).isEmpty();
    }

    @Test
    void whoeverIsBlockedCanTakeBackButNotEdit() {
        var alice = person();
        var bob = person();
        var hello = say(alice, bob, "hello");
        storage().blocks().block(bob.id(), alice, SENT);

        assertThat(edit(hello, "worse")).isEqualTo(new Blocked());
        assertThat(conversation(otherStorage(), alice, bob)).containsExactly(hello);
        assertThat(unsend(hello)).isInstanceOf(Changed.class);
        assertThat(conversation(otherStorage(), alice, bob)).containsExactly(hello.tombstone());
    }

    @Test
    void aNoteToOneselfIsChangedOnce() {
        var alice = person();
        var note = say(alice, alice, "note");

        assertThat(edit(note, "better"))
                .isEqualTo(new Changed(edited(note, "better"), LATER, Map.of(alice.id(), new FeedSeq(2))));
        assertThat(events(otherStorage(), alice)).hasSize(2);
    }

    @Test
    void aRepeatOfASendIsKnownByWhatWasSentAndAnsweredByWhatThereIs() {
        var alice = person();
        var bob = person();
        var hello = appended(append(draft(alice, bob, "hello", "key")).get(0)).message();
        edit(hello, "edited once");
        edit(hello, "edited twice");

        assertThat(append(
                        draft(alice, bob, "hello", "key"),
                        draft(alice, bob, "edited twice", "key"),
                        draft(alice, alice, "hello", "key")))
                .containsExactly(
                        new Repeated(editedAgain(hello, "edited twice")),
                        new KeyReused(new ClientKey("key")),
                        new KeyReused(new ClientKey("key")));

        unsend(hello);
        assertThat(append(draft(alice, bob, "hello", "key"), draft(alice, bob, "edited twice", "key")))
                .containsExactly(new Repeated(hello.tombstone()), new KeyReused(new ClientKey("key")));
        assertThat(conversation(otherStorage(), alice, bob)).hasSize(1);
    }

    @Test
    void changesSendsAndMarksOfOneBatchEachHaveTheirPlace() {
        var alice = person();
        var bob = person();
        var one = say(alice, bob, "one");
        var two = say(alice, bob, "two");
        var draft = draft(bob, alice, "three");

        var results = storage()
                .messages()
                .write(List.<Write>of(
                        draft,
                        new MessageChange(one, Optional.of(new MessageBody("uno")), LATER),
                        new MessageChange(two, Optional.empty(), LATER),
                        new MessageChange(one, Optional.of(new MessageBody("eins")), LATER)));

        assertThat(results).hasExactlyElementsOfTypes(Appended.class, Changed.class, Changed.class, Changed.class);
        var eins = editedAgain(one, "eins");
        assertThat(conversation(otherStorage(), alice, bob))
                .containsExactly(eins, two.tombstone(), appended(results.get(0)).message());
        for (Person reader : List.of(alice, bob)) {
            assertThat(events(otherStorage(), reader))
                    .containsExactly(
                            new MessageSent(new FeedSeq(1), eins),
                            new MessageSent(new FeedSeq(2), two.tombstone()),
                            new MessageEdited(new FeedSeq(3), eins),
                            new MessageDeleted(new FeedSeq(4), two.tombstone()),
                            new MessageEdited(new FeedSeq(5), eins),
                            new MessageSent(
                                    new FeedSeq(6), appended(results.get(0)).message()));
        }
    }

    @Test
    void anAnswerNamesWhatItAnswersUntilItIsDeleted() {
        var alice = person();
        var bob = person();
        var question = say(alice, bob, "question");
        var draft = draft(bob, alice, "answer");
        var answer = appended(write(new NewMessage(
                        draft.id(), bob, alice, draft.body(), SENT, Optional.empty(), Optional.of(question.id()))))
                .message();

        assertThat(answer.replyTo()).contains(question.id());
        assertThat(conversation(otherStorage(), alice, bob)).containsExactly(question, answer);
        unsend(answer);
        assertThat(conversation(otherStorage(), alice, bob).get(1).replyTo()).isEmpty();
    }

    /** Fifty threads edit and unsend one message: both feeds say the same, and what is deleted stays so. */
    @Test
    void whateverRacesBothReadersSeeOneHistory() {
        var alice = person();
        var bob = person();
        var hello = say(alice, bob, "hello");
        var results = Race.run(50, i -> {
            var body = i == 30 ? Optional.<MessageBody>empty() : Optional.of(new MessageBody("edit " + i));
            var node = i % 2 == 0 ? storage() : otherStorage();
            return node.messages()
                    .write(List.of(new MessageChange(hello, body, LATER)))
                    .get(0);
        });

        var changes = new ArrayList<Changed>();
        results.forEach(result -> {
            if (result instanceof Changed changed) {
                changes.add(changed);
            } else {
                assertThat(result).isEqualTo(new Nobody()); // it came after the deletion
            }
        });
        var feed = events(storage(), alice);
        assertThat(events(otherStorage(), bob)).isEqualTo(feed);
        assertThat(feed).hasSize(1 + changes.size());
        assertThat(feed.get(feed.size() - 1)).isInstanceOf(MessageDeleted.class);
        assertThat(feed.stream().filter(MessageDeleted.class::isInstance)).hasSize(1);
        assertThat(feed).extracting(Event::seq).doesNotHaveDuplicates();
        assertThat(conversation(storage(), alice, bob)).containsExactly(hello.tombstone());
    }
}

package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.conversation.Conversation;
import io.messagecenter.domain.feed.Event.ConversationDelivered;
import io.messagecenter.domain.feed.Event.ConversationRead;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.Mark.Kind;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Marked;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.message.WriteResult.Unchanged;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read, delivered and unread, and how conversations are listed. */
public abstract class MarkContract extends StorageContractBase {
    private static final MailboxSeq FROM_THE_LATEST = new MailboxSeq(JsonNumber.MAX);

    private static Mark mark(Kind kind, Person reader, Person peer, long upto) {
        return new Mark(kind, reader, peer, new MessageSeq(upto), SENT);
    }

    private WriteResult write(Write write) {
        return storage().messages().write(List.of(write)).get(0);
    }

    private WriteResult read(Person reader, Person peer, long upto) {
        return write(mark(Kind.READ, reader, peer, upto));
    }

    private WriteResult delivered(Person reader, Person peer, long upto) {
        return write(mark(Kind.DELIVERED, reader, peer, upto));
    }

    private static List<Conversation> list(Storage storage, Person user) {
        return storage.conversations().list(user.id(), FROM_THE_LATEST, 1_000);
    }

    /** A conversation is found alone as it is listed, or not at all. */
    private static void assertFoundAsListed(Storage storage, Person user, Person peer) {
        var listed = list(storage, user).stream()
                .filter(conversation -> conversation.peer().equals(peer))
                .findFirst();
        assertSame(storage.conversations().find(user.id(), peer.id()), listed);
    }

    /** How a conversation is for one of the two: unread, read, read by the peer, delivered to the peer. */
    private void assertSees(Person user, Person peer, long unread, long read, long peerRead, long peerDelivered) {
        assertFoundAsListed(otherStorage(), user, peer);
        var one = otherStorage().conversations().find(user.id(), peer.id()).orElseThrow();
        assertThat(List.of(
                        one.unread(),
                        one.read().value(),
                        one.peerRead().value(),
                        one.peerDelivered().value()))
                .containsExactly(unread, read, peerRead, peerDelivered);
    }

    @Test
    void conversationsAreListedLatestFirstWithTheirLastMessage() {
        var alice = person();
        var people = people(4);
        for (int i = 0; i < 4; i++) {
            say(alice, people.get(i), "hello " + i);
        }
        say(alice, alice, "note");
        var answer = say(people.get(1), alice, "answer");
        storage().blocks().block(alice.id(), people.get(2), SENT);

        var all = list(otherStorage(), alice);

        assertThat(all)
                .extracting(Conversation::peer)
                .containsExactly(people.get(1), alice, people.get(3), people.get(2), people.get(0));
        assertThat(all)
                .extracting(conversation -> conversation.last().text())
                .containsExactly("answer", "note", "hello 3", "hello 2", "hello 0");
        assertThat(all).extracting(Conversation::blocked).containsExactly(false, false, false, true, false);
        assertSame(all.get(0).last(), answer);
        assertThat(all.get(0).latest()).isEqualTo(new MailboxSeq(6));
        assertThat(otherStorage().conversations().list(alice.id(), new MailboxSeq(5), 2))
                .isEqualTo(all.subList(2, 4));
        assertThat(list(otherStorage(), person())).isEmpty();
        assertThat(list(otherStorage(), nobody())).isEmpty();
    }

    @Test
    void aConversationIsFoundAsItIsListed() {
        var alice = person();
        var bob = person("Bob" + freshName());
        var carol = person();
        var dave = person();
        var toBob = say(alice, bob, "to bob");
        var fromCarol = say(carol, alice, "from carol");
        var note = say(alice, alice, "a note");
        say(bob, dave, "not hers");
        storage().blocks().block(alice.id(), bob, SENT);
        storage().blocks().block(carol.id(), alice, SENT);

        for (var user : List.of(alice, bob, carol, dave)) {
            for (var peer : List.of(alice, bob, carol, dave, nobody())) {
                assertFoundAsListed(otherStorage(), user, peer);
                assertFoundAsListed(otherStorage(), peer, user);
            }
        }
        var conversations = otherStorage().conversations();
        assertSame(conversations.find(alice.id(), bob.id()).orElseThrow().last(), toBob);
        assertSame(conversations.find(alice.id(), bob.id()).orElseThrow().peer(), bob);
        assertThat(conversations.find(alice.id(), bob.id()).orElseThrow().blocked())
                .isTrue();
        assertSame(conversations.find(alice.id(), carol.id()).orElseThrow().last(), fromCarol);
        assertThat(conversations.find(alice.id(), carol.id()).orElseThrow().blocked())
                .isFalse();
        assertSame(conversations.find(alice.id(), alice.id()).orElseThrow().last(), note);
        assertThat(conversations.find(alice.id(), dave.id())).isEmpty();
        assertThat(conversations.find(bob.id(), bob.id())).isEmpty();
        assertThat(conversations.find(nobody().id(), nobody().id())).isEmpty();
    }

    @Test
    void aConversationWithWhomeverIsErasedIsFoundAsItIsListed() {
        var alice = person();
        var bob = person();
        var carol = person();
        say(bob, alice, "from bob");
        say(alice, carol, "to carol");
        for (var erased : List.of(bob, carol)) {
            storage().accounts().erase(erased.id(), SENT);
        }

        for (var erased : List.of(bob, carol)) {
            assertThat(otherStorage().conversations().find(alice.id(), erased.id()))
                    .isPresent();
            assertFoundAsListed(otherStorage(), alice, erased);
        }
    }

    @Test
    void whatIsSentToSomebodyIsUnreadUntilTheyReadIt() {
        var alice = person();
        var bob = person();
        say(alice, bob, "1");
        say(bob, alice, "2");
        say(alice, bob, "3");
        say(alice, bob, "4");
        assertSees(bob, alice, 3, 0, 0, 0);
        assertSees(alice, bob, 1, 0, 0, 0);

        assertThat(read(bob, alice, 3))
                .isEqualTo(new Marked(
                        mark(Kind.READ, bob, alice, 3), Map.of(bob.id(), new FeedSeq(5), alice.id(), new FeedSeq(5))));

        assertSees(bob, alice, 1, 3, 0, 0);
        assertSees(alice, bob, 1, 0, 3, 3);
        assertThat(events(otherStorage(), alice).get(4))
                .isEqualTo(new ConversationRead(new FeedSeq(5), bob, bob, new MessageSeq(3)));
        assertThat(events(otherStorage(), bob).get(4))
                .isEqualTo(new ConversationRead(new FeedSeq(5), alice, bob, new MessageSeq(3)));
    }

    @Test
    void marksOnlyMoveForwardAndNotPastTheEnd() {
        var alice = person();
        var bob = person();
        for (int i = 0; i < 5; i++) {
            say(alice, bob, "hello");
        }

        assertThat(read(bob, alice, 4)).isInstanceOf(Marked.class);
        assertThat(read(bob, alice, 4)).isEqualTo(new Unchanged());
        assertThat(read(bob, alice, 2)).isEqualTo(new Unchanged());
        assertThat(delivered(bob, alice, 4)).as("what is read is delivered").isEqualTo(new Unchanged());
        assertSees(bob, alice, 1, 4, 0, 0);
        assertThat(read(bob, alice, JsonNumber.MAX))
                .isEqualTo(new Marked(
                        mark(Kind.READ, bob, alice, 5), Map.of(bob.id(), new FeedSeq(7), alice.id(), new FeedSeq(7))));
        assertSees(bob, alice, 0, 5, 0, 0);
        assertThat(read(bob, alice, JsonNumber.MAX)).isEqualTo(new Unchanged());
        say(alice, bob, "one more");
        assertSees(bob, alice, 1, 5, 0, 0);
    }

    @Test
    void whatIsDeliveredIsNotRead() {
        var alice = person();
        var bob = person();
        say(alice, bob, "1");
        say(alice, bob, "2");

        assertThat(delivered(bob, alice, 1)).isInstanceOf(Marked.class);
        assertThat(delivered(bob, alice, 1)).isEqualTo(new Unchanged());

        assertSees(bob, alice, 2, 0, 0, 0);
        assertSees(alice, bob, 0, 0, 0, 1);
        assertThat(events(otherStorage(), alice).get(2))
                .isEqualTo(new ConversationDelivered(new FeedSeq(3), bob, bob, new MessageSeq(1)));
        assertThat(events(otherStorage(), bob).get(2))
                .isEqualTo(new ConversationDelivered(new FeedSeq(3), alice, bob, new MessageSeq(1)));
        read(bob, alice, 2);
        assertSees(alice, bob, 0, 0, 2, 2);
    }

    @Test
    void whatIsDeletedIsNotUnread() {
        var alice = person();
        var bob = person();
        var one = say(alice, bob, "1");
        var two = say(alice, bob, "2");
        var three = say(alice, bob, "3");
        read(bob, alice, 1);

        for (var message : List.of(one, two, two)) {
            write(new MessageChange(message, Optional.empty(), SENT));
        }

        assertSees(bob, alice, 1, 1, 0, 0);
        assertThat(list(otherStorage(), bob).get(0).last()).isEqualTo(three);
        read(bob, alice, 2);
        assertSees(bob, alice, 1, 2, 0, 0);
        write(new MessageChange(three, Optional.empty(), SENT));
        assertSees(bob, alice, 0, 2, 0, 0);
        assertThat(list(otherStorage(), bob).get(0).last()).isEqualTo(three.tombstone());
    }

    @Test
    void whoeverIsBlockedLearnsOfNoMark() {
        var alice = person();
        var bob = person();
        say(alice, bob, "1");
        say(alice, bob, "2");
        delivered(bob, alice, 1);
        storage().blocks().block(bob.id(), alice, SENT);
        int told = events(otherStorage(), alice).size();

        assertThat(delivered(bob, alice, 2)).isEqualTo(new Unchanged());
        assertThat(((Marked) read(bob, alice, 2)).places()).containsOnlyKeys(bob.id());

        assertSees(bob, alice, 0, 2, 0, 0);
        assertSees(alice, bob, 0, 0, 0, 1);
        assertThat(events(otherStorage(), alice)).hasSize(told);

        storage().blocks().unblock(bob.id(), alice, SENT);
        say(alice, bob, "3");
        assertSees(alice, bob, 0, 0, 0, 1);
        read(bob, alice, 3);
        assertSees(alice, bob, 0, 0, 3, 3);
    }

    @Test
    void aNoteToOneselfIsReadByWhoeverWritesIt() {
        var alice = person();
        say(alice, alice, "1");
        say(alice, alice, "2");

        assertSees(alice, alice, 0, 2, 2, 2);
        assertThat(read(alice, alice, 2)).isEqualTo(new Unchanged());
        assertThat(events(storage(), alice)).hasSize(2);
    }

    @Test
    void whereNothingWasSaidOrNobodyIsThereNothingIsMarked() {
        var alice = person();
        var bob = person();
        assertThat(read(alice, bob, 3)).isEqualTo(new Unchanged());
        assertThat(read(nobody(), alice, 3)).isEqualTo(new Nobody());
        assertThat(list(otherStorage(), alice)).isEmpty();

        say(bob, alice, "hello");
        storage().accounts().erase(bob.id(), SENT);
        assertSees(alice, bob, 0, 0, 0, 0);
        assertThat(((Marked) read(alice, bob, 1)).places()).containsOnlyKeys(alice.id());
        assertSees(alice, bob, 0, 1, 0, 0);
    }

    @Test
    void manyMarksOfOneBatchCountOnce() {
        var alice = person();
        var bob = person();
        var messages = new ArrayList<Message>();
        for (int i = 0; i < 6; i++) {
            messages.add(say(alice, bob, "hello"));
        }

        storage()
                .messages()
                .write(List.of(
                        mark(Kind.READ, bob, alice, 1),
                        mark(Kind.READ, bob, alice, 3),
                        draft(alice, bob, "seventh"),
                        new MessageChange(messages.get(1), Optional.empty(), SENT),
                        new MessageChange(messages.get(4), Optional.empty(), SENT),
                        mark(Kind.READ, bob, alice, 2)));

        assertSees(bob, alice, 3, 3, 0, 0);
        storage()
                .messages()
                .write(List.of(
                        mark(Kind.READ, bob, alice, 4), draft(alice, bob, "eighth"), mark(Kind.READ, bob, alice, 8)));
        assertSees(bob, alice, 0, 8, 0, 0);
    }

    @Test
    void whoeverRacesUnreadIsWhatARecountSays() {
        var alice = person();
        var bob = person();
        Race.run(50, i -> {
            var node = i % 2 == 0 ? storage() : otherStorage();
            for (int round = 0; round < 4; round++) {
                var write =
                        switch (i % 5) {
                            case 0 -> mark(Kind.READ, bob, alice, i + round);
                            case 1 -> mark(Kind.READ, alice, bob, 2L * i);
                            case 2 -> draft(bob, alice, "answer");
                            default -> draft(alice, bob, "hello");
                        };
                node.messages().write(List.of(write));
            }
            return true;
        });

        for (var pair : List.of(List.of(alice, bob), List.of(bob, alice))) {
            var one = list(storage(), pair.get(0)).get(0);
            assertThat(one.unread())
                    .isEqualTo(conversation(storage(), alice, bob).stream()
                            .filter(message -> message.recipient().equals(pair.get(0))
                                    && message.seq().compareTo(one.read()) > 0)
                            .count());
        }
    }
}

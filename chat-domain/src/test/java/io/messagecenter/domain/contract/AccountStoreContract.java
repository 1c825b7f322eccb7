package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.messagecenter.domain.account.AccountStore.Deletion;
import io.messagecenter.domain.account.AccountStore.Disabled;
import io.messagecenter.domain.account.AccountStore.Sweep;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.message.WriteResult.Repeated;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.Username;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an {@link io.messagecenter.domain.account.AccountStore} promises, and what the other stores make of it. */
public abstract class AccountStoreContract extends StorageContractBase {
    private static final int ALL = 1_000;

    @Test
    void accountsAreListedByNameWithAllThatIsKnownOfThem() {
        var p = freshName();
        var email = Optional.of(new EmailAddress(p + "@example.org"));
        var carol = storage()
                .users()
                .create(new NewUser(new Username(p + "Carol"), email, PasswordHash.UNUSABLE, SENT, true));
        var bob = storage().users().create(newUser(p + "bob"));
        var alice = storage().users().create(newUser(p + "alice"));
        var dave = storage().users().create(newUser(p + "dave"));
        storage().accounts().erase(bob.person().id(), SENT);

        assertSame(list(p, Optional.empty(), 10), List.of(alice, carol, dave));
        assertSame(list(p, Optional.empty(), 2), List.of(alice, carol));
        assertSame(list(p, Optional.of(p + "carol"), 10), List.of(dave));
        assertSame(
                storage()
                        .accounts()
                        .list(new PeopleQuery(Optional.of(carol.person().id()), p, Optional.empty(), 10)),
                List.of(alice, dave));
    }

    private List<User> list(String prefix, Optional<String> after, int limit) {
        return otherStorage().accounts().list(new PeopleQuery(Optional.empty(), prefix, after, limit));
    }

    @Test
    void whoeverIsDisabledIsSignedOutEverywhereAndStaysSoUntilEnabled() {
        var alice = storage().users().create(newUser(freshName()));
        var person = alice.person();
        var sessions = Stream.of(start(person), start(person)).sorted().toList();
        var disabled = new User(person, alice.email(), alice.created(), alice.admin(), true);
        var ended = List.of(
                new SessionEnded(new FeedSeq(1), sessions.get(0)), new SessionEnded(new FeedSeq(2), sessions.get(1)));

        assertThat(storage().accounts().disable(person.id(), SENT)).contains(new Disabled(disabled, ended));

        assertSame(otherStorage().users().find(person.id()), Optional.of(disabled));
        assertThat(otherStorage()
                        .users()
                        .credentials(person.name())
                        .orElseThrow()
                        .user())
                .isEqualTo(disabled);
        assertThat(otherStorage().sessions().list(person.id(), ENDLESS, SENT)).isEmpty();
        assertThat(otherStorage().sessions().endedSince(SENT)).containsAll(sessions);
        assertThat(events(otherStorage(), person)).isEqualTo(ended);
        assertThat(storage().accounts().disable(person.id(), SENT)).contains(new Disabled(disabled, List.of()));
        assertThat(append(draft(person(), person, "for later")).get(0)).isInstanceOf(Appended.class);

        assertThat(otherStorage().accounts().enable(person.id())).contains(alice);
        assertThat(storage().users().find(person.id())).contains(alice);
    }

    @Test
    void whoIsBarredIsKnownFromThatMomentOnUntilTheyAreEnabled() {
        var disabled = person();
        var erased = person();
        var enabled = person();
        storage().accounts().disable(disabled.id(), SENT);
        storage().accounts().erase(erased.id(), SENT);
        storage().accounts().disable(enabled.id(), SENT);
        storage().accounts().enable(enabled.id());

        assertThat(otherStorage().accounts().barredSince(SENT))
                .contains(disabled.id(), erased.id())
                .doesNotContain(enabled.id(), person().id());
        assertThat(otherStorage().accounts().barredSince(SENT.plusNanos(1_000)))
                .doesNotContain(disabled.id(), erased.id());
    }

    @Test
    void nothingBefallsWhoeverIsNotThere() {
        var erased = person();
        storage().accounts().erase(erased.id(), SENT);

        for (var person : List.of(nobody(), erased)) {
            assertThat(storage().accounts().disable(person.id(), SENT)).isEmpty();
            assertThat(storage().accounts().enable(person.id())).isEmpty();
            assertThat(storage().accounts().erase(person.id(), SENT)).isFalse();
        }
        assertThat(storage().accounts().sweep(nobody().id(), ALL, SENT)).isEqualTo(new Sweep(List.of(), true));
    }

    @Test
    void whatWasAnErasedAccountsIsGoneAndItsNameStaysTaken() {
        var email = new EmailAddress(freshName() + "@example.org");
        var name = new Username(freshName());
        var alice = storage()
                .users()
                .create(new NewUser(name, Optional.of(email), new PasswordHash("secret"), SENT, true))
                .person();
        var bob = person();
        var session = start(alice);
        var reset = token();
        assertThat(storage().resets().put(alice.id(), email, reset, SENT.plusSeconds(60)))
                .isTrue();
        storage().blocks().block(alice.id(), bob, SENT);
        storage().blocks().block(bob.id(), alice, SENT);
        otherStorage().users().find(name);

        assertThat(storage().accounts().erase(alice.id(), SENT)).isTrue();

        for (var node : List.of(storage(), otherStorage())) {
            assertThat(node.users().find(name))
                    .as("what was said to them stays")
                    .contains(alice);
            assertThat(node.users().find(alice.id())).isEmpty();
            assertThat(node.users().credentials(name)).isEmpty();
            assertThat(node.users().credentials(email, 10)).isEmpty();
            assertThat(node.users().list(new PeopleQuery(Optional.empty(), name.key(), Optional.empty(), 10)))
                    .isEmpty();
            assertThat(node.users().setPassword(alice.id(), PasswordHash.UNUSABLE, new PasswordHash("new")))
                    .isFalse();
            assertThat(node.users().setEmail(alice.id(), Optional.of(email))).isEmpty();
            assertThat(node.sessions().list(alice.id(), ENDLESS, SENT)).isEmpty();
            assertThat(node.sessions().endedSince(SENT)).contains(session);
            assertThat(node.resets().holds(reset, SENT)).isFalse();
            assertThat(node.blocks().blockedBy(alice.id())).isEmpty();
            assertThat(node.blocks().blockersOf(bob.id(), Set.of(alice.id()))).isEmpty();
            assertThat(node.blocks().blockedBy(bob.id()))
                    .as("so that it can be taken back")
                    .containsExactly(alice);
            assertThat(node.feeds().heads(List.of(alice.id()))).isEmpty();
            assertThat(node.messages().lastInMailbox(alice.id())).isEqualTo(MailboxSeq.ZERO);
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> node.feeds().read(alice.id(), FeedSeq.ZERO, 1))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> node.users().create(newUser(name.value())))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.USERNAME_TAKEN));
        }
    }

    @Test
    void whoErasesTheirOwnAccountHasItsPasswordAndASessionThatWasNotEnded() {
        var alice = person();
        var bob = person();
        var ended = start(alice);
        var session = start(alice);
        var ofBob = start(bob);
        assertThat(storage().sessions().end(alice.id(), ended, SENT)).isPresent();

        var accounts = otherStorage().accounts();
        assertThat(accounts.eraseOwn(alice.id(), new PasswordHash("another"), session, SENT))
                .isFalse();
        for (var wrong : List.of(ended, ofBob)) {
            assertThat(accounts.eraseOwn(alice.id(), PasswordHash.UNUSABLE, wrong, SENT))
                    .isFalse();
        }
        assertThat(storage().accounts().disable(bob.id(), SENT)).isPresent();
        assertThat(accounts.eraseOwn(bob.id(), PasswordHash.UNUSABLE, ofBob, SENT))
                .isFalse();
        assertThat(storage().users().find(alice.id())).isPresent();
        assertThat(storage().users().find(bob.id())).isPresent();

        assertThat(accounts.eraseOwn(alice.id(), PasswordHash.UNUSABLE, session, SENT))
                .isTrue();
        assertThat(storage().users().find(alice.id())).isEmpty();
        assertThat(accounts.eraseOwn(alice.id(), PasswordHash.UNUSABLE, session, SENT))
                .isFalse();
    }

    /** Of an account that is erased by its owner and disabled at once, one thing has come first. */
    @Test
    void nobodyErasesTheirAccountOnceTheirSessionHasEnded() {
        var people = people(25);
        var sessions = people.stream().map(this::start).toList();

        var done = Race.run(50, thread -> {
            var person = people.get(thread / 2);
            return thread % 2 == 0
                    ? storage().accounts().eraseOwn(person.id(), PasswordHash.UNUSABLE, sessions.get(thread / 2), SENT)
                    : otherStorage()
                            .sessions()
                            .end(person.id(), sessions.get(thread / 2), SENT)
                            .isPresent();
        });

        for (int i = 0; i < 25; i++) {
            assertThat(done.get(2 * i)).as("erased, or ended").isNotEqualTo(done.get(2 * i + 1));
            assertThat(storage().users().find(people.get(i).id()).isEmpty()).isEqualTo(done.get(2 * i));
        }
    }

    @Test
    void whatAnErasedAccountWroteIsUnreadableAtOnceOnEveryPath() {
        var alice = person();
        var bob = person();
        var hello = appended(append(draft(alice, bob, "hello", "key")).get(0)).message();
        var answer = say(bob, alice, "hi");
        var note = say(alice, alice, "note");

        storage().accounts().erase(alice.id(), SENT);

        for (var node : List.of(storage(), otherStorage())) {
            assertThat(conversation(node, alice, bob)).containsExactly(hello.tombstone(), answer);
            assertThat(mailbox(node, bob)).containsExactly(hello.tombstone(), answer);
            assertThat(node.messages().find(bob.id(), hello.id())).contains(hello.tombstone());
            assertThat(node.messages().find(bob.id(), answer.id())).contains(answer);
            assertThat(node.messages().find(alice.id(), note.id()).map(Message::text))
                    .contains("");
            assertThat(node.feeds().read(bob.id(), FeedSeq.ZERO, 2).events())
                    .containsExactly(
                            new MessageSent(new FeedSeq(1), hello.tombstone()),
                            new MessageSent(new FeedSeq(2), answer));
        }
    }

    @Test
    void nobodyWritesToOrAsAnErasedAccountButRepeatsAreAnsweredAsEver() {
        var alice = person();
        var bob = person();
        var hello = appended(append(draft(bob, alice, "hello", "key")).get(0)).message();
        storage().accounts().erase(alice.id(), SENT);

        assertThat(append(
                        draft(bob, alice, "hello", "key"),
                        draft(bob, alice, "more"),
                        draft(alice, bob, "still here"),
                        draft(alice, alice, "note")))
                .containsExactly(new Repeated(hello), new Nobody(), new Nobody(), new Nobody());
        assertThat(otherStorage().messages().find(bob.id(), hello.id())).contains(hello);
    }

    @Test
    void aSweepTellsEveryReaderOnceAndGoesOnWhereItStopped() {
        var alice = person();
        var bob = person();
        var carol = person();
        var sent = new ArrayList<Message>();
        for (int i = 0; i < 5; i++) {
            sent.add(say(alice, i % 2 == 0 ? bob : carol, "message " + i));
            say(bob, alice, "answer " + i);
            say(alice, alice, "note " + i);
        }
        storage().accounts().erase(alice.id(), SENT);
        assertThat(otherStorage().accounts().unsettled()).contains(alice.id());

        var deletions = sweep(alice, 2);

        assertThat(deletions)
                .containsExactly(
                        deletion(bob, 9, sent.get(0)),
                        deletion(carol, 3, sent.get(1)),
                        deletion(bob, 10, sent.get(2)),
                        deletion(carol, 4, sent.get(3)),
                        deletion(bob, 11, sent.get(4)));
        for (var reader : List.of(bob, carol)) {
            var told = deletions.stream()
                    .filter(one -> one.reader().equals(reader.id()))
                    .<Event>map(Deletion::event)
                    .toList();
            var feed = events(otherStorage(), reader);
            assertThat(feed.subList(feed.size() - told.size(), feed.size())).isEqualTo(told);
            assertThat(feed).extracting(event -> event.seq().value()).isSorted().doesNotHaveDuplicates();
        }
        assertThat(conversation(otherStorage(), alice, bob))
                .extracting(Message::text)
                .containsExactly("", "answer 0", "answer 1", "", "answer 2", "answer 3", "", "answer 4");
        assertThat(storage().accounts().sweep(alice.id(), ALL, SENT)).isEqualTo(new Sweep(List.of(), true));
    }

    @Test
    void whoIsErasedIsSettledOnceTheyAreSweptAndWereErasedBeforeAMoment() {
        var alice = person();
        var bob = person();
        say(alice, bob, "hello");
        say(alice, bob, "and more");
        var after = SENT.plusNanos(1_000);
        storage().accounts().erase(alice.id(), SENT);
        storage().accounts().settle(alice.id(), after);
        assertThat(storage().accounts().sweep(alice.id(), 1, SENT).done()).isFalse();
        storage().accounts().settle(alice.id(), after);
        assertThat(otherStorage().accounts().unsettled()).contains(alice.id());
        assertThat(sweep(alice, 1)).hasSize(1);
        storage().accounts().settle(alice.id(), SENT);
        assertThat(otherStorage().accounts().unsettled()).contains(alice.id());
        assertThat(sweep(alice, 1)).isEmpty();

        otherStorage().accounts().settle(alice.id(), after);
        storage().accounts().settle(alice.id(), after);
        storage().accounts().settle(bob.id(), after);

        assertThat(storage().accounts().unsettled()).doesNotContain(alice.id(), bob.id());
        assertThat(storage().accounts().sweep(alice.id(), 1, SENT)).isEqualTo(new Sweep(List.of(), true));
    }

    private List<Deletion> sweep(Person person, int limit) {
        var deletions = new ArrayList<Deletion>();
        Sweep sweep;
        int rounds = 0;
        do { // on one node, and then on another
            Storage node = rounds++ % 2 == 0 ? storage() : otherStorage();
            sweep = node.accounts().sweep(person.id(), limit, SENT);
            assertThat(sweep.deletions()).hasSizeLessThanOrEqualTo(limit);
            deletions.addAll(sweep.deletions());
        } while (!sweep.done());
        return deletions;
    }

    private static Deletion deletion(Person reader, long seq, Message message) {
        return new Deletion(reader.id(), new MessageDeleted(new FeedSeq(seq), message.tombstone()));
    }

    @Test
    void whoHasErasedTheirAccountIsToldOfNobodysErasure() {
        var alice = person();
        var bob = person();
        say(alice, bob, "hello");
        say(bob, alice, "hi");
        storage().accounts().erase(alice.id(), SENT);
        storage().accounts().erase(bob.id(), SENT);

        assertThat(sweep(alice, 10)).isEmpty();
        assertThat(sweep(bob, 10)).isEmpty();
    }

    /** Ids are drawn before places are, and of two nodes the one with the older block may write later. */
    @Test
    void deletionsAreToldInTheOrderInWhichMessagesWereSentWhateverTheirIds() {
        var alice = person();
        var bob = person();
        var drawnFirst = draft(alice, bob, "sent second");
        var drawnSecond = draft(alice, bob, "sent first");
        append(drawnSecond);
        append(drawnFirst);

        assertThat(storage().accounts().erase(alice.id(), SENT)).isTrue();
        sweep(alice, 1);

        assertThat(events(storage(), bob))
                .filteredOn(MessageDeleted.class::isInstance)
                .map(event -> ((MessageDeleted) event).message().id())
                .containsExactly(drawnSecond.id(), drawnFirst.id());
    }

    /** Fifty threads write, sweep and erase: every reader's feed has a deletion for each message it has, and one only. */
    @Test
    void whateverRacesWithAnErasureNothingOfItStays() {
        var alice = person();
        var readers = people(5);
        readers.forEach(reader -> say(alice, reader, "before"));
        Race.run(50, i -> {
            Storage node = i % 2 == 0 ? storage() : otherStorage();
            var reader = readers.get(i % 5);
            if (i == 25) {
                assertThat(node.accounts().erase(alice.id(), SENT)).isTrue();
            } else if (i % 10 == 5) {
                var unused = node.accounts().sweep(alice.id(), 3, SENT);
            } else if (i % 10 == 7) {
                var unused = node.messages().write(List.of(draft(reader, alice, "answer " + i)));
            } else {
                var unused = node.messages().write(List.of(draft(alice, reader, "message " + i)));
            }
            return true;
        });
        sweep(alice, 7);

        for (var reader : readers) {
            var sent = new ArrayList<Message>();
            var deleted = new ArrayList<Message>();
            for (var event : events(storage(), reader)) {
                if (event instanceof MessageSent one && one.message().sender().equals(alice)) {
                    sent.add(one.message());
                } else if (event instanceof MessageDeleted one) {
                    deleted.add(one.message());
                }
            }
            assertThat(sent).isNotEmpty().allMatch(Message::deleted);
            assertThat(deleted).isEqualTo(sent);
        }
    }

    private SessionId start(Person person) {
        var id = new SessionId(1 + ThreadLocalRandom.current().nextLong(JsonNumber.MAX));
        var session = new Session(id, person, SENT, SENT.plus(Duration.ofDays(14)), "");
        assertThat(storage().sessions().create(session, token(), Optional.empty(), Optional.empty(), ENDLESS))
                .contains(List.of());
        return id;
    }

    private static TokenHash token() {
        return SessionToken.random().hash();
    }
}

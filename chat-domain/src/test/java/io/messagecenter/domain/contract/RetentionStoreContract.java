package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.retention.RetentionStore.Stretch;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.retention.RetentionStore} promises. */
public abstract class RetentionStoreContract extends StorageContractBase {
    private static final int ALL = 1_000;

    // --- feeds

    @Test
    void entriesFromBeforeAMomentAreDroppedAndAllOthersStay() {
        var alice = feedOf(5);

        assertThat(prune(alice, at(3), ALL)).isEqualTo(2);

        assertThat(places(alice, 2)).containsExactly(3L, 4L, 5L);
        assertThat(places(alice, 4)).containsExactly(5L);
        assertTooOld(alice, 1, 5);
        assertTooOld(alice, 0, 5);
        assertThat(prune(alice, at(3), ALL)).isZero();
    }

    @Test
    void aMicrosecondDecides() {
        var alice = feedOf(5);

        assertThat(prune(alice, at(3).plusNanos(1_000), ALL)).isEqualTo(3);

        assertThat(places(alice, 3)).containsExactly(4L, 5L);
        assertTooOld(alice, 2, 5);
    }

    @Test
    void noMoreAreDroppedAtOnceThanIsWished() {
        var alice = feedOf(5);

        assertThat(prune(alice, at(5), 3)).isEqualTo(3);
        assertThat(places(alice, 3)).containsExactly(4L, 5L);
        assertTooOld(alice, 2, 5);

        assertThat(prune(alice, at(5), 3)).isEqualTo(1);
        assertThat(places(alice, 4)).containsExactly(5L);
        assertTooOld(alice, 3, 5);
        assertThat(prune(alice, at(5), 3)).isZero();
    }

    @Test
    void aFeedOfWhichNothingIsLeftGoesOn() {
        var alice = feedOf(3);
        assertThat(prune(alice, at(9), ALL)).isEqualTo(3);
        assertThat(storage().feeds().read(alice.id(), new FeedSeq(3), ALL).events())
                .isEmpty();
        assertTooOld(alice, 2, 3);
        assertThat(prune(alice, at(9), ALL)).isZero();

        var message = say(alice, alice, "another note");

        for (var node : List.of(storage(), otherStorage())) {
            assertSame(
                    node.feeds().read(alice.id(), new FeedSeq(3), ALL).events(),
                    List.of(new MessageSent(new FeedSeq(4), message)));
            assertThat(node.feeds().heads(List.of(alice.id()))).containsValue(new FeedSeq(4));
        }
        assertTooOld(alice, 2, 4);
    }

    @Test
    void theFeedOfTheOtherSideStaysAsItIs() {
        var alice = person();
        var bob = person();
        var message = say(alice, bob, "hello");

        assertThat(prune(alice, SENT.plusSeconds(1), ALL)).isEqualTo(1);

        assertThat(feed(storage(), bob)).containsExactly(message);
        assertThat(conversation(storage(), alice, bob)).containsExactly(message);
        assertThat(mailbox(storage(), alice)).containsExactly(message);
    }

    @Test
    void aClockThatIsFarBehindDropsNothingYoung() {
        var alice = person();
        sayAt(person(), alice, at(9));
        sayAt(person(), alice, Instant.EPOCH.plusSeconds(1));
        sayAt(person(), alice, at(9));

        assertThat(prune(alice, at(5), ALL)).isZero();

        assertThat(places(alice, 0)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatHappenedBesidesMessagesGrowsOldLikewise() {
        var alice = person();
        var bob = person();
        var message = sayAt(bob, alice, at(1));
        write(new MessageChange(message, Optional.of(new MessageBody("edited")), at(2)));
        write(new Mark(Mark.Kind.READ, alice, bob, message.seq(), at(3)));
        var unused = storage().blocks().block(alice.id(), bob, at(4));
        var unusedEither = storage().blocks().unblock(alice.id(), bob, at(5));
        write(new MessageChange(message, Optional.empty(), at(6)));

        for (int i = 1; i <= 6; i++) {
            assertThat(prune(alice, at(i), ALL)).as("before " + i).isEqualTo(i == 1 ? 0 : 1);
            assertThat(places(alice, i - 1)).hasSize(7 - i);
        }
    }

    @Test
    void whoIsNotThereHasNothingToDrop() {
        var alice = feedOf(3);
        assertThat(storage().accounts().erase(alice.id(), SENT)).isTrue();

        assertThat(prune(alice, at(9), ALL)).isZero();
        assertThat(prune(nobody(), at(9), ALL)).isZero();
        assertThat(dueFeeds(at(9), ALL)).doesNotContain(alice.id());
    }

    @Test
    void feedsThatBeginWithWhatIsOldAreFoundInStretchesThatMeet() {
        var empty = person();
        var young = person();
        sayAt(young, young, at(5));
        var old = List.of(feedOf(1), feedOf(1), feedOf(9));

        for (int limit : new int[] {1, 2, ALL}) {
            assertThat(dueFeeds(at(5), limit))
                    .contains(old.get(0).id(), old.get(1).id(), old.get(2).id())
                    .doesNotContain(empty.id(), young.id())
                    .doesNotHaveDuplicates();
        }

        prune(old.get(0), at(5), ALL);
        prune(old.get(2), at(5), 3);
        assertThat(dueFeeds(at(5), ALL))
                .contains(old.get(1).id(), old.get(2).id())
                .doesNotContain(old.get(0).id());
        assertThat(dueFeeds(at(1), ALL)).doesNotContain(old.get(1).id());
    }

    @Test
    void whoeverReadsWhileEntriesAreDroppedSeesNoHole() {
        var alice = person();
        var bob = person();
        var nodes = List.of(storage(), otherStorage());
        int total = 600;
        var writing = new AtomicInteger(2);
        var pruning = new AtomicInteger(2);

        var dropped = Race.run(8, thread -> {
            var node = nodes.get(thread % 2);
            int count = 0;
            if (thread < 2) {
                try {
                    for (int i = 0; i < total / 6; i++) {
                        node.messages()
                                .write(List.of(draft(alice, bob, "1"), draft(bob, alice, "2"), draft(bob, bob, "3")));
                    }
                } finally {
                    writing.decrementAndGet();
                }
            } else if (thread < 4) {
                try {
                    boolean last;
                    do {
                        last = writing.get() == 0;
                        int one;
                        do {
                            one = node.retention().prune(bob.id(), SENT.plusSeconds(60), 20);
                            count += one;
                        } while (one > 0);
                    } while (!last);
                } finally {
                    pruning.decrementAndGet();
                }
            } else {
                boolean last;
                do {
                    last = pruning.get() == 0;
                    look(node, bob);
                } while (!last);
            }
            return count;
        });

        assertThat(dropped.stream().mapToInt(Integer::intValue).sum()).isEqualTo(total);
        assertThat(storage().feeds().heads(List.of(bob.id()))).containsValue(new FeedSeq(total));
        assertTooOld(bob, total - 1, total);
        assertThat(feed(storage(), alice)).hasSize(total * 2 / 3);
    }

    /** From cursors near the end, where entries come and go: all that follows is there, or the cursor is too old. */
    private static void look(Storage node, Person owner) {
        long head = node.feeds().heads(List.of(owner.id())).get(owner.id()).value();
        for (long after = Math.max(0, head - 30); after <= head; after += 3) {
            try {
                var page = node.feeds().read(owner.id(), new FeedSeq(after), 20);
                for (int i = 0; i < page.events().size(); i++) {
                    assertThat(page.events().get(i).seq()).isEqualTo(new FeedSeq(after + 1 + i));
                }
                assertThat(after + page.events().size()).isGreaterThanOrEqualTo(Math.min(head, after + 20));
            } catch (ChatException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CURSOR_TOO_OLD);
                assertThat(e.feedLast().orElseThrow()).isGreaterThanOrEqualTo(head);
            }
        }
    }

    // --- messages

    @Test
    void messagesFromBeforeAMomentAreFoundFirstMessageFirst() {
        var alice = person();
        var bob = person();
        var said = List.of(
                sayAt(alice, bob, at(1)), sayAt(bob, alice, at(2)), sayAt(alice, bob, at(3)), sayAt(bob, alice, at(4)));

        assertSame(expired(alice, bob, at(3), ALL), said.subList(0, 2));
        assertSame(expired(alice, bob, at(3).plusNanos(1_000), ALL), said.subList(0, 3));
        assertSame(expired(alice, bob, at(9), 3), said.subList(0, 3));
        assertThat(expired(alice, bob, at(1), ALL)).isEmpty();
        assertThat(expired(alice, person(), at(9), ALL)).isEmpty();
    }

    @Test
    void whatIsDoneIsNotFoundAgain() {
        var alice = person();
        var bob = person();
        var said = List.of(sayAt(alice, bob, at(1)), sayAt(alice, bob, at(2)), sayAt(alice, bob, at(3)));
        var key = ConversationKey.of(alice.id(), bob.id());

        storage().retention().done(key, new MessageSeq(2));

        assertSame(expired(alice, bob, at(9), ALL), said.subList(2, 3));
        storage().retention().done(key, new MessageSeq(1));
        assertSame(expired(alice, bob, at(9), ALL), said.subList(2, 3));
        storage().retention().done(key, new MessageSeq(3));
        assertThat(expired(alice, bob, at(9), ALL)).isEmpty();

        var another = sayAt(bob, alice, at(8));
        write(new Mark(Mark.Kind.READ, alice, bob, another.seq(), at(8)));
        assertSame(expired(alice, bob, at(9), ALL), List.of(another));
        assertThat(conversation(storage(), alice, bob)).hasSize(4);
    }

    @Test
    void tombstonesAreFoundAsTombstones() {
        var alice = person();
        var bob = person();
        var first = sayAt(alice, bob, at(1));
        var second = sayAt(bob, alice, at(2));
        write(new MessageChange(first, Optional.empty(), at(3)));
        assertSame(expired(alice, bob, at(9), ALL), List.of(first.tombstone(), second));

        assertThat(storage().accounts().erase(bob.id(), SENT)).isTrue();

        assertSame(expired(alice, bob, at(9), ALL), List.of(first.tombstone(), second.tombstone()));
    }

    @Test
    void conversationsThatBeginWithWhatIsOldAreFoundInStretchesThatMeet() {
        var alice = person();
        var people = people(4);
        var keys = new ArrayList<ConversationKey>();
        for (var person : people) {
            sayAt(alice, person, at(keys.size() < 3 ? 1 : 5));
            sayAt(person, alice, at(6));
            keys.add(ConversationKey.of(alice.id(), person.id()));
        }

        for (int limit : new int[] {1, 2, ALL}) {
            assertThat(dueConversations(at(5), limit))
                    .contains(keys.get(0), keys.get(1), keys.get(2))
                    .doesNotContain(keys.get(3))
                    .doesNotHaveDuplicates();
        }

        storage().retention().done(keys.get(0), new MessageSeq(1));
        storage().retention().done(keys.get(1), new MessageSeq(2));
        assertThat(dueConversations(at(5), ALL)).contains(keys.get(2)).doesNotContain(keys.get(0), keys.get(1));
        assertThat(dueConversations(at(7), ALL))
                .contains(keys.get(0), keys.get(2), keys.get(3))
                .doesNotContain(keys.get(1));
    }

    // --- short ways

    private static Instant at(int second) {
        return SENT.plusSeconds(second);
    }

    private Message sayAt(Person sender, Person recipient, Instant sent) {
        return appended(append(draft(sender, recipient, "at " + sent, sent, Optional.empty()))
                        .get(0))
                .message();
    }

    private void write(Write write) {
        assertThat(storage().messages().write(List.of(write))).hasSize(1);
    }

    /** Somebody whose feed has so many entries, of which the first was made at second 1, the next at second 2. */
    private Person feedOf(int entries) {
        var alice = person();
        for (int i = 1; i <= entries; i++) {
            sayAt(alice, alice, at(i));
        }
        return alice;
    }

    private int prune(Person owner, Instant before, int limit) {
        return storage().retention().prune(owner.id(), before, limit);
    }

    private List<Long> places(Person person, long after) {
        return storage().feeds().read(person.id(), new FeedSeq(after), ALL).events().stream()
                .map(Event::seq)
                .map(FeedSeq::value)
                .toList();
    }

    private void assertTooOld(Person person, long after, long last) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> otherStorage().feeds().read(person.id(), new FeedSeq(after), ALL))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CURSOR_TOO_OLD);
                    assertThat(e.feedLast()).hasValue(last);
                });
    }

    private List<Message> expired(Person one, Person other, Instant before, int limit) {
        return storage().retention().expired(ConversationKey.of(one.id(), other.id()), before, limit);
    }

    private List<UserId> dueFeeds(Instant before, int limit) {
        return due(after -> storage().retention().oldFeeds(after, before, limit));
    }

    private List<ConversationKey> dueConversations(Instant before, int limit) {
        return due(after -> storage().retention().oldConversations(after, before, limit));
    }

    private static <K> List<K> due(Function<Optional<K>, Stretch<K>> look) {
        var due = new ArrayList<K>();
        var stretch = look.apply(Optional.empty());
        while (stretch.last().isPresent()) {
            due.addAll(stretch.due());
            stretch = look.apply(stretch.last());
        }
        assertThat(stretch.due()).isEmpty();
        return due;
    }
}

package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.feed.FeedStore} promises. */
public abstract class FeedStoreContract extends StorageContractBase {
    @Test
    void anEmptyFeedIsReadFromItsBeginning() {
        var alice = person();

        assertThat(read(alice, 0, 10)).isEqualTo(new FeedPage(List.of(), FeedSeq.ZERO, false));
    }

    @Test
    void bothSidesFindTheMessageAtTheirOwnPlace() {
        var alice = person("Alice" + freshName());
        var bob = person("Bob" + freshName());
        say(alice, alice, "note");
        var message = say(alice, bob, "hello");

        assertSame(read(alice, 1, 10).events(), List.of(new MessageSent(new FeedSeq(2), message)));
        assertSame(read(bob, 0, 10).events(), List.of(new MessageSent(new FeedSeq(1), message)));
    }

    @Test
    void aFeedIsReadInStretchesThatMeet() {
        var alice = feedOf(7);

        var first = read(alice, 0, 3);
        assertThat(places(first)).containsExactly(1L, 2L, 3L);
        assertThat(first.last()).isEqualTo(new FeedSeq(3));
        assertThat(first.more()).isTrue();

        var second = read(alice, 3, 3);
        assertThat(places(second)).containsExactly(4L, 5L, 6L);
        assertThat(second.last()).isEqualTo(new FeedSeq(6));
        assertThat(second.more()).isTrue();

        var third = read(alice, 6, 3);
        assertThat(places(third)).containsExactly(7L);
        assertThat(third.last()).isEqualTo(new FeedSeq(7));
        assertThat(third.more()).isFalse();
    }

    @Test
    void aStretchThatEndsWithTheFeedSaysThatThereIsNoMore() {
        var alice = feedOf(4);

        assertThat(read(alice, 0, 4).more()).isFalse();
        assertThat(read(alice, 3, 1).more()).isFalse();
        assertThat(read(alice, 2, 1).more()).isTrue();
        assertThat(places(read(alice, 0, Integer.MAX_VALUE))).containsExactly(1L, 2L, 3L, 4L);
        assertThat(places(read(alice, 2, Integer.MAX_VALUE))).containsExactly(3L, 4L);
    }

    @Test
    void afterTheLastEventThereIsNothingYet() {
        var alice = feedOf(2);

        assertThat(read(alice, 2, 10)).isEqualTo(new FeedPage(List.of(), new FeedSeq(2), false));
    }

    @Test
    void aCursorPastTheEndIsInvalid() {
        var alice = feedOf(2);

        for (long cursor : new long[] {3, 1_000, JsonNumber.MAX}) {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> read(alice, cursor, 10))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.INVALID);
                        assertThat(e.fields()).containsOnlyKeys("after");
                    });
        }
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> read(person(), 1, 10))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID));
    }

    @Test
    void whoIsNotThereHasNoFeed() {
        for (long cursor : new long[] {0, 1}) {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> read(nobody(), cursor, 10))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Test
    void aFeedIsItsOwnersAlone() {
        var alice = person();
        var bob = person();
        var carol = person();
        say(alice, bob, "between us");

        assertThat(read(carol, 0, 10).events()).isEmpty();
    }

    @Test
    void theHeadsOfManyFeedsAreReadAtOnce() {
        var alice = feedOf(3);
        var bob = person();
        var nobody = nobody();

        assertThat(storage().feeds().heads(List.of(alice.id(), bob.id(), nobody.id(), alice.id())))
                .containsOnly(entry(alice.id(), new FeedSeq(3)), entry(bob.id(), FeedSeq.ZERO));
        assertThat(storage().feeds().heads(List.of())).isEmpty();
        assertThat(storage().feeds().heads(List.of(nobody.id()))).isEmpty();
    }

    @Test
    void theHeadsOfAThousandFeedsAreReadAtOnce() {
        var expected = new HashMap<UserId, FeedSeq>();
        var users = new ArrayList<UserId>();
        var people = people(50);
        for (var person : people) {
            say(person, people.get(0), "hello");
            users.add(person.id());
        }
        while (users.size() < 1_000) {
            users.add(nobody().id());
        }
        people.forEach(person -> expected.put(person.id(), new FeedSeq(1)));
        expected.put(people.get(0).id(), new FeedSeq(50));

        Map<UserId, FeedSeq> heads = otherStorage().feeds().heads(users);

        assertThat(heads).isEqualTo(expected);
    }

    /** Somebody whose feed has so many events. */
    private Person feedOf(int events) {
        var alice = person();
        var batch = new ArrayList<NewMessage>();
        for (int i = 0; i < events; i++) {
            batch.add(draft(alice, alice, "note " + i));
        }
        storage().messages().write(batch);
        return alice;
    }

    private FeedPage read(Person person, long after, int limit) {
        return storage().feeds().read(person.id(), new FeedSeq(after), limit);
    }

    private static List<Long> places(FeedPage page) {
        return page.events().stream().map(Event::seq).map(FeedSeq::value).toList();
    }
}

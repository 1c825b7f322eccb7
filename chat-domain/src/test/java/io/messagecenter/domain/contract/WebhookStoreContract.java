package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.webhook.WebhookName;
import io.messagecenter.domain.webhook.WebhookStore.Behind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.webhook.WebhookStore} promises. */
public abstract class WebhookStoreContract extends StorageContractBase {
    private final WebhookName webhook = new WebhookName(freshName());
    private final LeaseHolder holder = LeaseHolder.random();

    @Test
    void aNewWebhookStandsAtTheEndOfAllFeedsThatThereAre() {
        var alice = person();
        say(alice, alice, "before");

        begin();

        assertThat(behind(alice)).isEmpty();
        say(alice, alice, "after");
        assertThat(behind(alice)).containsExactly(feed(alice, 1, 2));
    }

    @Test
    void whoComesLaterIsTakenFromTheBeginning() {
        begin();
        var alice = person();
        assertThat(behind(alice)).isEmpty();

        say(alice, alice, "one");
        say(alice, alice, "two");

        assertThat(behind(alice)).containsExactly(feed(alice, 0, 2));
    }

    @Test
    void aWebhookThatHasBegunStaysWhereItIs() {
        var alice = person();
        begin();
        say(alice, alice, "missed by nobody");

        begin();
        otherStorage().webhooks().begin(webhook);

        assertThat(behind(alice)).containsExactly(feed(alice, 0, 1));
    }

    @Test
    void whatIsTakenIsNotBehindAnyMore() {
        begin();
        var alice = person();
        var bob = person();
        say(alice, bob, "one");
        say(alice, bob, "two");
        hold();

        assertThat(advance(Map.of(alice.id(), new FeedSeq(2), bob.id(), new FeedSeq(1))))
                .isTrue();

        assertThat(behind(alice, bob)).containsExactly(feed(bob, 1, 2));
        assertThat(otherStorage().webhooks().behind(webhook, List.of(alice.id(), bob.id())))
                .containsExactly(feed(bob, 1, 2));
        assertThat(advance(Map.of(bob.id(), new FeedSeq(2)))).isTrue();
        assertThat(behind(alice, bob)).isEmpty();
    }

    @Test
    void aWebhookNeverGoesBack() {
        begin();
        var alice = person();
        for (int i = 0; i < 3; i++) {
            say(alice, alice, "note");
        }
        hold();
        assertThat(advance(Map.of(alice.id(), new FeedSeq(2)))).isTrue();

        assertThat(advance(Map.of(alice.id(), new FeedSeq(1)))).isTrue();

        assertThat(behind(alice)).containsExactly(feed(alice, 2, 3));
    }

    @Test
    void howFarAFeedIsNoLongerKeptIsKnown() {
        begin();
        var alice = person();
        for (int i = 0; i < 5; i++) {
            say(alice, alice, "note");
        }
        assertThat(otherStorage().retention().prune(alice.id(), SENT.plusSeconds(1), 3))
                .isEqualTo(3);

        var expected = new Behind(alice, FeedSeq.ZERO, new FeedSeq(3), new FeedSeq(5));
        assertThat(behind(alice)).containsExactly(expected);
        assertThat(behindOfAll(100)).containsEntry(alice.id(), expected);
        assertThat(storage().feeds().read(alice.id(), expected.pruned(), 10).events())
                .hasSize(2);
    }

    @Test
    void onlyWhoHasTheLeaseMovesAWebhook() {
        begin();
        var alice = person();
        say(alice, alice, "note");
        var places = Map.of(alice.id(), new FeedSeq(1));

        assertThat(advance(places)).isFalse();
        hold();
        assertThat(storage().webhooks().advance(webhook, LeaseHolder.random(), places))
                .isFalse();
        assertThat(behind(alice)).containsExactly(feed(alice, 0, 1));
        storage().leases().release(webhook.lease(), holder);
        assertThat(advance(places)).isFalse();

        assertThat(behind(alice)).containsExactly(feed(alice, 0, 1));
    }

    @Test
    void webhooksHaveNothingToDoWithEachOther() {
        begin();
        var alice = person();
        say(alice, alice, "note");
        hold();
        var other = new WebhookName(freshName());
        storage().webhooks().begin(other);
        say(alice, alice, "another");

        assertThat(advance(Map.of(alice.id(), new FeedSeq(2)))).isTrue();

        assertThat(behind(alice)).isEmpty();
        assertThat(storage().webhooks().behind(other, List.of(alice.id()))).containsExactly(feed(alice, 1, 2));
    }

    @Test
    void whoIsErasedOrWasNeverThereIsNotBehind() {
        begin();
        var alice = person();
        var bob = person();
        say(alice, bob, "hello");
        hold();
        assertThat(advance(Map.of(bob.id(), new FeedSeq(1)))).isTrue();

        assertThat(storage().accounts().erase(alice.id(), SENT)).isTrue();
        assertThat(storage().accounts().erase(bob.id(), SENT)).isTrue();

        assertThat(behind(alice, bob, nobody())).isEmpty();
        assertThat(behindOfAll(100)).doesNotContainKeys(alice.id(), bob.id());
        assertThat(advance(Map.of(alice.id(), new FeedSeq(1)))).isTrue();
        assertThat(behind(alice)).isEmpty();
    }

    @Test
    void nobodyAskedAboutIsNobodyBehind() {
        begin();

        assertThat(storage().webhooks().behind(webhook, List.of())).isEmpty();
    }

    @Test
    void aLookAtAllFindsThoseThatAreBehindAndNoneTwice() {
        var quiet = people(3);
        begin();
        var busy = people(7);
        busy.forEach(person -> say(person, person, "note"));
        say(quiet.get(1), quiet.get(1), "not so quiet");

        for (int users : new int[] {3, 100, 1_000_000}) {
            var behind = behindOfAll(users);
            assertThat(behind)
                    .doesNotContainKeys(quiet.get(0).id(), quiet.get(2).id());
            busy.forEach(person -> assertThat(behind).containsEntry(person.id(), feed(person, 0, 1)));
            assertThat(behind).containsEntry(quiet.get(1).id(), feed(quiet.get(1), 0, 1));
        }
    }

    @Test
    void aLookGoesOnAfterTheLastUserItHasLookedAt() {
        begin();
        var before = person();
        var people = people(4);
        people.forEach(person -> say(person, person, "note"));

        var first = storage().webhooks().behind(webhook, Optional.of(before.id()), 2);

        assertThat(first.behind()).containsExactly(feed(people.get(0), 0, 1), feed(people.get(1), 0, 1));
        assertThat(first.next()).contains(people.get(1).id());
        var second = storage().webhooks().behind(webhook, first.next(), 2);
        assertThat(second.behind()).containsExactly(feed(people.get(2), 0, 1), feed(people.get(3), 0, 1));
    }

    @Test
    void ofTwoWhoBeginAWebhookBothFindItBegun() {
        var alice = person();
        say(alice, alice, "before");

        Race.run(8, i -> {
            (i % 2 == 0 ? storage() : otherStorage()).webhooks().begin(webhook);
            return true;
        });

        assertThat(behind(alice)).isEmpty();
        say(alice, alice, "after");
        assertThat(behind(alice)).containsExactly(feed(alice, 1, 2));
    }

    private void begin() {
        storage().webhooks().begin(webhook);
    }

    private void hold() {
        assertThat(storage()
                        .leases()
                        .take(webhook.lease(), holder, Optional.empty())
                        .holder())
                .contains(holder);
    }

    private boolean advance(Map<UserId, FeedSeq> places) {
        return storage().webhooks().advance(webhook, holder, places);
    }

    private List<Behind> behind(Person... people) {
        var ids = List.of(people).stream().map(Person::id).toList();
        return storage().webhooks().behind(webhook, ids);
    }

    /** Looks at everybody, so many at once. */
    private Map<UserId, Behind> behindOfAll(int users) {
        var all = new HashMap<UserId, Behind>();
        Optional<UserId> after = Optional.empty();
        do {
            var found = otherStorage().webhooks().behind(webhook, after, users);
            found.behind()
                    .forEach(feed -> assertThat(all.put(feed.user().id(), feed)).isNull());
            after = found.next();
        } while (after.isPresent());
        return all;
    }

    private static Behind feed(Person person, long taken, long head) {
        return new Behind(person, new FeedSeq(taken), FeedSeq.ZERO, new FeedSeq(head));
    }
}

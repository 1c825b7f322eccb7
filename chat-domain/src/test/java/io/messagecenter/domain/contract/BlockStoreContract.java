package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.Blocked;
import io.messagecenter.domain.message.WriteResult.Repeated;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.block.BlockStore} promises, and what a message store makes of it. */
public abstract class BlockStoreContract extends StorageContractBase {
    @Test
    void aBlockIsKnownOnEveryNodeAndSaidInTheBlockersFeedAlone() {
        var alice = person();
        var bob = person("Bob" + freshName());

        var event = storage().blocks().block(alice.id(), bob, SENT);

        assertThat(event).contains(new UserBlocked(new FeedSeq(1), bob));
        assertThat(events(otherStorage(), alice)).containsExactly(new UserBlocked(new FeedSeq(1), bob));
        assertThat(events(otherStorage(), bob)).isEmpty();
        assertSame(otherStorage().blocks().blockedBy(alice.id()), List.of(bob));
        assertThat(storage().blocks().blockedBy(bob.id())).isEmpty();
    }

    @Test
    void whatIsSoAlreadyIsNotSaidAgain() {
        var alice = person();
        var bob = person();

        assertThat(storage().blocks().unblock(alice.id(), bob, SENT)).isEmpty();
        assertThat(storage().blocks().block(alice.id(), bob, SENT)).isPresent();
        assertThat(otherStorage().blocks().block(alice.id(), bob, SENT)).isEmpty();
        assertThat(otherStorage().blocks().unblock(alice.id(), bob, SENT))
                .contains(new UserUnblocked(new FeedSeq(2), bob));
        assertThat(storage().blocks().unblock(alice.id(), bob, SENT)).isEmpty();

        assertThat(storage().blocks().blockedBy(alice.id())).isEmpty();
        assertThat(events(storage(), alice))
                .containsExactly(new UserBlocked(new FeedSeq(1), bob), new UserUnblocked(new FeedSeq(2), bob));
    }

    @Test
    void whoeverIsNotThereBlocksNobody() {
        var bob = person();

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> storage().blocks().block(nobody().id(), bob, SENT))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void theBlockedAreListedByName() {
        var alice = person();
        var prefix = freshName();
        var people = List.of(person(prefix + "b"), person(prefix + "C"), person(prefix + "a"));
        people.forEach(one -> storage().blocks().block(alice.id(), one, SENT));

        assertThat(storage().blocks().blockedBy(alice.id()))
                .containsExactly(people.get(2), people.get(0), people.get(1));
    }

    @Test
    void whoBlocksSomebodyIsFoundAmongMany() {
        var bob = person();
        var blockers = people(3);
        var others = people(2);
        blockers.forEach(one -> storage().blocks().block(one.id(), bob, SENT));
        storage().blocks().block(others.get(0).id(), others.get(1), SENT);
        var asked =
                Set.of(blockers.get(0).id(), blockers.get(1).id(), others.get(0).id(), bob.id());

        assertThat(otherStorage().blocks().blockersOf(bob.id(), asked))
                .containsExactlyInAnyOrder(blockers.get(0).id(), blockers.get(1).id());
        assertThat(storage().blocks().blockersOf(bob.id(), Set.of())).isEmpty();
    }

    @Test
    void whomEachOfManyBlocksIsKnownInOneQuestion() {
        var blockers = people(2);
        var blocked = people(3);
        var stranger = person();
        storage().blocks().block(blockers.get(0).id(), blocked.get(0), SENT);
        storage().blocks().block(blockers.get(0).id(), blocked.get(1), SENT);
        storage().blocks().block(blockers.get(1).id(), blocked.get(1), SENT);
        storage().blocks().block(stranger.id(), blocked.get(2), SENT);
        storage().blocks().unblock(blockers.get(0).id(), blocked.get(0), SENT);
        var asked = Set.of(
                blockers.get(0).id(), blockers.get(1).id(), blocked.get(0).id(), nobody().id());

        assertThat(otherStorage().blocks().blockedByEach(asked))
                .isEqualTo(Map.of(
                        blockers.get(0).id(), Set.of(blocked.get(1).id()),
                        blockers.get(1).id(), Set.of(blocked.get(1).id())));
        assertThat(storage().blocks().blockedByEach(Set.of())).isEmpty();
    }

    @Test
    void whoIsBlockedCannotWriteAndNothingElseChanges() {
        var alice = person();
        var bob = person();
        var carol = person();
        storage().blocks().block(alice.id(), bob, SENT);

        var results = append(
                draft(bob, alice, "blocked"),
                draft(carol, alice, "welcome"),
                draft(alice, bob, "I may"),
                draft(bob, carol, "elsewhere"));

        assertThat(kinds(results)).containsExactly(Blocked.class, Appended.class, Appended.class, Appended.class);
        assertThat(conversation(otherStorage(), alice, bob))
                .containsExactly(appended(results.get(2)).message());
        assertThat(events(otherStorage(), alice)).hasSize(3);
        assertThat(events(otherStorage(), bob)).hasSize(2);

        storage().blocks().unblock(alice.id(), bob, SENT);
        assertThat(kinds(append(draft(bob, alice, "again")))).containsExactly(Appended.class);
    }

    @Test
    void aRepeatOfWhatWasSentBeforeTheBlockIsAnsweredAsEver() {
        var alice = person();
        var bob = person();
        var first = appended(append(draft(bob, alice, "hello", "key")).get(0)).message();
        storage().blocks().block(alice.id(), bob, SENT);

        var results = append(draft(bob, alice, "hello", "key"), draft(bob, alice, "more", "other"));

        assertThat(results).containsExactly(new Repeated(first), new Blocked());
        storage().blocks().unblock(alice.id(), bob, SENT);
        assertThat(kinds(append(draft(bob, alice, "more", "other"))))
                .as("a key whose message was refused is as good as new")
                .containsExactly(Appended.class);
    }

    @Test
    void nobodyIsKeptFromNotesToThemselves() {
        var alice = person();
        storage().blocks().block(alice.id(), person(), SENT);

        assertThat(kinds(append(draft(alice, alice, "note")))).containsExactly(Appended.class);
    }

    /** Fifty threads block and write at once: once a block is in the feed, no message comes after it. */
    @Test
    void noMessageComesAfterABlockWhoeverRaces() {
        var alice = person();
        var senders = people(10);
        var blocks = Collections.synchronizedList(new ArrayList<UserId>());
        Race.run(50, i -> {
            Person sender = senders.get(i % 10);
            var node = i % 2 == 0 ? storage() : otherStorage();
            if (i < 10) {
                if (node.blocks().block(alice.id(), sender, SENT).isPresent()) {
                    blocks.add(sender.id());
                }
            } else {
                node.messages().write(List.of(draft(sender, alice, "message " + i)));
            }
            return true;
        });

        assertThat(blocks).hasSize(10).doesNotHaveDuplicates();
        var blocked = new ArrayList<UserId>();
        for (var event : events(storage(), alice)) {
            if (event instanceof UserBlocked block) {
                blocked.add(block.user().id());
            } else if (event instanceof MessageSent sent) {
                assertThat(blocked).doesNotContain(sent.message().sender().id());
            }
        }
        assertThat(blocked).hasSize(10);
    }

    private static List<Class<?>> kinds(List<WriteResult> results) {
        return results.stream().<Class<?>>map(Object::getClass).toList();
    }
}

package io.messagecenter.domain.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.memory.InMemoryPresence;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.presence.Presence.Status;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** Rounds come when a test says so. */
class WatchesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final HandClock clock = new HandClock();
    private final InMemoryStorage storage = new InMemoryStorage();
    private final BlockStore blocks = spy(storage.blocks());
    private final ConversationStore conversations = spy(storage.conversations());
    private final InMemoryPresence otherNode = new InMemoryPresence(GRACE, clock);
    private final Presence presence = spy(otherNode.anotherNode());
    private final Accounts accounts = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), Clock.systemUTC());
    private final Person alice = accounts.register("alice");
    private final Person bob = accounts.register("bob");
    private final Person carol = accounts.register("carol");
    private boolean closed;
    private final ScheduledExecutorService scheduler = mock(ScheduledExecutorService.class);
    private final Watches watches = watches();
    private final Runnable round = scheduled();

    private static final class HandClock extends Clock {
        private Instant now = NOON;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** What one connection was told, as a client would have it. */
    private static final class Told implements Watches.Listener {
        private final List<String> frames = new ArrayList<>();
        private int room = Integer.MAX_VALUE;

        @Override
        public boolean ready() {
            return room > 0;
        }

        @Override
        public void onPresence(Person person, Status status) {
            room--;
            frames.add(person
                    + (status.online() ? " online" : " offline")
                    + status.lastSeen().map(moment -> " " + moment).orElse(""));
        }

        void assertNext(String... expected) {
            assertThat(frames).containsExactlyInAnyOrder(expected);
            frames.clear();
        }
    }

    private Watches watches() {
        doReturn(mock(ScheduledFuture.class))
                .when(scheduler)
                .scheduleWithFixedDelay(any(), anyLong(), anyLong(), any());
        return new Watches(
                presence,
                blocks,
                conversations,
                storage.feeds(),
                task -> {
                    if (closed) {
                        throw new RejectedExecutionException();
                    }
                    task.run();
                },
                scheduler,
                Watches.ROUND);
    }

    private Runnable scheduled() {
        var task = ArgumentCaptor.forClass(Runnable.class);
        verify(scheduler).scheduleWithFixedDelay(task.capture(), anyLong(), anyLong(), any());
        return task.getValue();
    }

    private void say(Person sender, Person recipient) {
        storage.messages()
                .write(List.of(new NewMessage(
                        storage.ids().next(), sender, recipient, new MessageBody("hello"), NOON, Optional.empty())));
    }

    /** One of alice's, who has been told that bob and carol are online. */
    private Watches.Watch watchOfTwo(Told told) {
        var watch = watches.watch(alice, told);
        otherNode.connected(bob.id());
        otherNode.connected(carol.id());
        watch.add(bob);
        watch.add(carol);
        round.run();
        told.assertNext("bob online", "carol online");
        return watch;
    }

    private void addOthers(Watches.Watch watch, int count) {
        for (int i = 0; i < count; i++) {
            watch.add(accounts.register("user" + i));
        }
    }

    private Told told(Person watcher) {
        var told = new Told();
        watches.watch(watcher, told);
        return told;
    }

    @Test
    void whoConnectsIsToldOfThoseOnlineWhomTheyTalkToAndOfNobodyElse() {
        var dave = accounts.register("dave");
        say(alice, bob);
        say(carol, alice);
        say(alice, dave);
        say(alice, alice);
        for (var person : List.of(alice, bob, carol, accounts.register("eve"))) {
            otherNode.connected(person.id());
        }

        var told = told(alice);
        round.run();

        told.assertNext("bob online", "carol online");
        round.run();
        told.assertNext();
    }

    @Test
    void whoComesAndGoesIsToldOnceEach() {
        say(alice, bob);
        var told = told(alice);
        round.run();
        told.assertNext();

        otherNode.connected(bob.id());
        round.run();
        round.run();
        told.assertNext("bob online");

        clock.pass(Duration.ofSeconds(60));
        otherNode.disconnected(bob.id());
        round.run();
        told.assertNext();
        clock.pass(GRACE);
        round.run();
        round.run();
        told.assertNext("bob offline 2026-11-22T12:01:00Z");
    }

    @Test
    void whoIsBackWithinTheGraceWasNeverGone() {
        say(alice, bob);
        otherNode.connected(bob.id());
        var told = told(alice);
        round.run();
        told.assertNext("bob online");

        for (int i = 0; i < 5; i++) {
            otherNode.disconnected(bob.id());
            clock.pass(GRACE.minusMillis(1));
            round.run();
            otherNode.connected(bob.id());
            round.run();
        }

        told.assertNext();
    }

    @Test
    void whoeverBlocksTheWatcherIsOfflineForThemInTheNextRoundAndWasNeverSeen() {
        say(alice, bob);
        say(carol, bob);
        otherNode.connected(bob.id());
        var ofAlice = told(alice);
        var ofCarol = told(carol);
        round.run();
        ofAlice.assertNext("bob online");
        ofCarol.assertNext("bob online");

        blocks.block(bob.id(), alice, NOON);
        round.run();
        ofAlice.assertNext("bob offline");
        ofCarol.assertNext();

        otherNode.disconnected(bob.id());
        clock.pass(GRACE);
        round.run();
        otherNode.connected(bob.id());
        round.run();
        ofAlice.assertNext();
        ofCarol.assertNext("bob offline 2026-11-22T12:00:00Z", "bob online");

        blocks.unblock(bob.id(), alice, NOON);
        round.run();
        ofAlice.assertNext("bob online");
    }

    @Test
    void whoBlocksAndIsGoneInOneRoundWasNeverSeenEither() {
        say(alice, bob);
        otherNode.connected(bob.id());
        var told = told(alice);
        round.run();
        told.assertNext("bob online");

        blocks.block(bob.id(), alice, NOON);
        otherNode.disconnected(bob.id());
        clock.pass(GRACE);
        round.run();

        told.assertNext("bob offline");
    }

    @Test
    void whoIsErasedIsOfflineInTheNextRoundAndWasNeverSeen() {
        say(alice, bob);
        otherNode.connected(bob.id());
        var told = told(alice);
        round.run();
        told.assertNext("bob online");

        storage.accounts().erase(bob.id(), NOON);
        round.run();
        told.assertNext("bob offline");

        otherNode.disconnected(bob.id());
        round.run();
        clock.pass(GRACE);
        round.run();
        told.assertNext();
        told(alice);
        round.run();
        told.assertNext();
    }

    @Test
    void thoseWithWhomAConversationBeginsAreWatchedFromThenOn() {
        var told = new Told();
        var watch = watches.watch(alice, told);
        otherNode.connected(bob.id());
        otherNode.connected(alice.id());
        round.run();
        told.assertNext();

        watch.add(bob);
        watch.add(bob);
        watch.add(alice);
        round.run();

        told.assertNext("bob online");
    }

    @Test
    void whoeverIsAddedCountsAsOfflineUntilItIsToldOtherwise() {
        var told = new Told();
        var watch = watches.watch(alice, told);
        otherNode.connected(bob.id());
        otherNode.disconnected(bob.id());
        clock.pass(GRACE);

        watch.add(bob);
        watch.add(carol);
        round.run();

        told.assertNext();
    }

    @Test
    void ofWhoeverFellOutAndIsAddedAgainIsToldHowThingsStandWhicheverWay() {
        var told = new Told();
        var watch = watchOfTwo(told);
        addOthers(watch, Watches.PEERS); // and both are out
        round.run();
        otherNode.disconnected(bob.id());
        clock.pass(GRACE);
        blocks.block(carol.id(), alice, NOON);

        watch.add(bob);
        watch.add(carol);
        told.room = 0;
        round.run();
        told.assertNext();
        told.room = 10;
        round.run();
        told.assertNext("carol offline", "bob offline 2026-11-22T12:00:00Z");
        round.run();
        told.assertNext();
    }

    @Test
    void ofManyTheLatestAreWatchedAndOfWhoeverFallsOutNothingIsTold() {
        var dave = accounts.register("dave");
        var told = new Told();
        var watch = watchOfTwo(told);

        addOthers(watch, Watches.PEERS - 2);
        watch.add(bob); // has written again
        round.run();
        told.assertNext();
        watch.add(dave); // and carol is out
        round.run();
        otherNode.disconnected(carol.id());
        clock.pass(GRACE);
        round.run();

        told.assertNext();
        verify(presence, times(4)).of(any());
    }

    @Test
    void whoFallsOutAndComesBackIsToldOfAfreshHoweverSoon() {
        var told = new Told();
        var watch = watchOfTwo(told);
        addOthers(watch, Watches.PEERS - 2);

        watch.add(accounts.register("dave")); // and bob is out
        round.run();
        told.assertNext();
        watch.add(bob); // and carol is out
        watch.add(carol); // and another one
        round.run();
        told.assertNext("bob online", "carol online");
    }

    @Test
    void ofThoseWhoFellOutWhileOnlineTheLatestAreToldOfAfresh() {
        var told = new Told();
        var watch = watchOfTwo(told);
        addOthers(watch, Watches.PEERS - 1); // and bob is out
        round.run();
        for (int i = 1; i < Watches.LAPSED + Watches.PEERS; i++) {
            // And carol is out, then the others, then most of these.
            var person = accounts.register("present" + i);
            otherNode.connected(person.id());
            watch.add(person);
            if (i % 50 == 0) {
                round.run();
            }
        }
        round.run();
        told.frames.clear();

        for (var person : List.of(bob, carol)) {
            otherNode.disconnected(person.id());
            watch.add(person);
        }
        clock.pass(GRACE);
        round.run();
        told.assertNext("carol offline 2026-11-22T12:00:00Z");
    }

    @Test
    void ofManyConversationsTheLatestAreLoaded() {
        var people = new ArrayList<Person>();
        for (int i = 0; i <= Watches.PEERS; i++) {
            var person = accounts.register("user" + i);
            people.add(person);
            otherNode.connected(person.id());
            say(alice, person);
        }

        var told = new Told();
        var watch = watches.watch(alice, told);
        round.run();

        assertThat(told.frames).hasSize(Watches.PEERS).doesNotContain(people.get(0) + " online");
        told.frames.clear();
        watch.add(people.get(0));
        round.run();
        told.assertNext(people.get(0) + " online");
    }

    @Test
    void whoIsErasedKeepsTheirPlaceAmongTheLatest() {
        var told = new Told();
        say(alice, bob);
        say(alice, carol);
        otherNode.connected(bob.id());
        otherNode.connected(carol.id());
        var others = new ArrayList<Person>();
        for (int i = 1; i < Watches.PEERS; i++) {
            others.add(accounts.register("user" + i));
        }
        others.forEach(person -> say(alice, person));
        storage.accounts().erase(others.get(0).id(), NOON);

        var watch = watches.watch(alice, told);
        round.run();
        told.assertNext("carol online");
        watch.add(bob); // and carol is out
        round.run();
        told.assertNext("bob online");
    }

    @Test
    void whoGoesAndComesBackBeforeASlowReaderHasRoomWasNeverGoneForThem() {
        say(alice, bob);
        otherNode.connected(bob.id());
        var told = told(alice);
        round.run();
        told.assertNext("bob online");

        told.room = 0;
        otherNode.disconnected(bob.id());
        clock.pass(GRACE);
        round.run();
        otherNode.connected(bob.id());
        told.room = 10;
        round.run();

        told.assertNext();
    }

    @Test
    void whoReadsSlowlyHearsTheLatestStateWhenThereIsRoomAndNoHistory() {
        say(alice, bob);
        say(alice, carol);
        otherNode.connected(carol.id());
        var told = told(alice);
        var other = told(alice);
        told.room = 0;
        for (int i = 0; i < 3; i++) {
            otherNode.connected(bob.id());
            round.run();
            otherNode.disconnected(bob.id());
            clock.pass(GRACE);
            round.run();
        }
        told.assertNext();
        assertThat(other.frames).hasSize(7);

        otherNode.connected(bob.id());
        told.room = 1;
        round.run();
        assertThat(told.frames).hasSize(1);
        told.room = 10;
        round.run();

        told.assertNext("bob online", "carol online");
    }

    @Test
    void aRoundAsksOncePerStoreHoweverManyWatch() {
        for (int i = 0; i < 50; i++) {
            var watcher = accounts.register("user" + i);
            say(watcher, i % 2 == 0 ? bob : carol);
            told(watcher);
        }
        otherNode.connected(bob.id());
        otherNode.connected(carol.id());

        round.run();

        verify(presence, times(1)).of(any());
        verify(blocks, times(1)).blockedByEach(any());
    }

    @Test
    void whileTheStoreIsAwayNobodyIsToldAnythingAndAfterwardsEverything() {
        say(alice, bob);
        otherNode.connected(bob.id());
        doThrow(ChatException.unavailable("gone", new IOException()))
                .doCallRealMethod()
                .when(blocks)
                .blockedByEach(any());
        doThrow(ChatException.unavailable("gone", new IOException()))
                .doThrow(ChatException.unavailable("gone", new IOException()))
                .doCallRealMethod()
                .when(conversations)
                .peers(any(), anyInt());
        var told = told(alice);

        round.run(); // does not know her peers
        round.run(); // does not know who blocks her
        told.assertNext();
        round.run();

        told.assertNext("bob online");
    }

    @Test
    void ofWhomNothingIsKnownCountsAsOffline() {
        say(alice, bob);
        say(alice, carol);
        otherNode.connected(bob.id());
        var told = told(alice);
        round.run();
        told.assertNext("bob online");

        doReturn(Map.of()).when(presence).of(any());
        round.run();
        round.run();

        told.assertNext("bob offline");
    }

    @Test
    void aWatchThatIsClosedHearsNothingMoreAndIsNotAskedFor() {
        say(alice, bob);
        var told = new Told();
        var watch = watches.watch(alice, told);
        round.run();
        otherNode.connected(bob.id());

        watch.close();
        watch.close();
        watch.add(carol);
        round.run();

        told.assertNext();
        verify(presence, times(1)).of(any());
    }

    @Test
    void aListenerThatThrowsHarmsNoOther() {
        say(alice, bob);
        otherNode.connected(bob.id());
        watches.watch(alice, new Watches.Listener() {
            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public void onPresence(Person person, Status status) {
                throw new IllegalStateException("A listener that throws");
            }
        });
        var others = List.of(told(alice), told(alice));

        round.run();

        others.forEach(told -> told.assertNext("bob online"));
    }

    @Test
    void aNodeThatStopsWatchesNobody() {
        say(alice, bob);
        closed = true;
        var told = told(alice);
        watches.close();

        round.run();

        told.assertNext();
        verify(presence, times(0)).of(any());
    }
}

package io.messagecenter.domain.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** A listener that is not always ready: events wait in the store, and none is lost, repeated or read in vain. */
class SlowListenerTest {
    private final World world = new World();

    /** A feed, its follower, and a listener with room for some events; one thread plays all of them. */
    private static final class World implements FeedListener {
        private final InMemoryStorage storage = new InMemoryStorage();
        private final Person alice = storage.users()
                .create(new NewUser(
                        new Username("alice"), Optional.empty(), PasswordHash.UNUSABLE, Instant.EPOCH, false))
                .person();
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private final List<Long> heard = new ArrayList<>();
        private final FeedFollower follower = new FeedFollower(
                alice.id(), Optional.of(FeedSeq.ZERO), storage.feeds(), tasks::add, Telemetry.NONE, this);
        private int room;
        private long sent;

        Hint happen() {
            var message = new NewMessage(
                    storage.ids().next(), alice, alice, new MessageBody("m"), Instant.EPOCH, Optional.empty());
            storage.messages().write(List.of(message));
            sent++;
            Message stored =
                    storage.messages().find(alice.id(), new MessageId(sent)).orElseThrow();
            return Hint.of(alice.id(), new MessageSent(new FeedSeq(sent), stored));
        }

        void run() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        void makeRoom(int events) {
            room = events;
            follower.resume();
            run();
        }

        @Override
        public void onStart(FeedSeq from) {
            // The cursor is known.
        }

        @Override
        public boolean ready() {
            return room > 0;
        }

        @Override
        public void onEvent(Event event) {
            room--;
            heard.add(event.seq().value());
        }

        @Override
        public void onReset(FeedSeq last) {
            throw new AssertionError("Nothing was pruned");
        }
    }

    @Test
    void aListenerThatIsNotReadyHearsNothing() {
        world.follower.start();
        world.run();
        world.follower.onHint(world.happen());
        world.run();

        assertThat(world.heard).isEmpty();
    }

    @Test
    void whatHappenedMeanwhileIsReadFromTheStoreOnceItIsReady() {
        world.follower.start();
        world.run();
        for (int i = 0; i < 5; i++) {
            world.follower.onHint(world.happen());
        }
        world.run();

        world.makeRoom(10);

        assertThat(world.heard).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aListenerThatFillsUpInTheMiddleOfAPageGetsTheRestLater() {
        for (int i = 0; i < 5; i++) {
            world.happen();
        }
        world.room = 2;
        world.follower.start();
        world.run();
        assertThat(world.heard).containsExactly(1L, 2L);

        world.makeRoom(2);
        assertThat(world.heard).containsExactly(1L, 2L, 3L, 4L);

        world.makeRoom(2);
        assertThat(world.heard).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void hintsForAListenerThatWaitsCostNoReads() {
        world.follower.start();
        world.run();
        world.follower.onHint(world.happen());
        world.run();

        for (int i = 0; i < 100; i++) {
            world.follower.onHint(world.happen());
        }

        assertThat(world.tasks).isEmpty();
    }

    @Test
    void resumingOneThatNeverWaitedDoesNothing() {
        world.room = 10;
        world.follower.start();
        world.run();

        world.follower.resume();

        assertThat(world.tasks).isEmpty();
    }

    @Property(tries = 300)
    void howeverItsRoomComesAndGoesEveryEventArrivesOnceInOrder(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 5) Integer> steps) {
        var world = new World();
        world.follower.start();
        for (int step : steps) {
            switch (step) {
                case 0 -> world.happen(); // its hint is lost
                case 1, 2 -> world.follower.onHint(world.happen());
                case 3 -> world.run();
                default -> world.makeRoom(step - 3);
            }
            assertThat(world.room).isNotNegative();
        }
        world.follower.onHint(world.happen());
        world.makeRoom(Integer.MAX_VALUE);

        assertThat(world.heard).hasSize((int) world.sent).isSorted().doesNotHaveDuplicates();
    }
}

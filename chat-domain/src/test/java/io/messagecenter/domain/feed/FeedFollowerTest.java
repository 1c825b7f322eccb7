package io.messagecenter.domain.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class FeedFollowerTest {
    private static final UserId ALICE = new UserId(1);
    private static final Person PERSON = new Person(ALICE, new Username("alice"));

    private final Script script = new Script();

    /** One thread plays store, executor, notifier and listener, and says when each of them acts. */
    private static final class Script implements FeedStore, FeedListener, Telemetry {
        private final List<String> heard = new ArrayList<>();
        private final List<String> asked = new ArrayList<>();
        private final List<Integer> caughtUp = new ArrayList<>();
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private Consumer<Event> onEvent = event -> {};
        private Runnable whileReading = () -> {};
        private long committed;
        private long kept;
        private boolean unknownUser;
        private boolean outage;
        private boolean full;
        private FeedFollower follower = follow(Optional.empty());

        FeedFollower follow(Optional<Long> after) {
            follower = new FeedFollower(ALICE, after.map(FeedSeq::new), this, tasks::add, this, this);
            return follower;
        }

        /** Starts after a cursor, and lets the first read happen. */
        void started(long after) {
            follow(Optional.of(after)).start();
            run();
            heard.clear();
            asked.clear();
            caughtUp.clear();
        }

        void run() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        /** Tells of the place of an event, and carries the event. */
        void hint(long seq) {
            follower.onHint(Hint.of(ALICE, event(seq)));
        }

        /** Tells of the place alone. */
        void bareHint(long seq) {
            follower.onHint(Hint.of(ALICE, new FeedSeq(seq)));
        }

        @Override
        public FeedPage read(UserId user, FeedSeq after, int limit) {
            asked.add("read " + after);
            if (asked.size() > 1_000) {
                throw new AssertionError("It reads for ever");
            }
            if (outage) {
                throw ChatException.unavailable("gone", new IOException());
            }
            if (after.value() < kept) {
                throw ChatException.cursorTooOld(committed);
            }
            var events = LongStream.rangeClosed(after.value() + 1, Math.min(committed, after.value() + limit))
                    .mapToObj(FeedFollowerTest::event)
                    .toList();
            var more = after.value() + events.size() < committed;
            whileReading.run();
            return FeedPage.of(events, after, more);
        }

        @Override
        public Map<UserId, FeedSeq> heads(Collection<UserId> users) {
            asked.add("heads " + users);
            if (outage) {
                throw ChatException.unavailable("gone", new IOException());
            }
            var head = new FeedSeq(committed);
            whileReading.run();
            return unknownUser ? Map.of() : Map.of(ALICE, head);
        }

        @Override
        public void onStart(FeedSeq from) {
            heard.add("start " + from);
        }

        @Override
        public boolean ready() {
            return !full;
        }

        @Override
        public void onSignal(Signal signal) {
            heard.add("signal");
        }

        void signal() {
            follower.onSignal(new Signal.Typing(ALICE, PERSON));
        }

        @Override
        public void onEvent(Event event) {
            heard.add("" + event.seq());
            onEvent.accept(event);
        }

        @Override
        public void onReset(FeedSeq last) {
            heard.add("reset " + last);
        }

        @Override
        public void caughtUp(int events) {
            caughtUp.add(events);
        }
    }

    private static Event event(long seq) {
        var message = new Message(
                new MessageId(seq),
                PERSON,
                PERSON,
                new MessageBody("message " + seq),
                Instant.EPOCH,
                new MessageSeq(seq),
                Optional.empty());
        return new MessageSent(new FeedSeq(seq), message);
    }

    @Test
    void withoutACursorTheStreamBeginsWhereTheFeedStands() {
        script.committed = 7;

        script.follower.start();
        script.run();
        script.hint(8);

        assertThat(script.heard).containsExactly("start 7", "8");
        assertThat(script.asked).containsExactly("heads [1]");
    }

    @Test
    void withACursorWhatCameAfterItComesFirst() {
        script.committed = 7;

        script.follow(Optional.of(4L)).start();
        script.run();
        script.hint(8);

        assertThat(script.heard).containsExactly("start 4", "5", "6", "7", "8");
        assertThat(script.asked).containsExactly("heads [1]", "read 4");
        assertThat(script.caughtUp).containsExactly(3);
    }

    @Test
    void aCursorAtTheEndNeedsNoRead() {
        script.committed = 7;

        script.follow(Optional.of(7L)).start();
        script.run();

        assertThat(script.heard).containsExactly("start 7");
        assertThat(script.asked).containsExactly("heads [1]");
    }

    @Test
    void aCursorPastTheEndIsReset() {
        script.committed = 7;

        script.follow(Optional.of(8L)).start();
        script.run();
        script.hint(8);

        assertThat(script.heard).containsExactly("reset 7", "8");
    }

    @Test
    void aCursorThatIsNoLongerKeptIsReset() {
        script.committed = 7;
        script.kept = 5;

        script.follow(Optional.of(4L)).start();
        script.run();
        script.hint(8);

        assertThat(script.heard).containsExactly("start 4", "reset 7", "8");
    }

    @Test
    void aFollowerThatFellBehindWhatIsKeptIsReset() {
        script.committed = 7;
        script.started(7);
        script.committed = 900;
        script.kept = 800;

        script.hint(900);
        script.run();
        script.hint(901);

        assertThat(script.heard).containsExactly("reset 900", "901");
    }

    @Test
    void anEmptyFeedBeginsAtZero() {
        script.follow(Optional.of(0L)).start();
        script.run();
        script.hint(1);

        assertThat(script.heard).containsExactly("start 0", "1");
    }

    @Test
    void whoIsNotThereHearsNothing() {
        script.unknownUser = true;

        script.follower.start();
        script.run();
        script.hint(1);
        script.run();

        assertThat(script.heard).isEmpty();
        assertThat(script.asked).containsExactly("heads [1]");
    }

    @Test
    void theHintOfTheNextPlaceIsPassedOnAtOnceWithoutTheStore() {
        script.started(0);

        script.hint(1);
        script.hint(2);
        script.hint(3);

        assertThat(script.heard).containsExactly("1", "2", "3");
        assertThat(script.asked).isEmpty();
    }

    @Test
    void aHintOfAPlaceAlreadyPassedIsDropped() {
        script.started(0);

        script.hint(1);
        script.hint(1);
        script.hint(2);
        script.hint(1);
        script.bareHint(2);
        script.run();

        assertThat(script.heard).containsExactly("1", "2");
        assertThat(script.asked).isEmpty();
    }

    @Test
    void aHintBeyondTheNextPlaceMakesItReadTheStore() {
        script.started(0);
        script.committed = 3;

        script.hint(3);
        assertThat(script.heard).isEmpty();
        script.run();

        assertThat(script.heard).containsExactly("1", "2", "3");
        assertThat(script.asked).containsExactly("read 0");
        assertThat(script.caughtUp).containsExactly(3);
    }

    @Test
    void aHintWithoutItsEventMakesItReadTheStore() {
        script.started(0);
        script.committed = 1;

        script.bareHint(1);
        script.run();

        assertThat(script.heard).containsExactly("1");
        assertThat(script.asked).containsExactly("read 0");
    }

    @Test
    void hintsThatComeBeforeItHasStartedAreNotForgotten() {
        script.follow(Optional.of(0L));

        script.hint(2);
        script.committed = 2;
        script.follower.start();
        script.run();

        assertThat(script.heard).containsExactly("start 0", "1", "2");
    }

    @Test
    void whatIsCommittedBetweenTheHeadAndTheFirstReadIsNotForgotten() {
        script.committed = 2;
        script.follow(Optional.of(1L)).start();
        script.whileReading = () -> {
            script.whileReading = () -> {};
            script.committed = 3;
            script.hint(3);
        };

        script.run();

        assertThat(script.heard).containsExactly("start 1", "2", "3");
    }

    @Test
    void aSignalIsPassedOnBetweenTwoEventsAndNothingIsReadForIt() {
        script.started(0);

        script.signal();
        script.hint(1);
        script.signal();
        script.hint(2);
        script.run();

        assertThat(script.heard).containsExactly("signal", "1", "signal", "2");
        assertThat(script.asked).isEmpty();
    }

    @Test
    void aSignalThatComesBeforeTheFeedIsLiveIsDropped() {
        script.follow(Optional.of(0L));
        script.signal();
        script.follower.start();
        script.signal();
        script.committed = 1;
        script.whileReading = script::signal;
        script.run();

        assertThat(script.heard).containsExactly("start 0", "1");
        script.signal();
        assertThat(script.heard).containsExactly("start 0", "1", "signal");
    }

    @Test
    void aSignalToAListenerThatIsNotReadyIsDroppedAndTheFeedGoesOnUnchanged() {
        script.started(0);
        script.full = true;
        script.signal();
        script.full = false;
        script.hint(1);
        script.full = true;
        script.hint(2); // from here on it waits to be resumed
        script.full = false;
        script.signal();
        script.committed = 2;
        script.follower.resume();
        script.run();
        script.signal();

        assertThat(script.heard).containsExactly("1", "2", "signal");
        assertThat(script.asked).containsExactly("read 1");
    }

    @Test
    void aFollowerThatIsClosedPassesNoSignalOn() {
        script.started(0);
        script.follower.close();

        script.signal();

        assertThat(script.heard).isEmpty();
    }

    @Test
    void aHintThatComesWhileItReadsIsCaughtUpWith() {
        script.started(0);
        script.committed = 2;
        script.whileReading = () -> {
            script.whileReading = () -> {};
            script.committed = 4;
            script.hint(3);
            script.hint(4);
        };

        script.hint(2);
        script.run();
        script.hint(5);

        assertThat(script.heard).containsExactly("1", "2", "3", "4", "5");
        assertThat(script.asked).containsExactly("read 0", "read 2");
    }

    @Test
    void howeverManyHintsComeWhileAReadIsDueItReadsOnce() {
        script.started(0);
        script.committed = 5;

        script.hint(3);
        script.hint(2);
        script.hint(5);
        script.hint(1);
        assertThat(script.tasks).hasSize(1);
        script.run();

        assertThat(script.heard).containsExactly("1", "2", "3", "4", "5");
        assertThat(script.asked).containsExactly("read 0");
    }

    @Test
    void aLongWayIsReadInStretches() {
        script.committed = 600;

        script.follow(Optional.of(0L)).start();
        script.run();

        assertThat(script.heard).hasSize(601).startsWith("start 0", "1").endsWith("599", "600");
        assertThat(script.asked).containsExactly("heads [1]", "read 0", "read 256", "read 512");
        assertThat(script.caughtUp).containsExactly(256, 256, 88);
    }

    @Test
    void aHintAheadOfWhatTheStoreHasDoesNotMakeItReadForEver() {
        script.started(0);
        script.committed = 1;

        script.bareHint(9);
        script.run();
        script.hint(2);

        assertThat(script.heard).containsExactly("1", "2");
        assertThat(script.asked).containsExactly("read 0", "read 1");
    }

    @Test
    void whileTheStoreIsOutOfReachItStandsStillAndGoesOnWithTheNextHint() {
        script.started(0);
        script.outage = true;
        script.committed = 2;

        script.hint(2);
        script.run();
        assertThat(script.heard).isEmpty();
        script.outage = false;
        script.committed = 3;
        script.bareHint(3);
        script.run();

        assertThat(script.heard).containsExactly("1", "2", "3");
    }

    @Test
    void theNextEventAfterAnOutageIsPassedOnAndWhatIsMissingAfterItIsRead() {
        script.started(0);
        script.outage = true;
        script.committed = 3;
        script.hint(3);
        script.run();

        script.outage = false;
        script.hint(1);
        script.hint(3);
        script.run();

        assertThat(script.heard).containsExactly("1", "2", "3");
    }

    @Test
    void anOutageAtTheStartIsOvercomeByTheNextHint() {
        script.outage = true;
        script.committed = 2;
        script.follow(Optional.of(1L)).start();
        script.run();
        assertThat(script.heard).isEmpty();

        script.outage = false;
        script.bareHint(2);
        script.run();

        assertThat(script.heard).containsExactly("start 1", "2");
    }

    @Test
    void onceClosedItIsSilent() {
        script.started(0);

        script.follower.close();
        script.hint(1);
        script.bareHint(5);
        script.run();

        assertThat(script.heard).isEmpty();
        assertThat(script.asked).isEmpty();
        assertThat(script.tasks).isEmpty();
    }

    @Test
    void aFollowerClosedBeforeItsFirstReadNeverStarts() {
        script.committed = 3;
        script.follow(Optional.of(0L)).start();

        script.follower.close();
        script.run();

        assertThat(script.heard).isEmpty();
    }

    @Test
    void aFollowerClosedWhileItsFirstReadIsOnItsWayNeverStarts() {
        script.committed = 3;
        script.whileReading = () -> script.follower.close();

        script.follow(Optional.of(0L)).start();
        script.run();

        assertThat(script.heard).isEmpty();
    }

    @Test
    void aFollowerClosedWhileItReadsHearsNothingOfIt() {
        script.started(0);
        script.committed = 3;
        script.whileReading = () -> script.follower.close();

        script.hint(3);
        script.run();

        assertThat(script.heard).isEmpty();
    }

    @Test
    void aListenerMayCloseItInTheMiddleOfAStretch() {
        script.started(0);
        script.committed = 5;
        script.onEvent = event -> {
            if (event.seq().value() == 2) {
                script.follower.close();
            }
        };

        script.hint(5);
        script.run();

        assertThat(script.heard).containsExactly("1", "2");
        assertThat(script.asked).containsExactly("read 0");
    }

    @Test
    void aListenerMayCloseItFromALiveEvent() {
        script.started(0);
        script.onEvent = event -> script.follower.close();

        script.hint(1);
        script.hint(2);

        assertThat(script.heard).containsExactly("1");
    }

    @Test
    void aListenerThatThrowsMissesNothingThatComesLater() {
        script.started(0);
        script.committed = 4;
        script.onEvent = event -> {
            if (event.seq().value() == 2) {
                throw new IllegalStateException("A listener that throws");
            }
        };

        script.bareHint(3);
        script.run();
        script.bareHint(4);
        script.run();

        assertThat(script.heard).containsExactly("1", "2", "3", "4");
    }

    /** One step of a random history. */
    private enum Step {
        COMMIT,
        READ,
        HINT,
        BARE_HINT,
        OUTAGE,
        RECOVERY
    }

    private record Action(Step step, int number) {}

    @Provide
    Arbitrary<List<Action>> actions() {
        var step = Arbitraries.frequency(
                Tuple.of(8, Step.COMMIT),
                Tuple.of(6, Step.READ),
                Tuple.of(8, Step.HINT),
                Tuple.of(2, Step.BARE_HINT),
                Tuple.of(1, Step.OUTAGE),
                Tuple.of(2, Step.RECOVERY));
        return Combinators.combine(step, Arbitraries.integers().between(0, 6))
                .as(Action::new)
                .list()
                .ofMaxSize(120);
    }

    @Property(tries = 1_000)
    void howeverHintsAreLostRepeatedAndReorderedTheStreamIsExactlyTheFeed(
            @ForAll("actions") List<Action> actions, @ForAll boolean fromTheBeginning) {
        var random = new Script();
        random.committed = 3;
        random.follow(fromTheBeginning ? Optional.of(0L) : Optional.empty()).start();

        for (var action : actions) {
            switch (action.step()) {
                case COMMIT -> random.committed++;
                case READ -> {
                    if (!random.tasks.isEmpty()) {
                        random.tasks.remove().run();
                    }
                }
                // Up to six places back: late, repeated, out of order; those that are never drawn are lost.
                case HINT -> random.hint(Math.max(1, random.committed - action.number()));
                case BARE_HINT -> random.bareHint(Math.max(1, random.committed - action.number()));
                case OUTAGE -> random.outage = true;
                case RECOVERY -> random.outage = false;
            }
        }
        random.outage = false;
        random.run();
        random.bareHint(random.committed); // as every heartbeat does
        random.run();

        assertThat(random.heard.get(0)).startsWith("start ");
        var from = Long.parseLong(random.heard.get(0).substring("start ".length()));
        if (fromTheBeginning) {
            assertThat(from).isZero();
        }
        assertThat(random.heard.subList(1, random.heard.size()))
                .isEqualTo(LongStream.rangeClosed(from + 1, random.committed)
                        .mapToObj(Long::toString)
                        .toList());
    }
}

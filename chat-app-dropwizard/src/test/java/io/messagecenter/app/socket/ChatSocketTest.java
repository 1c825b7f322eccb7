package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.app.json.ChatJson;
import io.messagecenter.app.json.FrameWriter;
import io.messagecenter.app.json.MessageWriter;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.contract.ForwardingStorage;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.memory.InMemoryPresence;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.presence.Presence.Status;
import io.messagecenter.domain.presence.Watches;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A socket with Jetty's part played by hand: what it asks for, and when. */
@Timeout(60)
class ChatSocketTest {
    private final CountDownLatch commit = new CountDownLatch(1);
    private final MessageCenter center = MessageCenter.builder()
            .storage(new Gated(new InMemoryStorage()))
            .presence(new InMemoryPresence(Duration.ZERO, Clock.systemUTC()))
            .build();
    private final Person alice = center.accounts().register("alice");
    private final Person bob = center.accounts().register("bob");

    /** Frames on their way to a client that takes none unless told to. */
    private final Queue<String> frames = new ConcurrentLinkedQueue<>();

    private final Queue<Callback> untaken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger demands = new AtomicInteger();
    private final Session session = mock(Session.class);
    private volatile boolean takes = true;
    private volatile boolean closesAtOnce;

    /** Storage whose appends wait until they may. */
    private final class Gated extends ForwardingStorage {
        Gated(Storage inner) {
            super(inner);
        }

        @Override
        public List<WriteResult> write(List<? extends Write> batch) {
            try {
                commit.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.write(batch);
        }
    }

    @AfterEach
    void end() {
        commit.countDown();
        center.close();
    }

    @Test
    void noMoreSendsWaitForTheirCommitThanFit() {
        var socket = open(sockets(Duration.ofSeconds(30)));
        int given = 0;
        while (given < 1_000 && demanded()) {
            socket.onWebSocketPartialText(ChatClient.sendFrame("k" + given, "bob", "message"), true);
            given++;
        }
        assertThat(given).isEqualTo(256);
        assertThat(socket.idle()).isFalse();
        commit.countDown();
        await().until(() ->
                frames.stream().filter(frame -> frame.contains("\"ack\"")).count() == 256);
        await().until(this::demanded);
        assertThat(socket.idle()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadIsNotReadAndNothingPilesUpForIt() {
        commit.countDown();
        var socket = open(sockets(Duration.ofSeconds(30)));
        takes = false;
        int given = 0;
        while (given < 2_000 && eventuallyDemanded(socket)) {
            socket.onWebSocketPartialText(ChatClient.sendFrame("k" + given, "bob", "message"), true);
            given++;
        }
        await().until(socket::idle);
        assertThat(given).isBetween(100, 512);
        assertThat(frames).hasSizeBetween(256, 1_100);
        // Once it reads, it is read on, and gets the rest of its events.
        takes = true;
        takeAll();
        await().until(this::demanded);
        int all = given;
        await().until(() -> count("\"message.sent\"") == all && count("\"ack\"") == all);
        assertThat(frames).hasSize(1 + 2 * all);
    }

    @Test
    void manyCharactersAreAsMuchAsManyFrames() {
        commit.countDown();
        var socket = open(sockets(Duration.ofSeconds(30)));
        takes = false;
        for (int i = 0; i < 200; i++) {
            center.send(bob, "alice", "x".repeat(9_000)).join();
        }
        assertThat(socket.ready()).isFalse();
        long chars = frames.stream().mapToLong(String::length).sum();
        assertThat(chars).isBetween(512L * 1024, 522L * 1024);
        takes = true;
        takeAll();
        await().until(() -> count("\"message.sent\"") == 200);
    }

    @Test
    void aFrameThatNeverEndsCostsNoMemory() {
        var socket = open(sockets(Duration.ofSeconds(30)));
        var stretch = " ".repeat(1 << 20);
        for (int i = 0; i < 3_000; i++) { // more than the heap holds
            assertThat(demanded()).isTrue();
            socket.onWebSocketPartialText(stretch, false);
        }
        socket.onWebSocketPartialText("", true);
        assertThat(frames.remove()).contains("\"hello\"");
        assertThat(frames.remove()).contains("A frame has at most 196608 characters.");
        assertThat(frames).isEmpty();
    }

    @Test
    void oneFrameIsAskedForAtATime() {
        commit.countDown();
        var socket = open(sockets(Duration.ofSeconds(30)));
        for (int i = 0; i < 500; i++) {
            await().until(this::demanded);
            if (i % 3 == 0) {
                socket.onWebSocketPong(ByteBuffer.allocate(0));
            } else {
                socket.onWebSocketPartialText(ChatClient.sendFrame("k" + i, "bob", "message"), true);
            }
            assertThat(demands).hasValueLessThanOrEqualTo(1);
        }
    }

    @Test
    void whatFilledUpAndDrainedBeforeItCouldBeToldGoesOn() {
        commit.countDown();
        var storage = new Gated(new InMemoryStorage());
        try (var slow = MessageCenter.builder()
                .storage(storage)
                .notifier(new Meddling())
                .build()) {
            var carol = slow.accounts().register("carol");
            for (int i = 0; i < 300; i++) {
                slow.send(carol, "carol", "message").join();
            }
            takes = false;
            var sockets = new Sockets(
                    slow,
                    new SessionAuthenticator(slow.sessions(), Clock.systemUTC()),
                    new FrameWriter(ChatJson.mapper(), new MessageWriter()),
                    new SocketSettings(Duration.ofSeconds(30), Duration.ofSeconds(30), false),
                    Limits.none());
            connect(sockets, slow, carol, Optional.of(FeedSeq.ZERO));
            takes = true;
            takeAll();
            await().until(() -> count("\"message.sent\"") == 300);
        }
    }

    /** Tells of a hint before it lets a subscriber go, and lets the client take all that this brings. */
    private final class Meddling implements Notifier {
        @Override
        public void publish(List<Hint> hints) {
            // nobody is told
        }

        @Override
        public void signal(Signal signal) {
            // nor of that
        }

        @Override
        public Subscription subscribe(UserId user, HintListener listener) {
            listener.onHint(Hint.of(user, new FeedSeq(300)));
            await().until(() -> frames.size() == 256);
            await().until(() -> untaken.size() == 256);
            passes(Duration.ofMillis(100)); // it asks once more, hears that there is no room, and waits
            takeAll();
            return () -> {};
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    @Test
    void aClientThatHasTooMuchToTakeHearsNoTypingAndTheLatestOfOthersOnceThereIsRoom() {
        commit.countDown();
        open(sockets(Duration.ofSeconds(30)));
        takes = false;
        for (int i = 0; i < 400; i++) {
            center.send(bob, "alice", "message").join();
        }
        await().until(() -> untaken.size() == 256);
        var rounds = new LinkedBlockingQueue<Status>();
        center.watches().watch(alice, new Watches.Listener() {
            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public void onPresence(Person person, Status status) {
                rounds.add(status);
            }
        });

        center.sendTyping().typing(bob, "alice").join();
        for (int i = 0; i < 2; i++) {
            center.presence().connected(bob.id());
            await().until(() -> rounds.poll() != null);
            center.presence().disconnected(bob.id());
            await().until(() -> rounds.poll() != null);
        }
        center.presence().connected(bob.id());
        await().until(() -> rounds.poll() != null);
        assertThat(untaken).hasSize(256);

        takes = true;
        takeAll();
        await().until(() -> count("\"message.sent\"") == 400);
        await().until(() -> count("\"presence\"") == 1);
        center.sendTyping().typing(bob, "alice").join();
        assertThat(count("\"type\":\"typing\"")).isEqualTo(1);
    }

    @Test
    void whileTheClientCannotBeHeardItsSilenceMeansNothing() {
        commit.countDown();
        var ping = Duration.ofMillis(400);
        var socket = open(sockets(ping));
        takes = false;
        for (int i = 0; i < 400; i++) {
            center.send(bob, "alice", "message").join();
        }
        await().until(this::demanded);
        socket.onWebSocketPong(ByteBuffer.allocate(0)); // answered, and the next is not asked for: there is no room
        assertThat(demands).hasValue(0);
        passes(ping.multipliedBy(3));
        socket.check();
        verify(session, never()).disconnect();
        takes = true;
        takeAll(); // the slow client has read on, and its pong is on the way
        await().until(this::demanded);
        socket.check();
        verify(session, never()).disconnect();
        passes(ping.multipliedBy(3));
        socket.check();
        verify(session).disconnect();
    }

    @Test
    void aClientThatReadsWhatHasPiledUpIsAliveThoughItsAnswerIsYetToCome() {
        commit.countDown();
        var ping = Duration.ofMillis(400);
        var socket = open(sockets(ping));
        takes = false;
        for (int i = 0; i < 400; i++) {
            center.send(bob, "alice", "message").join();
        }
        passes(ping.multipliedBy(3));
        takeAll();
        socket.check();
        verify(session, never()).disconnect();
        passes(ping.multipliedBy(3));
        socket.check();
        verify(session).disconnect();
    }

    @Test
    void whatComesAfterItWasToldToStopIsNotTaken() {
        var sockets = sockets(Duration.ofSeconds(30));
        var socket = open(sockets);
        assertThat(demanded()).isTrue();
        socket.onWebSocketPartialText(ChatClient.sendFrame("early", "bob", "message"), true);
        await().until(this::demanded);
        var stopping = CompletableFuture.runAsync(sockets::stop);
        await().until(sockets::stopping);
        socket.stopTaking(); // as the stop does at once
        socket.onWebSocketPartialText(ChatClient.sendFrame("late", "bob", "message"), true);
        verify(session, never()).close(anyInt(), anyString(), any());
        commit.countDown();
        verify(session, timeout(10_000)).close(eq(AnsweredClose.OWN + 1001), anyString(), any());
        socket.onWebSocketClose(1001, "", Callback.NOOP);
        stopping.join();
        assertThat(count("\"ack\"")).isEqualTo(1);
        assertThat(center.feeds().read(bob, FeedSeq.ZERO, 10).events()).hasSize(1);
    }

    @Test
    void whoeverComesWhileItStopsIsSentAwayAndFollowsNothing() {
        var sockets = sockets(Duration.ofSeconds(30));
        sockets.stop();
        closesAtOnce = true;
        connect(sockets);
        verify(session).close(eq(AnsweredClose.OWN + 1001), anyString(), any());
        assertThat(center.feeds().followers()).isZero();
        assertThat(center.presence().online(Set.of(alice.id()))).isEmpty();
        assertThat(sockets.count(Protocol.V1)).isZero();
    }

    @Test
    void anErrorAndACloseEndItOnce() {
        var sockets = sockets(Duration.ofSeconds(30));
        var one = open(sockets);
        var two = open(sockets);
        assertThat(sockets.count(Protocol.V1)).isEqualTo(2);
        one.onWebSocketError(new IllegalStateException("broken"));
        one.onWebSocketClose(1006, "", Callback.NOOP);
        assertThat(sockets.count(Protocol.V1)).isEqualTo(1);
        assertThat(center.presence().online(Set.of(alice.id()))).containsExactly(alice.id());
        two.onWebSocketClose(1000, "", Callback.NOOP);
        assertThat(center.presence().online(Set.of(alice.id()))).isEmpty();
        assertThat(center.feeds().followers()).isZero();
    }

    @Test
    void aClientThatDoesNotAnswerACloseIsDisconnected() {
        var sockets = sockets(Duration.ofMillis(1));
        var socket = open(sockets);
        assertThat(demanded()).isTrue();
        socket.onWebSocketPartialText(ChatClient.sendFrame("k", "bob", "message"), true);
        await().until(this::demanded);
        socket.onWebSocketPong(ByteBuffer.allocate(0));
        socket.close(1008, "enough");
        socket.close(1001, "twice");
        verify(session).close(eq(AnsweredClose.OWN + 1008), anyString(), any());
        verify(session, never()).close(eq(AnsweredClose.OWN + 1001), anyString(), any());
        await().until(this::demanded); // its answer is asked for
        socket.check();
        verify(session, never()).disconnect();
        passes(Duration.ofMillis(5_050));
        socket.check();
        verify(session).disconnect();
        commit.countDown();
        await().until(socket::idle);
        center.send(bob, "alice", "too late").join();
        assertThat(frames).hasSize(1); // the hello
    }

    @Test
    void whomTheServerSendsAwayIsNotConnectedAnyMoreThoughTheirClientDoesNotAnswer() {
        var sockets = sockets(Duration.ofSeconds(30));
        var socket = open(sockets);
        var other = open(sockets);
        socket.close(1008, "the session has ended");
        assertThat(center.presence().online(Set.of(alice.id()))).containsExactly(alice.id());
        socket.onWebSocketClose(1008, "", Callback.NOOP);
        assertThat(center.presence().online(Set.of(alice.id()))).containsExactly(alice.id());
        other.close(1008, "the session has ended");
        assertThat(center.presence().online(Set.of(alice.id()))).isEmpty();
        assertThat(sockets.count(Protocol.V1)).isEqualTo(1); // it still waits for the answer
    }

    private Sockets sockets(Duration ping) {
        return new Sockets(
                center,
                new SessionAuthenticator(center.sessions(), Clock.systemUTC()),
                new FrameWriter(ChatJson.mapper(), new MessageWriter()),
                new SocketSettings(ping, Duration.ofSeconds(30), false),
                Limits.none());
    }

    /** Connected and greeted. */
    private ChatSocket open(Sockets sockets) {
        frames.clear();
        demands.set(0);
        var socket = connect(sockets);
        await().until(() -> count("\"hello\"") == 1 && demands.get() == 1);
        return socket;
    }

    private ChatSocket connect(Sockets sockets) {
        return connect(sockets, center, alice, Optional.empty());
    }

    private ChatSocket connect(Sockets sockets, MessageCenter to, Person person, Optional<FeedSeq> after) {
        doAnswer(call -> {
                    frames.add(call.getArgument(0));
                    untaken.add(call.getArgument(1));
                    if (takes) {
                        takeAll();
                    }
                    return null;
                })
                .when(session)
                .sendText(anyString(), any());
        doAnswer(call -> demands.incrementAndGet()).when(session).demand();
        var signedIn = to.sessions().start(person, "test").session();
        var socket = new ChatSocket(sockets, new Caller(signedIn), Protocol.V1, after, false);
        doAnswer(call -> {
                    if (closesAtOnce) {
                        socket.onWebSocketClose(call.getArgument(0), "", Callback.NOOP);
                    }
                    return null;
                })
                .when(session)
                .close(anyInt(), anyString(), any());
        socket.onWebSocketOpen(session);
        return socket;
    }

    private void takeAll() {
        for (var callback = untaken.poll(); callback != null; callback = untaken.poll()) {
            callback.succeed();
        }
    }

    /** Whether a frame was asked for; it is given then. */
    private boolean demanded() {
        return demands.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    /** Whether a frame is asked for by the time that everything given before is answered. */
    private boolean eventuallyDemanded(ChatSocket socket) {
        await().until(() -> demands.get() > 0 || socket.idle());
        return demanded();
    }

    private long count(String part) {
        return frames.stream().filter(frame -> frame.contains(part)).count();
    }

    private static ConditionFactory await() {
        return Awaitility.await()
                .atMost(TestService.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1));
    }

    private static void passes(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await().until(() -> System.nanoTime() > end);
    }
}

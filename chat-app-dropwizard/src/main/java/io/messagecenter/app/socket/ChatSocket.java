package io.messagecenter.app.socket;

import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.json.Fields;
import io.messagecenter.app.json.SendFields;
import io.messagecenter.app.problem.Problem;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.FeedListener;
import io.messagecenter.domain.feed.Feeds;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.presence.Watches;
import io.messagecenter.domain.send.MarkConversation;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: follows its user's feed, tells who of those they talk to is online, and takes frames as fast as
 * they can be answered.
 *
 * <p>The socket asks Jetty for a frame only when there is room for what comes of it: while too many sends wait for their
 * commit, or the client does not read, its next frame stays in the network.
 *
 * <p>Public for Jetty alone, which calls no method of a class that it cannot see.
 */
public final class ChatSocket implements Session.Listener, FeedListener, Watches.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ChatSocket.class);
    private static final int MAX_SENDS_WAITING = 256;
    private static final long MAX_CHARS_WAITING = 256 * 1024;
    private static final int MAX_FAULTS_IN_A_ROW = 10;
    private static final Duration TO_CLOSE = Duration.ofSeconds(5);

    private final Sockets sockets;
    private final Caller caller;
    private final Protocol protocol;
    private final Optional<FeedSeq> after;
    private final boolean compressed;

    private final AtomicInteger sendsWaiting = new AtomicInteger();
    private final AtomicLong charsWaiting = new AtomicLong();
    private final AtomicBoolean demandOwed = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean present = new AtomicBoolean();
    private volatile @Nullable Session session;
    private volatile @Nullable Outbox outbox;
    private volatile Feeds.@Nullable Subscription subscription;
    private volatile Watches.@Nullable Watch watch;
    private volatile boolean greeted;
    private volatile boolean taking = true;
    private volatile long heard = System.nanoTime();
    private volatile long pinged = System.nanoTime();
    private volatile long closing;

    // Touched by Jetty's reading thread alone, one frame at a time.
    private final StringBuilder text = new StringBuilder();
    private boolean tooLarge;
    private long inflated;
    private int faultsInARow;

    /** @param compressed whether messages are compressed on the way */
    ChatSocket(Sockets sockets, Caller caller, Protocol protocol, Optional<FeedSeq> after, boolean compressed) {
        this.sockets = sockets;
        this.caller = caller;
        this.protocol = protocol;
        this.after = after;
        this.compressed = compressed;
    }

    Protocol protocol() {
        return protocol;
    }

    UserId user() {
        return caller.person().id();
    }

    io.messagecenter.domain.session.Session session() {
        return caller.session();
    }

    /** Whether everything it took is answered. */
    boolean idle() {
        return sendsWaiting.get() == 0;
    }

    /** Takes no more sends. It still reads, or the end of the connection would have to wait behind what is unread. */
    void stopTaking() {
        taking = false;
    }

    void close(int code, String reason) {
        if (closeUnheard(code, reason)) {
            demandIfRoom(); // for the close frame that answers
        }
    }

    /** Says that it closes, and hears nothing more; false if it has said so before. */
    private boolean closeUnheard(int code, String reason) {
        var current = session;
        if (current == null || closing != 0) {
            return false;
        }
        closing = System.nanoTime();
        unfollow();
        leave(); // whether or not the client ever answers
        AnsweredClose.close(current, code, reason);
        return true;
    }

    /** Called once a second. */
    void check() {
        var current = session;
        var out = outbox;
        if (current == null || out == null) {
            return;
        }
        long now = System.nanoTime();
        long ping = sockets.settings().ping().toNanos();
        if (closing != 0) {
            if (now - closing > TO_CLOSE.toNanos()) {
                current.disconnect(); // it does not even take the close frame
            }
        } else if (out.stalledNanos() > sockets.settings().slowReader().toNanos()) {
            close(CloseCode.TRY_AGAIN, "this client reads too slowly; connect again and resume");
        } else if (!demandOwed.get() && now - heard > 2 * ping + ping / 2) {
            current.disconnect(); // silent, though it was listened to
        } else if (now - pinged >= ping) {
            pinged = now;
            current.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
        }
    }

    // --- from Jetty

    @Override
    public void onWebSocketOpen(Session opened) {
        var out = new Outbox(opened, this::drained);
        outbox = out;
        session = opened;
        var person = caller.person();
        sockets.center().presence().connected(person.id());
        present.set(true);
        sockets.opened(this);
        var following = sockets.center().feeds().follow(person, after, this);
        subscription = following;
        following.resume(); // it may have filled and drained before it could be told so
        if (ended.get()) {
            following.close(); // closed before it was followed
        }
        demandOwed.set(true);
        demandIfRoom();
    }

    @Override
    public void onWebSocketPartialText(String payload, boolean last) {
        heard = System.nanoTime();
        if (isBomb(payload.length(), last)) {
            return;
        }
        if (protocol == Protocol.V1 && closing == 0) {
            collect(payload, last);
        }
        demandOwed.set(true);
        demandIfRoom();
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
        heard = System.nanoTime();
        int length = payload.remaining();
        callback.succeed();
        if (isBomb(length, last)) {
            return;
        }
        if (protocol == Protocol.V1 && last && closing == 0) {
            fault(Optional.empty(), ChatException.invalid("frame", "Binary frames mean nothing here."));
        }
        demandOwed.set(true);
        demandIfRoom();
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        heard = System.nanoTime();
        demandOwed.set(true);
        demandIfRoom();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("Socket of {} failed", caller.getName(), cause);
        end();
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        end();
        callback.succeed();
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            unfollow();
            sockets.closed(this);
            leave();
        }
    }

    /** Its user is no longer connected by it. */
    private void leave() {
        if (present.compareAndSet(true, false)) {
            sockets.center().presence().disconnected(caller.person().id());
        }
    }

    private void unfollow() {
        var following = subscription;
        if (following != null) {
            following.close();
        }
        var watching = watch;
        if (watching != null) {
            watching.close();
        }
    }

    // --- from the feed

    @Override
    public void onStart(FeedSeq from) {
        if (protocol == Protocol.V1) {
            send(sockets.frames()
                    .hello(caller.person(), from, sockets.settings().ping()));
            startWatching();
        }
        greeted = true;
        demandIfRoom(); // only now, or the answer to a client that speaks at once would come before the hello
    }

    /** Only now, or the first word of others would come before the hello. */
    private void startWatching() {
        var watching = sockets.center().watches().watch(caller.person(), this);
        watch = watching;
        if (ended.get() || closing != 0) {
            watching.close();
        }
    }

    @Override
    public boolean ready() {
        var out = outbox;
        return out != null && out.hasRoom();
    }

    @Override
    public void onEvent(Event event) {
        if (protocol == Protocol.V1) {
            send(sockets.frames().event(event));
            if (event instanceof MessageSent sent) {
                watch(sent.message());
            }
        } else if (event instanceof MessageSent sent) {
            send("{\"message\": \"" + sent.message().id() + "\"}");
        }
    }

    @Override
    public void onReset(FeedSeq last) {
        if (!greeted) {
            onStart(last);
        }
        if (protocol == Protocol.V1) {
            send(sockets.frames().reset(last));
        }
    }

    private void watch(Message message) {
        var watching = watch;
        if (watching != null) {
            watching.add(message.sender().id().equals(user()) ? message.recipient() : message.sender());
        }
    }

    /** On the original's channel there is nothing but messages. */
    @Override
    public void onSignal(Signal signal) {
        if (protocol == Protocol.V1 && signal instanceof Signal.Typing typing) {
            send(sockets.frames().typing(typing.by()));
        }
    }

    // --- from those watched

    @Override
    public void onPresence(Person person, Presence.Status status) {
        send(sockets.frames().presence(person, status));
    }

    // --- to the client

    private void send(String frame) {
        var out = outbox;
        if (out != null && closing == 0) {
            out.send(frame);
        }
    }

    private void drained() {
        heard = System.nanoTime(); // it reads, though an answer to a ping may stand behind what it reads
        var following = subscription;
        if (following != null) {
            following.resume();
        }
        demandIfRoom();
    }

    /** Asks for the next frame, once for each that came, when there is room for what comes of it. */
    private void demandIfRoom() {
        var current = session;
        if (current != null && (closing != 0 || hasRoom()) && demandOwed.compareAndSet(true, false)) {
            heard = System.nanoTime(); // what it said in the meantime is yet to be read
            current.demand();
        }
    }

    private boolean hasRoom() {
        return greeted && sendsWaiting.get() < MAX_SENDS_WAITING && charsWaiting.get() < MAX_CHARS_WAITING && ready();
    }

    /** Whether so much comes of a compressed message that the rest of it must not be looked at. */
    private boolean isBomb(int length, boolean last) {
        inflated += length;
        boolean bomb = compressed && inflated > Compression.MAX_INFLATED;
        if (last) {
            inflated = 0;
        }
        if (bomb) {
            var unused = closeUnheard(CloseCode.POLICY, "a compressed message that is far too large");
        }
        return bomb;
    }

    // --- frames of message-center.v1

    private void collect(String payload, boolean last) {
        tooLarge = tooLarge || text.length() + payload.length() > Fields.LONGEST;
        if (tooLarge) {
            text.setLength(0);
        } else if (!last || text.length() > 0) {
            text.append(payload);
        }
        if (last) {
            if (tooLarge) {
                fault(
                        Optional.empty(),
                        ChatException.invalid("frame", "A frame has at most " + Fields.LONGEST + " characters."));
            } else {
                handle(text.length() > 0 ? text.toString() : payload);
            }
            text.setLength(0);
            tooLarge = false;
        }
    }

    private void handle(String frame) {
        Optional<String> clientId = Optional.empty();
        Fields fields;
        FrameType type;
        try {
            fields = Fields.ofJson(sockets.frames().mapper(), frame);
            clientId = clientId(fields);
            type = FrameType.of(type(fields));
        } catch (Fields.Malformed e) {
            fault(clientId, ChatException.invalid("frame", String.valueOf(e.getMessage())));
            return;
        } catch (ChatException e) {
            fault(clientId, e);
            return;
        }
        faultsInARow = 0; // it speaks the protocol, whatever it wants to send
        try {
            switch (type) {
                case SEND -> sendMessage(fields);
                case READ -> mark(Mark.Kind.READ, fields, clientId);
                case DELIVERED -> mark(Mark.Kind.DELIVERED, fields, clientId);
                case TYPING -> typing(fields, clientId);
            }
        } catch (ChatException e) {
            send(sockets.frames().error(clientId, Problem.of(e)));
        }
    }

    /** A fault of it cannot stand under its own name, which is the error frame's. */
    private static String type(Fields fields) {
        try {
            return fields.text("type");
        } catch (ChatException e) {
            throw ChatException.invalid("frame", "It has no type that is a text.");
        }
    }

    private static Optional<String> clientId(Fields fields) {
        try {
            return fields.optionalText("client_id").filter(ChatSocket::isWellFormed);
        } catch (ChatException e) {
            return Optional.empty(); // no text; the send itself says so
        }
    }

    /** A lone surrogate would come back as another character. */
    private static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    private void sendMessage(Fields fields) {
        sockets.messages().use(caller.person().id().toString());
        var faults = new ChatException.Faults();
        var key = faults.check(() -> new ClientKey(fields.text("client_id")));
        var recipient = faults.check(() -> fields.filledText("recipient"));
        var body = faults.check(() -> new MessageBody(fields.text("body")));
        var replyTo = faults.check(() -> SendFields.replyTo(fields));
        faults.throwIfAny();
        if (key == null || recipient == null || body == null || replyTo == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        sendsWaiting.incrementAndGet();
        if (!taking) {
            sendsWaiting.decrementAndGet(); // it came too late: whoever stops does not wait for its answer
            return;
        }
        int length = body.text().length();
        charsWaiting.addAndGet(length);
        var unused = sockets.center()
                .sendMessage()
                .send(new SendMessage.Command(caller.person(), recipient, body, Optional.of(key), replyTo))
                .whenComplete((sent, failure) -> answered(key, length, sent, failure));
    }

    /** A mark is answered by its event, or by an error. */
    private void mark(Mark.Kind kind, Fields fields, Optional<String> clientId) {
        sockets.marks().use(caller.person().id().toString());
        var faults = new ChatException.Faults();
        var peer = faults.check(() -> fields.filledText("user"));
        var upto = faults.check(() -> new MessageSeq(fields.number("seq")));
        faults.throwIfAny();
        if (peer == null || upto == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        // The mark is set again wherever the client connects next.
        answerFailure(clientId, () -> sockets.center()
                .markConversation()
                .mark(new MarkConversation.Command(kind, caller.person(), peer, upto)));
    }

    /** Answered by nothing, or by an error. */
    private void typing(Fields fields, Optional<String> clientId) {
        sockets.typing().use(caller.person().id().toString());
        var peer = fields.filledText("user");
        answerFailure(clientId, () -> sockets.center().sendTyping().typing(caller.person(), peer));
    }

    /** Does something of which the client hears only if it fails; nothing, if it comes too late. */
    private void answerFailure(Optional<String> clientId, Supplier<CompletableFuture<@Nullable Void>> deed) {
        sendsWaiting.incrementAndGet();
        if (!taking) {
            sendsWaiting.decrementAndGet();
            return;
        }
        var unused = deed.get().whenComplete((none, failure) -> {
            if (failure != null) {
                send(sockets.frames().error(clientId, problem(failure)));
            }
            sendsWaiting.decrementAndGet();
            demandIfRoom();
        });
    }

    private void answered(ClientKey key, int length, SendMessage.@Nullable Sent sent, @Nullable Throwable failure) {
        if (sent != null) {
            send(sockets.frames().ack(key.value(), sent.message()));
        } else if (failure != null) {
            send(sockets.frames().error(Optional.of(key.value()), problem(failure)));
        }
        charsWaiting.addAndGet(-length);
        sendsWaiting.decrementAndGet();
        demandIfRoom();
    }

    private static Problem problem(Throwable failure) {
        if (SendMessage.reason(failure) instanceof ChatException refusal) {
            return Problem.of(refusal);
        }
        return Problem.unexpected(failure, LOG);
    }

    private void fault(Optional<String> clientId, ChatException refusal) {
        send(sockets.frames().error(clientId, Problem.of(refusal)));
        faultsInARow++;
        if (faultsInARow >= MAX_FAULTS_IN_A_ROW) {
            close(CloseCode.POLICY, "too many frames that mean nothing");
        }
    }
}

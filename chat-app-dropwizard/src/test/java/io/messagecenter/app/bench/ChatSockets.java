package io.messagecenter.app.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A WebSocket for each of some users, with the subprotocol {@code message-center.v1}. All they receive is checked: a
 * feed with a gap or a repeat fails the run, and so does an error from the service. Not thread-safe.
 */
final class ChatSockets implements AutoCloseable {
    private static final String PATH = "/ws";
    private static final String SUBPROTOCOL = "message-center.v1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final byte[] SEQ = JsonMembers.quoted("seq");
    private static final byte[] TYPE = JsonMembers.quoted("type");
    private static final byte[] LAST = JsonMembers.quoted("last");
    private static final byte[] MESSAGE = JsonMembers.quoted("message");
    private static final byte[] BODY = JsonMembers.quoted("body");
    private static final byte[] CLIENT_ID = JsonMembers.quoted("client_id");
    private static final byte[] HELLO = JsonMembers.quoted("hello");
    private static final byte[] PRESENCE = JsonMembers.quoted("presence");
    private static final byte[] MESSAGE_SENT = JsonMembers.quoted("message.sent");
    private static final byte[] ACK = JsonMembers.quoted("ack");

    /** Hears of what the sockets receive. */
    interface Listener {
        /** A message came to somebody who wrote or was written to; its body begins with this number, or -1. */
        default void event(int socket, long number) {}

        /** A send of this socket's was acknowledged; its key is this number, or -1. */
        default void acknowledged(WebSocketClient socket, long number) throws IOException {}
    }

    private final List<WebSocketClient> sockets = new ArrayList<>();
    private final List<FeedCheck> feeds = new ArrayList<>();
    private final List<BenchUser> users;
    private Listener listener = new Listener() {};
    private long events;
    private long acknowledged;

    /** Connects everyone, and waits for each one's hello. */
    ChatSockets(EventLoop loop, InetSocketAddress server, List<BenchUser> users) throws IOException {
        this.users = List.copyOf(users);
        for (int i = 0; i < users.size(); i++) {
            sockets.add(new WebSocketClient(loop, server, PATH, users.get(i).token(), SUBPROTOCOL, i, this::received));
            int connected = i + 1;
            if (!loop.run(() -> feeds.size() == connected, PATIENCE)) {
                throw new BenchmarkFailed("No hello within " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    void listen(Listener value) {
        listener = value;
    }

    List<WebSocketClient> sockets() {
        return sockets;
    }

    /** How many events have come, to all of them together. */
    long events() {
        return events;
    }

    /** How many sends were acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    private void received(WebSocketClient socket, byte[] json, int from, int to) throws IOException {
        int type = JsonMembers.find(json, from, to, TYPE);
        if (JsonMembers.isAt(json, type, to, MESSAGE_SENT)) {
            feeds.get(socket.number()).accept(member(json, from, to, SEQ));
            events++;
            listener.event(socket.number(), member(json, JsonMembers.find(json, from, to, MESSAGE), to, BODY));
        } else if (JsonMembers.isAt(json, type, to, ACK)) {
            acknowledged++;
            listener.acknowledged(socket, member(json, from, to, CLIENT_ID));
        } else if (JsonMembers.isAt(json, type, to, HELLO) && feeds.size() == socket.number()) {
            feeds.add(new FeedCheck(users.get(socket.number()).name(), member(json, from, to, LAST)));
        } else if (!JsonMembers.isAt(json, type, to, PRESENCE)) { // all of them are there
            throw new BenchmarkFailed("Unexpected: " + new String(json, from, to - from));
        }
    }

    private static long member(byte[] json, int from, int to, byte[] quotedName) {
        return from < 0 ? -1 : JsonMembers.number(json, JsonMembers.find(json, from, to, quotedName), to);
    }

    @Override
    public void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }
}

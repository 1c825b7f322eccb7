package io.messagecenter.app.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;

/** A keep-alive HTTP/1.1 connection with one request on its way at a time. Not thread-safe. */
final class HttpConnection implements AutoCloseable {
    /** Hears of answers; may send the next request from within. */
    @FunctionalInterface
    interface Listener {
        void answered(HttpConnection connection, AnswerParser answer) throws IOException;
    }

    private final Wire wire;
    private final AnswerParser parser = new AnswerParser();
    private final Listener listener;
    private final int number;
    private boolean waiting;

    /**
     * Connects.
     *
     * @param number whatever the caller knows the connection by
     */
    HttpConnection(EventLoop loop, InetSocketAddress server, int number, Listener listener) throws IOException {
        this.number = number;
        this.listener = listener;
        this.wire = new Wire(loop, server, this::ready);
    }

    int number() {
        return number;
    }

    /** Sends a whole request, head and body. */
    void send(byte[] request) throws IOException {
        if (waiting) {
            throw new IllegalStateException("One request at a time");
        }
        waiting = true;
        wire.room(request.length).put(request);
        wire.flush();
    }

    private void ready() throws IOException {
        var in = wire.receive();
        boolean complete = in.hasRemaining() && parser.parse(in);
        if (in.hasRemaining() && complete) {
            throw new ProtocolException("The server answers more than it was asked");
        }
        wire.consumed();
        wire.flush();
        if (complete) {
            waiting = false;
            listener.answered(this, parser);
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}

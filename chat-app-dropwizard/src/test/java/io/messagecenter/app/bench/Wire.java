package io.messagecenter.app.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The bytes of one connection, in both directions, with buffers that grow. Not thread-safe. */
final class Wire implements AutoCloseable {
    private static final int INITIAL = 16 * 1024;
    private static final int LARGEST = 16 * 1024 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private ByteBuffer in = ByteBuffer.allocate(INITIAL);
    private ByteBuffer out = ByteBuffer.allocate(INITIAL);

    /** Connects at once, waiting for it. */
    Wire(EventLoop loop, InetSocketAddress server, EventLoop.Ready handler) throws IOException {
        channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(server);
            key = loop.register(channel, SelectionKey.OP_READ, handler);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What has come in and is not consumed yet, in reading mode; give it back with {@link #consumed}. */
    ByteBuffer receive() throws IOException {
        if (!in.hasRemaining()) {
            in = grown(in, 1);
        }
        if (channel.read(in) < 0) {
            throw new EOFException("The server closed the connection");
        }
        return in.flip();
    }

    /** Keeps what was left unread for the next time. */
    void consumed() {
        in.compact();
    }

    /** Room for so many bytes to send, in writing mode; they leave with {@link #flush}. */
    ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            out = grown(out, bytes);
        }
        return out;
    }

    /** Sends what it can now, and the rest as soon as the other side takes it. */
    void flush() throws IOException {
        if (out.position() > 0) {
            out.flip();
            channel.write(out);
            out.compact();
        }
        int wanted = out.position() > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static ByteBuffer grown(ByteBuffer full, int more) throws IllegalStateException {
        int size = Math.max(2 * full.capacity(), full.position() + more);
        if (size > LARGEST) {
            throw new IllegalStateException("More than " + LARGEST + " bytes wait on one connection");
        }
        return ByteBuffer.allocate(size).put(full.flip());
    }
}

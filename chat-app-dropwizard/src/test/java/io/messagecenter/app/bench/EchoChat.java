package io.messagecenter.app.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/**
 * As much of the service's WebSocket as the load generator needs to be tested: it says hello, pings once, and answers
 * each send by an ack and by an event for the sender alone. Its frames leave in awkward pieces.
 */
final class EchoChat implements AutoCloseable {
    /** As an event's number: close the socket instead. */
    static final long CLOSE = -1;

    /** As an event's number: send none. */
    static final long SILENCE = -2;

    private static final int LAST = 7;

    /** Longer than the client's first buffer. */
    private static final String MUCH = "x".repeat(50_000);

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong pongs = new AtomicLong();
    private final LongUnaryOperator numbering;

    /**
     * Starts.
     *
     * @param numbering the number that an event gets, of the one that it should have
     */
    EchoChat(LongUnaryOperator numbering) throws IOException {
        this.numbering = numbering;
        threads.execute(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    long received() {
        return received.get();
    }

    long pongs() {
        return pongs.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            var out = new DataOutputStream(new Dribble(socket));
            handshake(in, out);
            text(out, "{\"type\":\"hello\",\"last\":" + LAST + ",\"user\":\"somebody\",\"ping\":30}");
            ServerFrames.write(out, true, Frame.PING, new byte[] {1, 2, 3});
            for (long seq = LAST + 1; true; ) {
                var frame = ServerFrames.read(in);
                if (frame.opcode() == Frame.PONG) {
                    pongs.incrementAndGet();
                } else {
                    received.incrementAndGet();
                    answer(out, frame.payload(), numbering.applyAsLong(seq++));
                }
            }
        } catch (EOFException | SocketException e) {
            return; // the client went away, which is how a test ends
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(DataOutputStream out, byte[] send, long seq) throws IOException {
        if (seq == CLOSE) {
            var reason = "..too slow".getBytes(StandardCharsets.US_ASCII);
            reason[0] = (byte) (1013 >> 8);
            reason[1] = (byte) 1013;
            ServerFrames.write(out, true, Frame.CLOSE, reason);
            return;
        }
        long number = JsonMembers.number(
                send, JsonMembers.find(send, 0, send.length, JsonMembers.quoted("client_id")), send.length);
        text(out, "{\"type\":\"ack\",\"client_id\":\"" + number + "\",\"message\":{\"seq\":1}}");
        if (seq != SILENCE) {
            var body = number + " hello" + (seq % 16 == 0 ? MUCH : "");
            text(
                    out,
                    "{\"message\":{\"seq\":3,\"body\":\"" + body + "\"},\"type\":\"message.sent\",\"seq\":" + seq
                            + "}");
        }
    }

    private static void text(DataOutputStream out, String json) throws IOException {
        ServerFrames.write(out, true, Frame.TEXT, json.getBytes(StandardCharsets.UTF_8));
    }

    private static void handshake(InputStream in, DataOutputStream out) throws IOException {
        var nonce = "";
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.startsWith("Sec-WebSocket-Key: ")) {
                nonce = line.substring("Sec-WebSocket-Key: ".length());
            }
        }
        out.writeBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + WebSocketClient.acceptOf(nonce)
                + "\r\nSec-WebSocket-Protocol: message-center.v1\r\n\r\n");
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}

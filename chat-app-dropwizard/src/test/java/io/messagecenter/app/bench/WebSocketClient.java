package io.messagecenter.app.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.SplittableRandom;

/** One WebSocket of a signed-in user, as RFC 6455 has it. It answers pings by itself. Not thread-safe. */
final class WebSocketClient implements AutoCloseable {
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Hears of text messages; may send from within. The bytes change after the call. */
    @FunctionalInterface
    interface Listener {
        void text(WebSocketClient socket, byte[] bytes, int from, int to) throws IOException;
    }

    private final Wire wire;
    private final int number;
    private final Listener listener;
    private final String nonce;
    private final String subprotocol;
    private final SplittableRandom random;
    private final AnswerParser handshake = new AnswerParser();
    private final FrameReader frames = new FrameReader(this::message);
    private boolean open;
    private boolean receiving;

    /**
     * Connects, and begins the handshake.
     *
     * @param number whatever the caller knows the socket by
     * @param path where, with the query if there is one
     */
    WebSocketClient(
            EventLoop loop,
            InetSocketAddress server,
            String path,
            String token,
            String subprotocol,
            int number,
            Listener listener)
            throws IOException {
        this.number = number;
        this.listener = listener;
        this.subprotocol = subprotocol;
        this.random = new SplittableRandom(number);
        var bytes = ByteBuffer.allocate(16).putLong(random.nextLong()).putLong(random.nextLong());
        this.nonce = Base64.getEncoder().encodeToString(bytes.array());
        this.wire = new Wire(loop, server, this::ready);
        var request = ("GET " + path + " HTTP/1.1\r\nHost: " + server.getHostString() + ":" + server.getPort()
                        + "\r\nAuthorization: Bearer " + token
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Key: " + nonce + "\r\nSec-WebSocket-Protocol: " + subprotocol + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        wire.room(request.length).put(request);
        wire.flush();
    }

    int number() {
        return number;
    }

    /** Whether the handshake is done. */
    boolean isOpen() {
        return open;
    }

    /** Sends a text; what is sent from within {@link Listener#text} leaves together, after all that came in is read. */
    void send(byte[] text) throws IOException {
        send(Frame.TEXT, text);
    }

    private void send(int opcode, byte[] payload) throws IOException {
        Frame.write(wire.room(payload.length + Frame.LARGEST_HEAD), opcode, payload, random.nextInt());
        if (!receiving) {
            wire.flush();
        }
    }

    private void ready() throws IOException {
        var in = wire.receive();
        receiving = true;
        if (!open && in.hasRemaining() && handshake.parse(in)) {
            accept();
            open = true;
        }
        if (open) {
            frames.read(in);
        }
        receiving = false;
        wire.consumed();
        wire.flush();
    }

    private void accept() throws ProtocolException {
        if (handshake.status() != 101) {
            throw new ProtocolException("No WebSocket, but status " + handshake.status() + ": " + handshake.body());
        }
        if (!handshake.header("Sec-WebSocket-Accept").equals(Optional.of(acceptOf(nonce)))
                || !handshake.header("Sec-WebSocket-Protocol").equals(Optional.of(subprotocol))) {
            throw new ProtocolException("The handshake's answer is to another question");
        }
    }

    /** What a server answers to a nonce. */
    static String acceptOf(String nonce) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((nonce + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-1", e);
        }
    }

    private void message(int opcode, byte[] bytes, int from, int to) throws IOException {
        switch (opcode) {
            case Frame.TEXT -> listener.text(this, bytes, from, to);
            case Frame.PING -> {
                var payload = new byte[to - from];
                System.arraycopy(bytes, from, payload, 0, payload.length);
                send(Frame.PONG, payload);
            }
            case Frame.PONG -> {}
            case Frame.CLOSE -> throw new ProtocolException("The server closed a socket: " + reason(bytes, from, to));
            default -> throw new ProtocolException("A message of kind " + opcode);
        }
    }

    private static String reason(byte[] bytes, int from, int to) {
        if (to - from < 2) {
            return "no code";
        }
        int code = (bytes[from] & 0xFF) << 8 | bytes[from + 1] & 0xFF;
        return code + " " + new String(bytes, from + 2, to - from - 2, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}

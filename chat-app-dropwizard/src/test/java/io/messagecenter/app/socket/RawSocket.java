package io.messagecenter.app.socket;

import io.messagecenter.app.support.AsyncApi;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A WebSocket by hand, to say what no library would: frame by frame, byte by byte, or not to read at all. */
final class RawSocket implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** Added to the opcode of what is compressed. */
    static final int COMPRESSED = 0x40;

    private static final int TIMEOUT_MILLIS = 20_000;
    /** With what a compressed message would end, were it not left out. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final int port;
    private boolean v1;

    /**
     * One frame.
     *
     * @param payload as it was before it was compressed; that of a close frame still has its code
     * @param onTheWire how long the payload was on its way
     */
    record Frame(boolean last, int opcode, byte[] payload, boolean compressed, int onTheWire) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            if (opcode != CLOSE) {
                throw new AssertionError("No close frame: " + opcode + " " + text());
            }
            return ByteBuffer.wrap(payload).getShort() & 0xffff;
        }
    }

    /** What the server answered to a request over HTTP; header names in lower case. */
    record Answer(int status, Map<String, String> headers, String body) {}

    private RawSocket(int port, int receiveBuffer) throws IOException {
        this.port = port;
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer); // before connecting, or the window is agreed already
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Connected, and nothing said yet. */
    static RawSocket connect(int port) {
        return connect(port, 0);
    }

    /** @param receiveBuffer in bytes, how much the kernel may take in before it is read */
    static RawSocket connect(int port, int receiveBuffer) {
        try {
            return new RawSocket(port, receiveBuffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A WebSocket that speaks message-center.v1; the hello is still to come. */
    static RawSocket v1(TestService service, TestService.User user) {
        return v1(service, user, "", 0);
    }

    static RawSocket v1(TestService service, TestService.User user, String query, int receiveBuffer) {
        return open(service, user, query, receiveBuffer, List.of("Sec-WebSocket-Protocol: " + Protocol.V1_NAME));
    }

    /** A WebSocket on the original's channel. */
    static RawSocket original(TestService service, TestService.User user) {
        return open(service, user, "", 0, List.of());
    }

    private static RawSocket open(
            TestService service, TestService.User user, String query, int receiveBuffer, List<String> headers) {
        var raw = connect(service.port(), receiveBuffer);
        var all = new ArrayList<>(headers);
        all.add("Authorization: Bearer " + user.token());
        var answer = raw.upgrade("/ws" + query, all);
        if (answer.status() != 101) {
            throw new AssertionError("Refused: " + answer);
        }
        return raw;
    }

    /** Asks for a WebSocket, and returns the answer. */
    Answer upgrade(String path, List<String> headers) {
        write(upgradeRequest(path, headers).getBytes(StandardCharsets.US_ASCII));
        var answer = readAnswer();
        v1 = Protocol.V1_NAME.equals(answer.headers().get("sec-websocket-protocol"));
        return answer;
    }

    String upgradeRequest(String path, List<String> headers) {
        var all = new ArrayList<>(List.of(
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13"));
        all.addAll(headers);
        return request("GET", path, all);
    }

    /** Asks by plain HTTP. */
    Answer ask(String method, String path, List<String> headers) {
        write(request(method, path, headers).getBytes(StandardCharsets.US_ASCII));
        return readAnswer();
    }

    private String request(String method, String path, List<String> headers) {
        var request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        if (headers.stream().noneMatch(header -> header.startsWith("Host:"))) {
            request.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        headers.forEach(header -> request.append(header).append("\r\n"));
        return request.append("\r\n").toString();
    }

    Answer readAnswer() {
        try {
            var status = line();
            var headers = new TreeMap<String, String>();
            for (var header = line(); !header.isEmpty(); header = line()) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            return new Answer(Integer.parseInt(status.split(" ")[1]), headers, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
            if (b != '\r') {
                bytes.write(b);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    void write(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void text(String text) {
        frame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void frame(boolean last, int opcode, byte[] payload) {
        write(frameBytes(last, opcode, payload));
    }

    /** A frame as a client must send it. */
    static byte[] frameBytes(boolean last, int opcode, byte[] payload) {
        var frame = new ByteArrayOutputStream(payload.length + 14);
        frame.writeBytes(header(last, opcode, true, payload.length));
        frame.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASK[i % 4]);
        }
        return frame.toByteArray();
    }

    /** The head of a frame, up to its length. */
    static byte[] header(boolean last, int opcode, boolean masked, long length) {
        var header = ByteBuffer.allocate(10);
        int mask = masked ? 0x80 : 0;
        header.put((byte) ((last ? 0x80 : 0) | opcode));
        if (length >= 0 && length < 126) {
            header.put((byte) (mask | length));
        } else if (length >= 0 && length < 65_536) {
            header.put((byte) (mask | 126)).putShort((short) length);
        } else {
            header.put((byte) (mask | 127)).putLong(length);
        }
        return Arrays.copyOf(header.array(), header.position());
    }

    /** The next frame of any kind; of a compressed message all of its frames, as one. */
    Frame read() {
        try {
            var frame = readOne();
            if (frame.compressed()) {
                var whole = new ByteArrayOutputStream();
                whole.writeBytes(frame.payload());
                for (boolean last = frame.last(); !last; ) {
                    var next = readOne();
                    if (next.opcode() != CONTINUATION) {
                        throw new AssertionError("In the midst of a message: " + next);
                    }
                    whole.writeBytes(next.payload());
                    last = next.last();
                }
                frame = new Frame(true, frame.opcode(), inflated(whole.toByteArray()), true, whole.size());
            }
            if (v1 && frame.last() && frame.opcode() == TEXT) {
                AsyncApi.service().checkTold(frame.text());
            }
            return frame;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it is on the wire. */
    private Frame readOne() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        if (second >= 128) {
            throw new AssertionError("A server does not mask");
        }
        long length = second == 126 ? in.readUnsignedShort() : second == 127 ? in.readLong() : second;
        var payload = in.readNBytes(Math.toIntExact(length));
        return new Frame((first & 0x80) != 0, first & 0x0f, payload, (first & COMPRESSED) != 0, payload.length);
    }

    /** A message as RFC 7692 compresses it by itself, whole or, with more to come, its beginning. */
    static byte[] deflated(byte[] message) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(message);
            var compressed = new ByteArrayOutputStream();
            var buffer = new byte[8_192];
            for (int n = 1; n > 0; ) {
                n = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                compressed.write(buffer, 0, n);
            }
            return Arrays.copyOf(compressed.toByteArray(), compressed.size() - TAIL.length);
        } finally {
            deflater.end();
        }
    }

    /** What was compressed by itself. */
    private static byte[] inflated(byte[] compressed) {
        var inflater = new Inflater(true);
        try {
            var message = new ByteArrayOutputStream();
            var buffer = new byte[8_192];
            for (var input : List.of(compressed, TAIL)) {
                inflater.setInput(input);
                for (int n = 1; n > 0; ) {
                    n = inflater.inflate(buffer);
                    message.write(buffer, 0, n);
                }
            }
            return message.toByteArray();
        } catch (DataFormatException e) {
            throw new AssertionError("No compressed message", e);
        } finally {
            inflater.end();
        }
    }

    /** Whether something comes within that time, or has come already. */
    boolean hears(Duration atMost) {
        try {
            Awaitility.await()
                    .atMost(atMost)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> in.available() > 0);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** The next frame that is no ping; pings are left unanswered. */
    Frame readData() {
        var frame = read();
        while (frame.opcode() == PING) {
            frame = read();
        }
        return frame;
    }

    /** The next frame of any kind; empty if the connection is over. */
    Optional<Frame> readOrEnd() {
        try {
            return Optional.of(read());
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof EOFException || e.getCause() instanceof SocketException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Reads and throws away whatever comes until the connection is over; how it ended does not matter. */
    void readToEnd() {
        try {
            while (in.read() >= 0) {
                // whatever it is
            }
        } catch (EOFException | SocketException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.messagecenter.app.support;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.SocketFactory;

/** Bytes over a socket, for requests that no HTTP client would send. Not thread-safe. */
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;

    public RawHttp(int port) {
        this(SocketFactory.getDefault(), port);
    }

    /** On a connection that is made so, say one over TLS. */
    public RawHttp(SocketFactory factory, int port) {
        try {
            socket = factory.createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request and its answer, on a connection of their own. Lines end in CRLF; the empty one is added. */
    public static Answer exchange(int port, String head, byte[] body) {
        try (var raw = new RawHttp(port)) {
            raw.write(bytes(head.replace("\n", "\r\n") + "\r\n\r\n"));
            raw.write(body);
            var answer = raw.read();
            OpenApi.service().check(request(head, body), answer);
            return answer;
        }
    }

    public static Answer exchange(int port, String head) {
        return exchange(port, head, new byte[0]);
    }

    private static OpenApi.Request request(String head, byte[] body) {
        var lines = head.split("\n");
        var words = lines[0].split(" ");
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        Arrays.stream(lines).skip(1).forEach(line -> add(headers, line));
        return new OpenApi.Request(
                words[0], words[1], HttpHeaders.of(headers, (name, value) -> true), Optional.of(body));
    }

    private static void add(Map<String, List<String>> headers, String line) {
        int colon = line.indexOf(':');
        headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                .add(line.substring(colon + 1).strip());
    }

    /** Latin-1: every character up to U+00FF is one byte. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that nothing more will come, and still listens. */
    public void halfClose() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next answer, which must say how long it is, or end with the connection. */
    public Answer read() {
        try {
            var in = socket.getInputStream();
            int status = Integer.parseInt(line(in).split(" ")[1]);
            var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
            for (var line = line(in); !line.isEmpty(); line = line(in)) {
                add(headers, line);
            }
            var length = headers.get("Content-Length");
            var body = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length.get(0)));
            return new Answer(status, HttpHeaders.of(headers, (name, value) -> true), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The connection ended in a line: " + line);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
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

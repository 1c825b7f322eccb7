package io.messagecenter.app.bench;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads HTTP/1.1 answers of a connection that is kept alive, one after the other, however their bytes are cut. It
 * understands as much of a head as it takes to find the end of the body. Not thread-safe.
 */
final class AnswerParser {
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
    private static final int LARGEST_HEAD = 64 * 1024;

    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        DONE
    }

    private final Bytes head = new Bytes();
    private final Bytes line = new Bytes();
    private final Bytes body = new Bytes();
    private State state = State.HEAD;
    private int status;
    private long remaining;

    /**
     * Takes bytes, up to the end of the answer that it is at.
     *
     * @return whether that answer is complete; the next call begins the next one
     * @throws ProtocolException if this is no answer that keeps the connection
     */
    boolean parse(ByteBuffer in) throws ProtocolException {
        if (state == State.DONE) {
            begin();
        }
        while (in.hasRemaining() && state != State.DONE) {
            switch (state) {
                case HEAD -> head(in.get());
                case BODY, CHUNK -> take(in);
                default -> line(in.get());
            }
        }
        return state == State.DONE;
    }

    int status() {
        return status;
    }

    String body() {
        return new String(body.array, 0, body.length, StandardCharsets.UTF_8);
    }

    /** The first header of that name. */
    Optional<String> header(String name) {
        var prefix = name.toLowerCase(Locale.ROOT) + ":";
        return head.text()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .findFirst();
    }

    private void begin() {
        head.length = 0;
        line.length = 0;
        body.length = 0;
        state = State.HEAD;
    }

    private void head(byte next) throws ProtocolException {
        head.add(next);
        if (next == '\n' && head.endsWith("\r\n\r\n")) {
            readHead();
        } else if (head.length > LARGEST_HEAD) {
            throw new ProtocolException("A head of more than " + LARGEST_HEAD + " bytes");
        }
    }

    private void readHead() throws ProtocolException {
        if (!head.startsWith(0, ascii("http/1.1 ")) || head.length < 13) {
            throw new ProtocolException("No HTTP/1.1 answer: " + head.text());
        }
        status = 100 * (head.array[9] - '0') + 10 * (head.array[10] - '0') + head.array[11] - '0';
        remaining = -1;
        boolean chunked = false;
        for (int i = 0; i < head.length; i++) {
            if (head.array[i] == '\n') {
                if (head.startsWith(i + 1, CONTENT_LENGTH)) {
                    remaining = number(head, i + 1 + CONTENT_LENGTH.length, 10);
                } else if (head.startsWith(i + 1, TRANSFER_ENCODING)) {
                    chunked = true;
                }
            }
        }
        if (status < 200 || status == 204 || status == 304) {
            remaining = 0;
        }
        if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (remaining < 0) {
            throw new ProtocolException("An answer of unknown length: " + head.text());
        } else {
            state = remaining == 0 ? State.DONE : State.BODY;
        }
    }

    private void take(ByteBuffer in) {
        int count = (int) Math.min(remaining, in.remaining());
        body.add(in, count);
        remaining -= count;
        if (remaining == 0) {
            state = state == State.BODY ? State.DONE : State.CHUNK_END;
        }
    }

    private void line(byte next) throws ProtocolException {
        if (next != '\n') {
            line.add(next);
            return;
        }
        boolean blank = line.length == 0 || line.endsWith("\r") && line.length == 1;
        switch (state) {
            case CHUNK_SIZE -> {
                remaining = number(line, 0, 16);
                state = remaining == 0 ? State.TRAILER : State.CHUNK;
            }
            case CHUNK_END -> {
                if (!blank) {
                    throw new ProtocolException("A chunk is longer than it said: " + line.text());
                }
                state = State.CHUNK_SIZE;
            }
            default -> state = blank ? State.DONE : State.TRAILER;
        }
        line.length = 0;
    }

    private static long number(Bytes bytes, int from, int radix) throws ProtocolException {
        int start = from;
        while (start < bytes.length && bytes.array[start] == ' ') {
            start++;
        }
        long value = 0;
        int i = start;
        for (; i < bytes.length && Character.digit(bytes.array[i], radix) >= 0; i++) {
            value = value * radix + Character.digit(bytes.array[i], radix);
        }
        if (i == start || i - start > 12) {
            throw new ProtocolException("No length: " + bytes.text());
        }
        return value;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Bytes {
        private byte[] array = new byte[1_024];
        private int length;

        void add(byte next) {
            if (length == array.length) {
                array = Arrays.copyOf(array, 2 * length);
            }
            array[length++] = next;
        }

        void add(ByteBuffer in, int count) {
            if (length + count > array.length) {
                array = Arrays.copyOf(array, Math.max(2 * array.length, length + count));
            }
            in.get(array, length, count);
            length += count;
        }

        /** Whether these lower-case letters stand there, in whichever case. */
        boolean startsWith(int from, byte[] lower) {
            if (from + lower.length > length) {
                return false;
            }
            for (int i = 0; i < lower.length; i++) {
                byte b = array[from + i];
                if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lower[i]) {
                    return false;
                }
            }
            return true;
        }

        boolean endsWith(String ascii) {
            int start = length - ascii.length();
            if (start < 0) {
                return false;
            }
            for (int i = 0; i < ascii.length(); i++) {
                if (array[start + i] != ascii.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        String text() {
            return new String(array, 0, length, StandardCharsets.ISO_8859_1);
        }
    }
}

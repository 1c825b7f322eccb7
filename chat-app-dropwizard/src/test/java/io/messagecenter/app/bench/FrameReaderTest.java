package io.messagecenter.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 200_000})
    void everyFormOfALengthIsUnderstood(int length) throws IOException {
        var text = "x".repeat(length);
        assertThat(messages(frame(true, Frame.TEXT, text), 1_000_000)).containsExactly("1:" + text);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 9, 50, 129, 1_000})
    void framesAreReadHoweverTcpCutsThem(int piece) throws IOException {
        var stream = join(
                frame(true, Frame.TEXT, "one"),
                frame(true, Frame.PING, "still there?"),
                frame(true, Frame.TEXT, "y".repeat(300)),
                frame(true, Frame.TEXT, ""));

        assertThat(messages(stream, piece)).containsExactly("1:one", "9:still there?", "1:" + "y".repeat(300), "1:");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void fragmentsMakeOneMessageAndAPingMayComeBetweenThem(int piece) throws IOException {
        var stream = join(
                frame(false, Frame.TEXT, "one "),
                frame(true, Frame.PING, ""),
                frame(false, Frame.CONTINUATION, "two "),
                frame(true, Frame.CONTINUATION, "three"),
                frame(true, Frame.TEXT, "next"));

        assertThat(messages(stream, piece)).containsExactly("9:", "1:one two three", "1:next");
    }

    @Test
    void aServersFrameThatIsMaskedIsRefused() {
        assertThatThrownBy(() -> messages(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'}, 100))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void aLengthBeyondAllMeasureIsRefused() {
        var head = new byte[] {(byte) 0x81, 127, 0x7F, 0, 0, 0, 0, 0, 0, 0};
        assertThatThrownBy(() -> messages(head, 100)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aContinuationOfNothingIsRefused() {
        assertThatThrownBy(() -> messages(frame(true, Frame.CONTINUATION, "x"), 100))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void aNewMessageWithinAnotherIsRefused() {
        assertThatThrownBy(() -> messages(join(frame(false, Frame.TEXT, "x"), frame(true, Frame.TEXT, "y")), 100))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void aControlFrameInFragmentsIsRefused() {
        assertThatThrownBy(() -> messages(frame(false, Frame.PING, "x"), 100)).isInstanceOf(ProtocolException.class);
    }

    /** What the reader makes of a stream, of which it gets so many bytes more each time. */
    private static List<String> messages(byte[] stream, int piece) throws IOException {
        var messages = new ArrayList<String>();
        var reader = new FrameReader((opcode, bytes, from, to) ->
                messages.add(opcode + ":" + new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        var in = ByteBuffer.wrap(stream);
        for (int limit = 0; limit < stream.length; ) {
            limit = Math.min(stream.length, limit + piece);
            reader.read(in.limit(limit));
        }
        assertThat(in.hasRemaining()).isFalse();
        return messages;
    }

    private static byte[] frame(boolean last, int opcode, String payload) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        ServerFrames.write(out, last, opcode, payload.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) throws IOException {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }
}

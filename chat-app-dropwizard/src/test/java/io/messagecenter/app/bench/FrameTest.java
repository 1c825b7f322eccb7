package io.messagecenter.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 125, 126, 65_535, 65_536, 100_001})
    void aServerReadsWhatAClientWrites(int length) throws IOException {
        var payload = "abcdefg".repeat(20_000).substring(0, length).getBytes(StandardCharsets.US_ASCII);
        var out = ByteBuffer.allocate(3 + length + Frame.LARGEST_HEAD).position(3);

        Frame.write(out, Frame.TEXT, payload, 0x8A12F0C7);

        var in = new DataInputStream(new ByteArrayInputStream(out.array(), 3, out.position() - 3));
        var frame = ServerFrames.read(in);
        assertThat(frame.opcode()).isEqualTo(1);
        assertThat(frame.payload()).isEqualTo(payload);
        assertThat(in.read()).isEqualTo(-1);
    }
}

package io.messagecenter.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParserTest {
    private static final String FIXED = "HTTP/1.1 201 Created\r\ncontent-LENGTH:  7\r\nX-One: 1\r\n\r\n{\"a\":1}";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "4\r\nWiki\r\nA;extension=1\r\npedia in \n\r\n0\r\nX-Trailer: yes\r\n\r\n";
    private static final String EMPTY = "HTTP/1.1 204 No Content\r\nDate: today\r\n\r\n";

    @Test
    void theBodyHasTheLengthThatTheHeadSays() throws Exception {
        assertThat(answers(FIXED, FIXED.length())).containsExactly("201 {\"a\":1}");
    }

    @Test
    void chunksMakeOneBody() throws Exception {
        assertThat(answers(CHUNKED, CHUNKED.length())).containsExactly("200 Wikipedia in \n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 64, 1_000})
    void answersThatFollowEachOtherAreReadHoweverTheirBytesAreCut(int piece) throws Exception {
        assertThat(answers(FIXED + CHUNKED + EMPTY + FIXED, piece))
                .containsExactly("201 {\"a\":1}", "200 Wikipedia in \n", "204 ", "201 {\"a\":1}");
    }

    @Test
    void aBodyMayBeLargerThanTheFirstBuffer() throws Exception {
        var body = "x".repeat(100_000);
        assertThat(answers("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body, 4_096))
                .containsExactly("200 " + body);
    }

    @Test
    void anUpgradeLeavesTheBytesAfterItsHead() throws Exception {
        var in = bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nframes");
        var parser = new AnswerParser();

        assertThat(parser.parse(in)).isTrue();
        assertThat(parser.status()).isEqualTo(101);
        assertThat(in.remaining()).isEqualTo("frames".length());
    }

    @Test
    void aHeaderIsFoundInWhicheverCase() throws Exception {
        var parser = new AnswerParser();
        parser.parse(bytes(FIXED));

        assertThat(parser.header("x-ONE")).contains("1");
        assertThat(parser.header("x-two")).isEmpty();
    }

    @Test
    void anAnswerWithoutALengthIsRefused() {
        assertThatThrownBy(() -> new AnswerParser().parse(bytes("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n")))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void whatIsNotHttpIsRefused() {
        assertThatThrownBy(() -> new AnswerParser().parse(bytes("SSH-2.0-OpenSSH\r\n\r\n")))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void aChunkThatIsLongerThanItSaysIsRefused() {
        assertThatThrownBy(() -> new AnswerParser()
                        .parse(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n")))
                .isInstanceOf(ProtocolException.class);
    }

    /** What the parser makes of a stream that comes in pieces, as the status and the body of each answer. */
    private static List<String> answers(String stream, int piece) throws ProtocolException {
        var all = bytes(stream);
        var parser = new AnswerParser();
        var answers = new ArrayList<String>();
        while (all.hasRemaining()) {
            var in = all.slice();
            in.limit(Math.min(piece, in.remaining()));
            while (in.hasRemaining()) {
                if (parser.parse(in)) {
                    answers.add(parser.status() + " " + parser.body());
                }
            }
            all.position(all.position() + in.position());
        }
        return answers;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}

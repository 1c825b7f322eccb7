package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.socket.RawSocket.Frame;
import io.messagecenter.app.support.Description;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BadFramesTest {
    private static final int MAX_FRAME = 192 * 1024;

    private final TestService service = TestService.shared();
    private final TestService.User alice = service.user("alice");

    /** Frames that mean nothing in message-center.v1, though nothing is wrong with the WebSocket. */
    enum Meaningless {
        GARBAGE(raw -> raw.text("garbage")),
        EMPTY(raw -> raw.text("")),
        ARRAY(raw -> raw.text("[{\"type\": \"send\"}]")),
        NUMBER(raw -> raw.text("1")),
        NULL(raw -> raw.text("null")),
        TWO_OBJECTS(raw -> raw.text("{}{}")),
        HALF_AN_OBJECT(raw -> raw.text("{\"type\": \"send\"")),
        NO_TYPE(raw -> raw.text("{}")),
        NULL_TYPE(raw -> raw.text("{\"type\": null}")),
        NUMBER_TYPE(raw -> raw.text("{\"type\": 1}")),
        UNKNOWN_TYPE(raw -> raw.text("{\"type\": \"subscribe\"}")),
        TYPE_IN_CAPITALS(raw -> raw.text("{\"type\": \"SEND\"}")),
        DEEP(raw -> raw.text("[".repeat(30_000))),
        BINARY(raw -> raw.frame(true, RawSocket.BINARY, "{\"type\": \"send\"}".getBytes(StandardCharsets.UTF_8))),
        EMPTY_BINARY(raw -> raw.frame(true, RawSocket.BINARY, new byte[0])),
        BINARY_IN_PIECES(raw -> {
            raw.frame(false, RawSocket.BINARY, new byte[10]);
            raw.frame(false, RawSocket.CONTINUATION, new byte[10]);
            raw.frame(true, RawSocket.CONTINUATION, new byte[0]);
        }),
        LARGE_BINARY(raw -> raw.frame(true, RawSocket.BINARY, new byte[10 << 20])),
        TOO_LARGE(raw -> raw.text(filled(MAX_FRAME + 1))),
        TOO_LARGE_IN_PIECES(raw -> {
            raw.frame(false, RawSocket.TEXT, filled(MAX_FRAME).getBytes(StandardCharsets.UTF_8));
            raw.frame(true, RawSocket.CONTINUATION, new byte[] {' '});
        }),
        TOO_LARGE_IN_MANY_PIECES(raw -> {
            raw.frame(false, RawSocket.TEXT, new byte[] {'{'});
            var spaces = " ".repeat(16).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < MAX_FRAME; i += spaces.length) {
                raw.write(RawSocket.frameBytes(false, RawSocket.CONTINUATION, spaces));
            }
            raw.frame(true, RawSocket.CONTINUATION, new byte[] {'}'});
        }),
        TEN_MEGABYTES(raw -> raw.text(filled(10 << 20))),
        TEN_MEGABYTES_IN_PIECES(raw -> {
            raw.frame(false, RawSocket.TEXT, filled(1 << 20).getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 9; i++) {
                raw.frame(false, RawSocket.CONTINUATION, new byte[1 << 20]);
            }
            raw.frame(true, RawSocket.CONTINUATION, new byte[0]);
        });

        private final Consumer<RawSocket> sending;

        Meaningless(Consumer<RawSocket> sending) {
            this.sending = sending;
        }

        void sendTo(RawSocket raw) {
            sending.accept(raw);
        }

        /** A send that would be valid, were it not so long. */
        private static String filled(int length) {
            var start = "{\"type\": \"send\", \"client_id\": \"k\", \"recipient\": \"x\", \"body\": \"x\"";
            return start + " ".repeat(length - start.length() - 1) + "}";
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatMeansNothingIsAnErrorAndTheConnectionLivesOn(Meaningless kind) {
        try (var raw = greeted()) {
            kind.sendTo(raw);
            assertError(raw);
            assertLives(raw);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GARBAGE", "UNKNOWN_TYPE", "BINARY", "TOO_LARGE"})
    void tenInARowCloseTheConnection(Meaningless kind) {
        try (var raw = greeted()) {
            for (int i = 0; i < 10; i++) {
                kind.sendTo(raw);
            }
            for (int i = 0; i < 10; i++) {
                assertError(raw);
            }
            assertClosed(raw, 1008);
        }
    }

    @Test
    void kindsAddUp() {
        try (var raw = greeted()) {
            for (int i = 0; i < 5; i++) {
                Meaningless.GARBAGE.sendTo(raw);
                Meaningless.BINARY.sendTo(raw);
            }
            for (int i = 0; i < 10; i++) {
                assertError(raw);
            }
            assertClosed(raw, 1008);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GARBAGE", "BINARY", "TOO_LARGE_IN_PIECES"})
    void nineAndAGoodOneDoNot(Meaningless kind) {
        try (var raw = greeted()) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 9; i++) {
                    kind.sendTo(raw);
                    assertError(raw);
                }
                assertLives(raw);
            }
        }
    }

    @Test
    void aSendThatIsRefusedSpeaksTheProtocolAllTheSame() {
        try (var raw = greeted()) {
            for (int i = 0; i < 15; i++) {
                raw.text(ChatClient.sendFrame("k" + i, alice.name(), " "));
                assertThat(assertError(raw).get("client_id").asText()).isEqualTo("k" + i);
            }
            for (int i = 0; i < 15; i++) {
                raw.text(ChatClient.sendFrame("n" + i, "nobody-of-this-name", "hello"));
                assertThat(assertError(raw).get("status").asInt()).isEqualTo(404);
            }
            assertLives(raw);
        }
    }

    @Test
    void aThousandWithoutAPauseCloseTheConnection() {
        try (var client = service.greeted(alice)) {
            var sending = java.util.concurrent.CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 1_000; i++) {
                    client.send("garbage " + i);
                }
            });
            assertThat(client.awaitClosed().code()).isEqualTo(1008);
            for (int i = 0; i < 10; i++) {
                client.next("error");
            }
            assertThat(client.waiting()).isZero();
            sending.handle((done, failure) -> true).join(); // how far it came does not matter
        }
    }

    @Test
    void whyItWasClosedIsNotLostBehindWhatTheClientStillSends() {
        try (var raw = greeted()) {
            var flood = new ByteArrayOutputStream();
            for (int i = 0; i < (32 << 20) / MAX_FRAME; i++) { // more than the kernel keeps
                flood.writeBytes(RawSocket.frameBytes(
                        true, RawSocket.TEXT, "x".repeat(MAX_FRAME).getBytes(StandardCharsets.UTF_8)));
            }
            raw.write(flood.toByteArray()); // all of it, before the first answer is read
            for (int i = 0; i < 10; i++) {
                assertError(raw);
            }
            assertClosed(raw, 1008);
        }
    }

    @Test
    void theCodeThatAClientClosesWithIsEchoed() {
        for (int code : List.of(1000, 1001, 1008, 3000, 4001, 4999)) {
            try (var raw = greeted()) {
                raw.frame(true, RawSocket.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
                assertClosed(raw, code);
            }
        }
    }

    @Test
    void theErrorHasTheClientIdWhereTheFrameHadOne() {
        try (var raw = greeted()) {
            raw.text("{\"type\": \"sned\", \"client_id\": \"k1\", \"recipient\": \"x\", \"body\": \"x\"}");
            assertThat(raw.readData().text())
                    .isEqualTo("{\"type\":\"error\",\"client_id\":\"k1\",\"title\":\"Bad Request\",\"status\":400,"
                            + "\"detail\":\"Some fields are missing or wrong.\",\"code\":\"invalid\","
                            + "\"frame\":[\"\\\"sned\\\" is no type of frame.\"]}");
            raw.text("{\"type\": 5}");
            assertThat(raw.readData().text()).contains("\"frame\":[\"It has no type that is a text.\"]");
        }
    }

    @Test
    void aFrameOfExactlyTheLimitIsTaken() {
        try (var raw = greeted()) {
            var frame = ChatClient.sendFrame("limit", alice.name(), "hello");
            raw.text(frame.substring(0, frame.length() - 1) + " ".repeat(MAX_FRAME - frame.length()) + "}");
            assertThat(readUntil(raw, "ack").get("client_id").asText()).isEqualTo("limit");
        }
    }

    @Test
    void aSendMayComeInPiecesWithPingsBetweenThem() {
        try (var raw = greeted()) {
            var bytes = ChatClient.sendFrame("pieces", alice.name(), "\u00e4\uD83D\uDE00\u00e4")
                    .getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bytes.length; i++) { // through the middle of characters, too
                raw.frame(false, i == 0 ? RawSocket.TEXT : RawSocket.CONTINUATION, new byte[] {bytes[i]});
                if (i == 20) {
                    raw.frame(true, RawSocket.PING, new byte[] {7});
                    assertThat(raw.readData().opcode()).isEqualTo(RawSocket.PONG);
                }
            }
            raw.frame(true, RawSocket.CONTINUATION, new byte[0]);
            assertThat(readUntil(raw, "ack").get("message").get("body").asText())
                    .isEqualTo("\u00e4\uD83D\uDE00\u00e4");
        }
    }

    @Test
    void aPingIsAnsweredAndAPongIsNoFault() {
        try (var raw = greeted()) {
            for (int i = 0; i < 20; i++) {
                raw.frame(true, RawSocket.PONG, new byte[0]);
                raw.frame(true, RawSocket.PING, new byte[] {(byte) i});
                var pong = raw.readData();
                assertThat(pong.opcode()).isEqualTo(RawSocket.PONG);
                assertThat(pong.payload()).containsExactly(i);
            }
            assertLives(raw);
        }
    }

    @Test
    void aCloseIsAnsweredWithItsCode() {
        try (var raw = greeted()) {
            raw.frame(true, RawSocket.CLOSE, new byte[] {0x03, (byte) 0xe8});
            assertClosed(raw, 1000);
        }
        assertGone();
    }

    /** What RFC 6455 forbids. */
    @ParameterizedTest
    @CsvSource({
        "unmasked, 1002",
        "reserved opcode, 1002",
        "reserved control opcode, 1002",
        "reserved bit, 1002",
        "continuation of nothing, 1002",
        "text within text, 1002",
        "ping in pieces, 1002",
        "long ping, 1002",
        "negative length, 1009",
        "a terabyte, 1009",
        "no UTF-8, 1007",
        "half a character, 1007",
        "surrogate in UTF-8, 1007"
    })
    void whatIsNoWebSocketEndsTheConnection(String what, int code) {
        try (var raw = greeted()) {
            switch (what) {
                case "unmasked" -> {
                    raw.write(RawSocket.header(true, RawSocket.TEXT, false, 2));
                    raw.write(new byte[] {'{', '}'});
                }
                case "reserved opcode" -> raw.frame(true, 3, new byte[] {1});
                case "reserved control opcode" -> raw.frame(true, 11, new byte[] {1});
                case "reserved bit" -> {
                    var frame = RawSocket.frameBytes(true, RawSocket.TEXT, new byte[] {'{', '}'});
                    frame[0] |= 0x40;
                    raw.write(frame);
                }
                case "continuation of nothing" -> raw.frame(true, RawSocket.CONTINUATION, new byte[] {1});
                case "text within text" -> {
                    raw.frame(false, RawSocket.TEXT, new byte[] {'{'});
                    raw.frame(true, RawSocket.TEXT, new byte[] {'}'});
                }
                case "ping in pieces" -> raw.frame(false, RawSocket.PING, new byte[] {1});
                case "long ping" -> raw.frame(true, RawSocket.PING, new byte[126]);
                case "negative length" -> raw.write(RawSocket.header(true, RawSocket.TEXT, true, Long.MIN_VALUE + 1));
                case "a terabyte" -> raw.write(RawSocket.header(true, RawSocket.TEXT, true, 1L << 40));
                case "no UTF-8" -> raw.frame(true, RawSocket.TEXT, new byte[] {(byte) 0xff, (byte) 0xfe});
                case "half a character" -> raw.frame(true, RawSocket.TEXT, new byte[] {(byte) 0xc3});
                case "surrogate in UTF-8" ->
                    raw.frame(true, RawSocket.TEXT, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
                default -> throw new IllegalArgumentException(what);
            }
            assertThat(raw.readData().closeCode()).isEqualTo(code);
            raw.readToEnd();
        }
        assertGone();
        assertThat(Description.read("asyncapi.yaml").at("/info/description").textValue())
                .containsPattern("(?s)Close codes: .*\\b" + code + "\\b");
    }

    private RawSocket greeted() {
        var raw = RawSocket.v1(service, alice);
        assertThat(raw.read().text()).contains("\"hello\"");
        return raw;
    }

    private void assertGone() {
        Awaitility.await().atMost(TestService.PATIENCE).until(() -> service.center()
                .presence()
                .online(java.util.List.of(alice.person().id()))
                .isEmpty());
    }

    private static JsonNode assertError(RawSocket raw) {
        var frame = raw.readData();
        assertThat(frame.opcode()).isEqualTo(RawSocket.TEXT);
        var error = ChatClient.json(frame.text());
        assertThat(error.get("type").asText()).isEqualTo("error");
        assertThat(error.get("status").asInt()).isBetween(400, 404);
        return error;
    }

    private void assertLives(RawSocket raw) {
        var key = "k" + System.nanoTime();
        raw.text(ChatClient.sendFrame(key, alice.name(), "still here"));
        assertThat(readUntil(raw, "ack").get("client_id").asText()).isEqualTo(key);
        // A note to oneself comes as an event, too, before its acknowledgement.
    }

    private static JsonNode readUntil(RawSocket raw, String type) {
        var frame = ChatClient.json(raw.readData().text());
        while (!frame.get("type").asText().equals(type)) {
            assertThat(frame.get("type").asText()).isEqualTo("message.sent");
            frame = ChatClient.json(raw.readData().text());
        }
        return frame;
    }

    private static void assertClosed(RawSocket raw, int code) {
        Frame close = raw.readData();
        assertThat(close.closeCode()).isEqualTo(code);
        raw.frame(true, RawSocket.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
        raw.readToEnd();
    }
}

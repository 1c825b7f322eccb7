package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.socket.RawSocket.Answer;
import io.messagecenter.app.socket.RawSocket.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CompressionTest {
    private static final String OFFER = "permessage-deflate; client_max_window_bits";
    private static final int MAX_FRAME = 192 * 1024;

    private static TestService service;
    private final TestService.User alice = service.user("alice");
    private final TestService.User bob = service.user("bob");

    @BeforeAll
    static void start() {
        service = TestService.start("compression: true");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @EnumSource
    void whereItIsNotConfiguredNothingIsCompressed(Protocol protocol) {
        var plain = TestService.shared();
        var carol = plain.user("carol");
        try (var raw = RawSocket.connect(plain.port())) {
            assertThat(connect(raw, carol, protocol, OFFER).headers()).doesNotContainKey("sec-websocket-extensions");
            follow(plain, raw, carol, protocol);
            plain.send(carol, carol, "hello");
            assertThat(raw.readData().compressed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverOffersItGetsWhatIsCompressed(Protocol protocol) {
        try (var raw = RawSocket.connect(service.port())) {
            assertThat(connect(raw, bob, protocol, OFFER).headers())
                    .containsEntry("sec-websocket-extensions", "permessage-deflate;server_no_context_takeover");
            follow(service, raw, bob, protocol);
            var bodies = List.of("x".repeat(9_000), "hello", "again ".repeat(1_000));
            for (var body : bodies) {
                var message = service.send(alice, bob, body);
                var frame = raw.readData();
                assertThat(frame.compressed()).isTrue();
                if (protocol == Protocol.V1) {
                    var told = ChatClient.json(frame.text()).get("message");
                    assertThat(told.get("body").asText()).isEqualTo(body.strip());
                    assertThat(frame.onTheWire()).isLessThan(500);
                } else {
                    assertThat(frame.text()).isEqualTo(TestService.notification(message));
                }
            }
        }
    }

    @Test
    void whatTheClientCompressesIsTakenWholeOrInPieces() {
        try (var raw = greeted()) {
            var one = deflated(ChatClient.sendFrame("one", bob.name(), "x".repeat(5_000)));
            raw.frame(true, RawSocket.TEXT | RawSocket.COMPRESSED, one);
            assertThat(raw.readData().text()).contains("\"message.sent\"", "x".repeat(5_000));
            assertThat(raw.readData().text()).contains("\"ack\"", "\"one\"");

            var two = deflated(ChatClient.sendFrame("two", bob.name(), "hello"));
            raw.frame(false, RawSocket.TEXT | RawSocket.COMPRESSED, Arrays.copyOf(two, 10));
            raw.frame(true, RawSocket.PING, new byte[] {1});
            raw.frame(true, RawSocket.CONTINUATION, Arrays.copyOfRange(two, 10, two.length));
            assertThat(raw.read().opcode()).isEqualTo(RawSocket.PONG);
            raw.readData();
            assertThat(raw.readData().text()).contains("\"ack\"", "\"two\"");

            raw.text(ChatClient.sendFrame("three", bob.name(), "not compressed"));
            raw.readData();
            assertThat(raw.readData().text()).contains("\"ack\"", "\"three\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits=12",
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
                "x-webkit-deflate-frame, permessage-deflate",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate"
            })
    void anOfferThatCanBeMetIsAccepted(String offer) {
        try (var raw = RawSocket.connect(service.port())) {
            assertThat(connect(raw, bob, Protocol.V1, offer).headers().get("sec-websocket-extensions"))
                    .startsWith("permessage-deflate;");
            assertThat(raw.read().compressed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; mystery",
                "x-webkit-deflate-frame",
                "@answered-close"
            })
    void anOfferThatCannotBeMetIsDeclined(String offer) {
        try (var raw = RawSocket.connect(service.port())) {
            assertThat(connect(raw, bob, Protocol.V1, offer).headers()).doesNotContainKey("sec-websocket-extensions");
            assertThat(raw.read().compressed()).isFalse();
        }
    }

    @Test
    void whoeverOffersNothingGetsWhatIsNot() {
        try (var raw = RawSocket.v1(service, bob)) {
            assertThat(raw.read().compressed()).isFalse();
        }
    }

    @Test
    void aFrameIsAsLargeAsWhatComesOfIt() {
        try (var raw = greeted()) {
            var large = deflated(" ".repeat(MAX_FRAME) + "{}");
            assertThat(large).hasSizeLessThan(500);
            for (int i = 0; i < 10; i++) {
                raw.frame(true, RawSocket.TEXT | RawSocket.COMPRESSED, large);
                assertThat(raw.readData().text())
                        .contains("\"error\"", "A frame has at most " + MAX_FRAME + " characters.");
                if (i == 8) {
                    raw.text(ChatClient.sendFrame("good", bob.name(), "in between"));
                    raw.readData();
                    assertThat(raw.readData().text()).contains("\"ack\"");
                }
            }
            for (int i = 1; i < 10; i++) {
                raw.frame(true, RawSocket.TEXT | RawSocket.COMPRESSED, large);
                assertThat(raw.readData().text()).contains("\"error\"");
            }
            assertClosed(raw, 1008);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RawSocket.TEXT, RawSocket.BINARY})
    void whatWouldBlowUpIsNotLookedAtToItsEnd(int opcode) {
        for (var protocol : Protocol.values()) {
            try (var raw = RawSocket.connect(service.port())) {
                connect(raw, bob, protocol, OFFER);
                follow(service, raw, bob, protocol);
                var bomb = RawSocket.deflated(new byte[64 << 20]);
                assertThat(bomb).hasSizeLessThan(70_000);
                raw.frame(false, opcode | RawSocket.COMPRESSED, bomb); // which does not even end
                assertThat(raw.readData().closeCode()).isEqualTo(1008);
                raw.readToEnd();
            }
        }
    }

    @Test
    void whatIsNotCompressedThoughItSaysSoEndsTheConnection() {
        try (var raw = greeted()) {
            raw.frame(true, RawSocket.TEXT | RawSocket.COMPRESSED, new byte[] {(byte) 0xff, (byte) 0xff, 1, 2});
            assertThat(raw.readData().closeCode()).isEqualTo(1007);
        }
        greeted().close();
    }

    @Test
    void aClientThatStopsReadingLearnsWhyItIsClosed() {
        try (var own = TestService.start("compression: true, slowReader: 1 second")) {
            var carol = own.user("carol");
            try (var stuck = RawSocket.connect(own.port(), 16 * 1024);
                    var other = own.greeted(carol)) {
                connect(stuck, carol, Protocol.V1, OFFER);
                stuck.read();
                int messages = 1_500;
                var random = new Random(1); // or it would fit, compressed to nothing
                own.sendMany(carol, carol, messages, i -> noise(random));
                Awaitility.await()
                        .atMost(TestService.PATIENCE)
                        .until(() -> own.center().feeds().followers() == 1);
                Frame frame = stuck.readData();
                long last = 0;
                while (frame.opcode() == RawSocket.TEXT) {
                    assertThat(ChatClient.json(frame.text()).get("seq").asLong())
                            .isEqualTo(++last);
                    frame = stuck.readData();
                }
                assertThat(frame.closeCode()).isEqualTo(1013);
                assertThat(last).isLessThan(messages);
                for (long seq = 1; seq <= messages; seq++) {
                    assertThat(other.next("message.sent").get("seq").asLong()).isEqualTo(seq);
                }
            }
        }
    }

    private static String noise(Random random) {
        return random.ints(9_000, 33, 127)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void aServiceThatStopsSaysSo() {
        var stopping = TestService.start("compression: true");
        var carol = stopping.user("carol");
        var raws = new ArrayList<RawSocket>();
        for (var protocol : Protocol.values()) {
            var raw = RawSocket.connect(stopping.port());
            connect(raw, carol, protocol, OFFER);
            follow(stopping, raw, carol, protocol);
            raws.add(raw);
        }
        var stop = CompletableFuture.runAsync(stopping::close);
        for (var raw : raws) {
            assertClosed(raw, 1001);
            raw.close();
        }
        assertThat(stop).succeedsWithin(Duration.ofSeconds(20));
    }

    private RawSocket greeted() {
        var raw = RawSocket.connect(service.port());
        connect(raw, alice, Protocol.V1, OFFER);
        assertThat(raw.read().text()).contains("\"hello\"");
        return raw;
    }

    private static Answer connect(RawSocket raw, TestService.User user, Protocol protocol, String offer) {
        var headers =
                new ArrayList<>(List.of("Authorization: Bearer " + user.token(), "Sec-WebSocket-Extensions: " + offer));
        if (protocol == Protocol.V1) {
            headers.add("Sec-WebSocket-Protocol: " + Protocol.V1_NAME);
        }
        var answer = raw.upgrade("/ws", headers);
        assertThat(answer.status()).isEqualTo(101);
        return answer;
    }

    /** Waits until events come. On the original's channel nothing comes first, so a note to oneself shows it. */
    private static void follow(TestService service, RawSocket raw, TestService.User user, Protocol protocol) {
        if (protocol == Protocol.V1) {
            assertThat(raw.read().text()).contains("\"hello\"");
        } else {
            String last;
            do {
                last = TestService.notification(service.send(user, user, "live?"));
            } while (!raw.hears(Duration.ofMillis(100)));
            var heard = raw.readData().text();
            while (!heard.equals(last)) {
                heard = raw.readData().text();
            }
        }
    }

    private static void assertClosed(RawSocket raw, int code) {
        var frame = raw.readData();
        while (frame.opcode() == RawSocket.TEXT) {
            frame = raw.readData();
        }
        assertThat(frame.closeCode()).isEqualTo(code);
        raw.frame(true, RawSocket.CLOSE, frame.payload());
        raw.readToEnd();
    }

    private static byte[] deflated(String text) {
        return RawSocket.deflated(text.getBytes(StandardCharsets.UTF_8));
    }
}

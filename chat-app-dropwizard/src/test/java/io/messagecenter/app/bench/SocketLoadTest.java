package io.messagecenter.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketLoadTest {
    private static final List<BenchUser> USERS =
            List.of(new BenchUser("alice", "a"), new BenchUser("bob", "b"), new BenchUser("carol", "c"));

    @Test
    void everySendIsAcknowledgedAndEveryEventComes() throws Exception {
        try (var server = new EchoChat(seq -> seq);
                var loop = new EventLoop();
                var chat = new ChatSockets(loop, server.address(), USERS)) {
            var load = load(loop, chat);
            var first = load.run(Duration.ofMillis(100));
            var second = load.run(Duration.ofMillis(100));

            assertThat(first.acknowledged()).isGreaterThanOrEqualTo(12);
            assertThat(chat.acknowledged()).isEqualTo(first.acknowledged() + second.acknowledged());
            assertThat(chat.events()).isEqualTo(chat.acknowledged());
            assertThat(server.received()).isEqualTo(chat.acknowledged());
            assertThat(second.latencies().count()).isEqualTo(second.acknowledged());
            assertThat(server.pongs()).isEqualTo(3);
        }
    }

    @Test
    void aServiceThatLeavesAnEventOutFailsTheBenchmark() throws Exception {
        try (var server = new EchoChat(seq -> seq < 20 ? seq : seq + 1);
                var loop = new EventLoop();
                var chat = new ChatSockets(loop, server.address(), USERS)) {
            var load = load(loop, chat);

            assertThatThrownBy(() -> load.run(Duration.ofSeconds(20)))
                    .isInstanceOf(BenchmarkFailed.class)
                    .hasMessageContaining("has event 21 after 19");
        }
    }

    @Test
    void aServiceThatRepeatsAnEventFailsTheBenchmark() throws Exception {
        try (var server = new EchoChat(seq -> seq == 20 ? 19 : seq);
                var loop = new EventLoop();
                var chat = new ChatSockets(loop, server.address(), USERS)) {
            var load = load(loop, chat);

            assertThatThrownBy(() -> load.run(Duration.ofSeconds(20)))
                    .isInstanceOf(BenchmarkFailed.class)
                    .hasMessageContaining("has event 19 after 19");
        }
    }

    @Test
    void aSocketThatTheServiceClosesFailsTheBenchmark() throws Exception {
        try (var server = new EchoChat(seq -> seq == 20 ? EchoChat.CLOSE : seq);
                var loop = new EventLoop();
                var chat = new ChatSockets(loop, server.address(), USERS)) {
            var load = load(loop, chat);

            assertThatThrownBy(() -> load.run(Duration.ofSeconds(20)))
                    .hasRootCauseInstanceOf(ProtocolException.class)
                    .hasMessageContaining("1013 too slow");
        }
    }

    @Test
    void aServiceThatAcknowledgesButTellsNobodyFailsTheBenchmark() throws Exception {
        try (var server = new EchoChat(seq -> EchoChat.SILENCE);
                var loop = new EventLoop();
                var chat = new ChatSockets(loop, server.address(), USERS)) {
            var load = load(loop, chat, Duration.ofMillis(200));

            assertThatThrownBy(() -> load.run(Duration.ofMillis(20)))
                    .isInstanceOf(BenchmarkFailed.class)
                    .hasMessageContaining("made 0 events instead of 1 each");
        }
    }

    private static SocketLoad load(EventLoop loop, ChatSockets chat) {
        return load(loop, chat, Duration.ofSeconds(30));
    }

    private static SocketLoad load(EventLoop loop, ChatSockets chat, Duration patience) {
        var frames = IntStream.range(0, USERS.size())
                .mapToObj(i -> new NumberedText("{\"type\":\"send\",\"client_id\":\"" + NumberedText.PLACE
                        + "\",\"recipient\":\"x\",\"body\":\"" + NumberedText.PLACE + " hello\"}"))
                .toList();
        return new SocketLoad(loop, chat, frames, 4, 1, patience);
    }
}

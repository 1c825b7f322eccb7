package io.messagecenter.app.socket;

import static io.messagecenter.app.socket.ChatClient.sendFrame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketLimitsTest {
    private final TestService service = TestService.start(
            "", "messagesByUser: {count: 3, period: 1h}, typingByUser: {count: 5, period: 1h}, socketsByUser: 2");
    private final TestService.User alice = service.user("alice");

    @AfterEach
    void stop() {
        service.close();
    }

    private RawSocket.Answer handshake(TestService.User user) {
        try (var raw = RawSocket.connect(service.port())) {
            return raw.upgrade("/ws", List.of("Authorization: Bearer " + user.token()));
        }
    }

    @Test
    void tooManySendsAreErrorsAndTheSocketLivesOn() {
        try (var client = service.greeted(alice)) {
            for (int i = 0; i < 3; i++) {
                client.send(sendFrame("k" + i, alice.name(), "m" + i));
                client.skipTo("ack");
            }
            for (int i = 3; i < 20; i++) { // more than there may be faults in a row
                client.send(sendFrame("k" + i, alice.name(), "m" + i));
                var error = client.skipTo("error");
                assertThat(error.get("client_id").asText()).isEqualTo("k" + i);
                assertThat(error.get("status").asInt()).isEqualTo(429);
                assertThat(error.get("code").asText()).isEqualTo("too_many_requests");
                assertThat(error.get("retry_after").asInt()).isBetween(1, 20 * 60);
            }
            var refused = service.call(
                    "POST", "/api/v1/message/", alice, "{\"recipient\": \"" + alice.name() + "\", \"body\": \"m\"}");
            assertThat(refused.statusCode()).isEqualTo(429); // REST counts the same
            assertThat(service.head(alice)).isEqualTo(3);
        }
    }

    @Test
    void tooMuchTypingIsAnErrorOnEverySocketOfTheUserAndTakesNothingFromMessages() {
        var bob = service.user("bob");
        var typing = "{\"type\": \"typing\", \"user\": \"" + bob.name() + "\"}";
        try (var client = service.greeted(alice);
                var other = service.greeted(alice);
                var his = service.greeted(bob)) {
            for (int i = 0; i < 5; i++) {
                client.send(typing);
                his.next("typing");
            }
            for (int i = 0; i < 20; i++) { // more than there may be faults in a row
                var sender = i % 2 == 0 ? client : other;
                sender.send(typing);
                var error = sender.next("error");
                assertThat(error.get("client_id").isNull()).isTrue();
                assertThat(error.get("status").asInt()).isEqualTo(429);
                assertThat(error.get("retry_after").asInt()).isBetween(1, 12 * 60);
            }
            client.send(sendFrame("k", bob.name(), "hello"));
            client.skipTo("ack");
            assertThat(his.next("message.sent").at("/message/body").asText()).isEqualTo("hello");
        }
    }

    @Test
    void aUserHasSoManySocketsOnceOneClosesThereIsRoomAgain() {
        var bob = service.user("bob");
        try (var first = service.greeted(alice)) {
            try (var second = service.greeted(alice)) {
                var refused = handshake(alice);
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.headers()).containsEntry("retry-after", "5");
                assertThat(ChatClient.json(refused.body()).get("detail").asText())
                        .isEqualTo("You have too many connections open.");
                try (var his = service.greeted(bob)) {
                    his.send("?");
                    his.next("error");
                }
                second.send("?");
                second.next("error");
            }
            Awaitility.await().until(() -> handshake(alice).status() == 101);
            first.send("?");
            first.next("error");
        }
    }

    @Test
    void handshakesAtTheSameTimeLeaveNoMoreOpenThanThereMayBe() {
        var sockets = new ArrayList<RawSocket>();
        try {
            for (int i = 0; i < 20; i++) {
                sockets.add(RawSocket.connect(service.port()));
            }
            sockets.parallelStream()
                    .forEach(raw -> raw.upgrade("/ws", List.of("Authorization: Bearer " + alice.token())));
            Awaitility.await().untilAsserted(() -> assertThat(service.sockets()).isEqualTo(2));
        } finally {
            sockets.forEach(RawSocket::close);
        }
    }
}

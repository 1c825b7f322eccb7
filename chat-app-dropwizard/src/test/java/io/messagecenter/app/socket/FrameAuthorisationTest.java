package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Scene;
import io.messagecenter.app.support.Scene.Who;
import io.messagecenter.app.support.SharedService;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The handshake and every type of frame, on both protocols, as everybody who might try. */
@Timeout(60)
class FrameAuthorisationTest {
    private static final String ADMINISTRATED = "/api/v1/admin/account/";

    /** A type of frame that is not here fails the build. What answers it is an ack, an error of that status, or
     * nothing but events. */
    private static final String TABLE =
            """
            frame                                                               | STRANGER OTHER BLOCKED ADMIN
            {"type": "send", "recipient": "<alice>", "body": "walked"}          | ack ack 403 ack
            {"type": "send", "recipient": "<erased>", "body": "walked"}         | 404 404 404 404
            {"type": "send", "recipient": "no.such", "body": "walked"}          | 404 404 404 404
            {"type": "send", "recipient": "<spare>", "body": "walked", "user": "<alice>"} | ack ack ack ack
            {"type": "read", "user": "<alice>", "seq": 1000, "by": "<other>"}   | silence silence silence silence
            {"type": "delivered", "user": "<alice>", "seq": 1000}               | silence silence silence silence
            {"type": "read", "user": "<erased>", "seq": 1000}                   | silence silence silence silence
            {"type": "read", "user": "no.such", "seq": 1}                       | 404 404 404 404
            {"type": "delivered", "user": "no.such", "seq": 1}                  | 404 404 404 404
            {"type": "typing", "user": "<alice>"}                               | silence silence silence silence
            {"type": "typing", "user": "<other>", "by": "<alice>"}              | silence silence silence silence
            {"type": "typing", "user": "<erased>"}                              | 404 404 404 404
            {"type": "typing", "user": "no.such"}                               | 404 404 404 404
            """;

    private static final List<Row> ROWS =
            TABLE.lines().skip(1).map(FrameAuthorisationTest::row).toList();

    private static Scene scene;

    /** A line of the table. */
    private record Row(String frame, Map<Who, String> answers) {
        @Override
        public String toString() {
            return frame;
        }
    }

    private static Row row(String line) {
        var cells = Arrays.stream(line.split("\\|")).map(String::strip).toList();
        var answers = cells.get(1).split(" ");
        return new Row(
                cells.get(0),
                Map.of(
                        Who.STRANGER,
                        answers[0],
                        Who.OTHER,
                        answers[1],
                        Who.BLOCKED,
                        answers[2],
                        Who.ADMIN,
                        answers[3]));
    }

    @BeforeAll
    static void meet() {
        scene = new Scene();
    }

    @AfterAll
    static void part() {
        scene.close();
    }

    private static ChatClient connect(Protocol protocol, String token) {
        var address = scene.socketAddress();
        return protocol == Protocol.V1
                ? ChatClient.v1(URI.create(address + "?after=0"), token)
                : ChatClient.original(address, token);
    }

    // --- the handshake

    private static Stream<Arguments> handshakes() {
        return Arrays.stream(Who.values())
                .flatMap(who -> Arrays.stream(Protocol.values()).map(protocol -> Arguments.of(who, protocol)));
    }

    private static int handshake(Protocol protocol, String... headers) {
        var all = new ArrayList<>(List.of(headers));
        if (protocol == Protocol.V1) {
            all.add("Sec-WebSocket-Protocol: " + Protocol.V1_NAME);
        }
        try (var raw = RawSocket.connect(SharedService.service().port())) {
            return raw.upgrade("/ws?after=0", all).status();
        }
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void whoeverIsSignedInConnectsFromTheirOwnPageAlone(Who who, Protocol protocol) {
        int welcome = Who.SIGNED_IN.contains(who) ? 101 : 401;
        if (who == Who.NOBODY) {
            assertThat(handshake(protocol)).isEqualTo(welcome);
            return;
        }
        var token = scene.as(who).token();
        for (var proof : List.of("Authorization: Bearer " + token, "Cookie: sessionid=" + token)) {
            assertThat(handshake(protocol, proof)).as(proof).isEqualTo(welcome);
            assertThat(handshake(protocol, proof, "Origin: https://evil.example"))
                    .as(proof)
                    .isEqualTo(403);
        }
    }

    // --- frames

    @Test
    void everyTypeOfFrameIsWalked() {
        assertThat(ROWS.stream()
                        .map(row -> Json.parse(row.frame()).path("type").asText())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FrameType.values()).map(FrameType::text).toList());
    }

    private static Stream<Arguments> everywhere() {
        return ROWS.stream().flatMap(row -> Who.SIGNED_IN.stream().map(who -> Arguments.of(row, who)));
    }

    private static String frame(Row row) {
        return ((ObjectNode) Json.parse(scene.fill(row.frame())))
                .put("client_id", People.freshName("k"))
                .toString();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void everybodyIsAnsweredAsTheTableSays(Row row, Who who) {
        var frame = frame(row);
        var expected = row.answers().get(who);
        try (var client = ChatClient.v1(scene.socketAddress(), scene.as(who).token())) {
            client.next("hello");
            var everything = SharedService.state();
            client.send(frame);

            if (expected.equals("ack")) {
                var ack = client.skipTo("ack");
                assertThat(ack.at("/message/user").asText()).isEqualTo(scene.name(who));
                scene.assertKeepsSecrets(who, ack.toString());
            } else if (expected.equals("silence")) {
                client.send(ChatClient.sendFrame(People.freshName("k"), scene.name(who), "done?"));
                for (var next = client.next(); !next.contains("\"type\":\"ack\""); next = client.next()) {
                    assertThat(next).doesNotContain("\"type\":\"error\"");
                    scene.assertKeepsSecrets(who, next);
                }
            } else {
                var error = client.next("error");
                assertThat(error.path("status").asText()).isEqualTo(expected);
                scene.assertKeepsSecrets(who, error.toString());
                assertThat(SharedService.state()).isEqualTo(everything);
            }
        }
    }

    /** What is said on the original's channel is not looked at. */
    @ParameterizedTest
    @EnumSource(names = {"STRANGER", "OTHER", "BLOCKED", "ADMIN"})
    void onTheOriginalsChannelNoFrameDoesAnything(Who who) {
        var api = scene.as(who);
        try (var client = connect(Protocol.ORIGINAL, api.token())) {
            var frames = ROWS.stream().map(FrameAuthorisationTest::frame).toList();
            awaitLive(client, api, who);
            var everything = SharedService.state();
            frames.forEach(client::send);
            client.close(); // which is read after them
            assertThat(SharedService.state()).isEqualTo(everything);
        }
    }

    // --- what comes unasked

    /** Returns once a note to oneself has come, and with it all that was to come before; with all of that. */
    private static List<String> awaitLive(ChatClient client, Api api, Who who) {
        var seen = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            var note = api.send(scene.name(who), "a note").expect(201);
            var id = "\"" + note.at("/id").asText() + "\"";
            for (var frame = client.poll(Duration.ofMillis(50));
                    frame.isPresent();
                    frame = client.poll(Duration.ofMillis(50))) {
                seen.add(frame.get());
                if (frame.get().equals("{\"message\": " + id + "}")
                        || frame.get()
                                .contains(
                                        "\"message\":{\"id\":" + note.at("/id").asText() + ",")) {
                    return seen;
                }
            }
        }
        throw new AssertionError("The socket never came to life");
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void nobodyHearsWhatIsNotTheirs(Protocol protocol) {
        var clients = Who.SIGNED_IN.stream()
                .collect(Collectors.toMap(
                        who -> who, who -> connect(protocol, scene.as(who).token())));
        try {
            clients.forEach((who, client) -> awaitLive(client, scene.as(who), who));
            var secret = "only for the other side " + protocol;
            long id = scene.asAlice()
                    .send(scene.name(Who.OTHER), secret)
                    .expect(201)
                    .at("/id")
                    .asLong();
            var block = "/api/v1/block/" + scene.name(Who.STRANGER) + "/";
            scene.asAlice().call("PUT", block).expect(204);
            scene.asAlice().delete(block).expect(204);
            clients.forEach((who, client) -> {
                var seen = String.join("\n", awaitLive(client, scene.as(who), who));
                scene.assertKeepsSecrets(who, seen);
                assertThat(seen).as("what " + who + " hears").doesNotContain("blocked\",\"user");
                var heard = protocol == Protocol.V1 ? secret : "{\"message\": \"" + id + "\"}";
                assertThat(seen.contains(heard)).as("whether " + who + " hears").isEqualTo(who == Who.OTHER);
            });
        } finally {
            clients.values().forEach(ChatClient::close);
        }
    }

    @Test
    void thatSheIsOnlineIsToldToThoseSheTalksToAndNotToWhomSheBlocks() {
        try (var blocked = connect(Protocol.V1, scene.as(Who.BLOCKED).token())) {
            awaitLive(blocked, scene.as(Who.BLOCKED), Who.BLOCKED);
            for (int i = 0; i < 2; i++) { // in the round before the second, whom she blocks was told what they may know
                try (var other = connect(Protocol.V1, scene.as(Who.OTHER).token())) {
                    var told = other.nextPresence();
                    while (!told.path("user").asText().equals(scene.alice())) {
                        told = other.nextPresence();
                    }
                    assertThat(told.path("online").asBoolean()).isTrue();
                }
            }
            assertThat(presences(blocked)).doesNotContain(scene.alice());
        }
    }

    private static String presences(ChatClient client) {
        var seen = new ArrayList<String>();
        for (var frame = client.pollPresence(Duration.ZERO);
                frame.isPresent();
                frame = client.pollPresence(Duration.ZERO)) {
            seen.add(frame.get().toString());
        }
        return String.join("\n", seen);
    }

    // --- who is thrown out

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void whoseAccountIsDisabledOrErasedIsClosedAtOnce(Protocol protocol) throws Exception {
        var root = SharedService.api().as(SharedService.people().admin(People.freshName("frame.root")));
        for (boolean erase : List.of(false, true)) {
            var name = People.freshName("frame.spare");
            var token = SharedService.people().token(name);
            try (var client = connect(protocol, token)) {
                if (protocol == Protocol.V1) {
                    client.next("hello");
                }
                if (erase) {
                    root.delete(ADMINISTRATED + name + "/").expect(204);
                } else {
                    root.call("PATCH", ADMINISTRATED + name + "/", "{\"disabled\": true}")
                            .expect(200);
                }
                assertThat(client.awaitClosed()) // that it is soon enough is for SessionRoundTest
                        .isEqualTo(new ChatClient.Closed(1008, "the session has ended"));
            }
            assertThat(handshake(protocol, "Authorization: Bearer " + token)).isEqualTo(401);
        }
    }
}

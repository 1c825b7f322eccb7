package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.socket.RawSocket.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HandshakeTest {
    private final TestService service = TestService.shared();
    private final TestService.User alice = service.user("alice");

    @ParameterizedTest
    @ValueSource(strings = {"/ws", "/ws/", "/ws?after=0", "/ws/?after=0"})
    void aBearerTokenOpensASocket(String path) {
        try (var raw = RawSocket.connect(service.port())) {
            assertThat(raw.upgrade(path, v1(bearer())).status()).isEqualTo(101);
            assertThat(raw.read().text())
                    .isEqualTo("{\"type\":\"hello\",\"last\":0,\"user\":\"" + alice.name() + "\",\"ping\":30}");
        }
    }

    @Test
    void aCookieOpensASocket() {
        try (var raw = RawSocket.connect(service.port())) {
            var answer = raw.upgrade("/ws", v1("Cookie: theme=dark; sessionid=" + alice.token()));
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers()).containsEntry("sec-websocket-protocol", "message-center.v1");
            assertThat(raw.read().text()).contains("\"user\":\"" + alice.name() + "\"");
        }
    }

    @Test
    void aCookieThatProvesNothingKeepsNobodyOut() {
        var own = "sessionid=" + alice.token();
        for (var cookie :
                List.of("sessionid=x; " + own, own + "; sessionid=x", "x=\"; " + own, "sessionid=\"x; " + own)) {
            try (var raw = RawSocket.connect(service.port())) {
                assertThat(raw.upgrade("/ws", v1("Cookie: " + cookie)).status()).isEqualTo(101);
                assertThat(raw.read().text()).contains("\"user\":\"" + alice.name() + "\"");
            }
        }
    }

    @Test
    void ofCookiesOfSeveralPeopleNoneIsBelieved() {
        var mallory = service.user("mallory").token();
        var alices = alice.token();
        for (var cookie : List.of(
                "sessionid=" + mallory + "; sessionid=" + alices,
                "sessionid=" + alices + "; sessionid=" + mallory,
                "sessionid=a; sessionid=b; sessionid=c; sessionid=d; sessionid=" + alices)) {
            var answer = refused("/ws", List.of("Cookie: " + cookie));
            assertNotSignedIn(answer);
            assertThat(ChatClient.json(answer.body()).get("detail").asText()).containsIgnoringCase("session cookies");
        }
    }

    @Test
    void ofSeveralSubprotocolsTheOneItSpeaksIsChosen() {
        try (var raw = RawSocket.connect(service.port())) {
            var answer = raw.upgrade(
                    "/ws", List.of(bearer(), "Sec-WebSocket-Protocol: soap, message-center.v1, message-center.v2"));
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers()).containsEntry("sec-websocket-protocol", "message-center.v1");
        }
    }

    @Test
    void withoutATokenNobodyConnects() {
        assertNotSignedIn(refused("/ws", List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer nonsense",
                "Authorization: Bearer ",
                "Authorization: Basic YWxpY2U6c2VjcmV0",
                "Cookie: sessionid=nonsense",
                "Cookie: sessionid=",
                "Cookie: session=x"
            })
    void withAWrongTokenNobodyConnects(String header) {
        assertNotSignedIn(refused("/ws", List.of(header)));
    }

    @Test
    void withTheTokenOfAnEndedSessionNobodyConnects() {
        var session = service.center().sessions().list(alice.person()).get(0);
        service.center().sessions().end(alice.person(), session.id());
        assertNotSignedIn(refused("/ws", List.of(bearer())));
    }

    @Test
    void aWrongTokenIsToldBeforeTheCursorIsLookedAt() {
        assertNotSignedIn(refused("/ws?after=x", List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "",
                "http://127.0.0.1",
                "http://127.0.0.1:1",
                "http://localhost:%d",
                "http://127.0.0.1:%d.evil.example",
                "http://127.0.0.1:%d@evil.example",
                "http://evil.example/127.0.0.1:%d",
                "https://chat.example.evil.example",
                "not an address",
                "ftp://127.0.0.1:%d",
                "ws://127.0.0.1:%d",
                "//127.0.0.1:%d",
                "http://127.0.0.1:%d/",
                "127.0.0.1:%d"
            })
    void aPageOfAnotherOriginMayNotConnect(String origin) {
        var answer = refused("/ws", List.of(bearer(), "Origin: " + origin.formatted(service.port())));
        assertProblem(answer, 403, "Forbidden", "forbidden");
        assertThat(ChatClient.json(answer.body()).get("detail").asText())
                .isEqualTo("Pages of this origin may not connect.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:%d", "https://127.0.0.1:%d", "https://chat.example", "https://CHAT.example"})
    void aPageOfItsOwnOrAnAllowedOriginMayConnect(String origin) {
        try (var raw = RawSocket.connect(service.port())) {
            var answer = raw.upgrade("/ws", List.of(bearer(), "Origin: " + origin.formatted(service.port())));
            assertThat(answer.status()).isEqualTo(101);
        }
    }

    @Test
    void theOwnOriginIsTheOneThatTheClientCallsItBy() {
        try (var raw = RawSocket.connect(service.port())) {
            var answer =
                    raw.upgrade("/ws", List.of(bearer(), "Host: messages.example", "Origin: https://Messages.example"));
            assertThat(answer.status()).isEqualTo(101);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "messages.example:443, https://Messages.example, 101",
        "messages.example, https://messages.example:443, 101",
        "MESSAGES.example:80, http://messages.example, 101",
        "[2001:DB8::1]:443, https://[2001:db8::1], 101",
        "messages.example, https://chat.example:443, 101",
        "messages.example:443, http://messages.example, 403",
        "messages.example:8443, https://messages.example, 403",
        "[2001:db8::1]:443, https://[2001:db8::1:443], 403",
    })
    void thePortThatASchemeHasAnywayMakesNoOtherOrigin(String host, String origin, int status) {
        try (var raw = RawSocket.connect(service.port())) {
            var answer = raw.upgrade("/ws", List.of(bearer(), "Host: " + host, "Origin: " + origin));
            assertThat(answer.status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "-1", "1.5", "9007199254740992", "99999999999999999999", "%2B1", "1%00", "٣"})
    void aCursorThatIsNoneIsABadRequest(String after) {
        var answer = refused("/ws?after=" + encoded(after), List.of(bearer()));
        assertProblem(answer, 400, "Bad Request", "invalid");
        assertThat(ChatClient.json(answer.body()).get("after").toString())
                .isEqualTo("[\"A valid integer is required.\"]");
    }

    @Test
    void withoutAnUpgradeItSaysWhatItSpeaks() {
        try (var raw = RawSocket.connect(service.port())) {
            var answer = raw.ask("GET", "/ws", List.of(bearer()));
            assertProblem(answer, 426, "Upgrade Required", "upgrade_required");
            assertThat(answer.headers()).containsEntry("upgrade", "websocket");
            // And the connection is good for another request.
            assertThat(raw.ask("GET", "/ws/", List.of(bearer())).status()).isEqualTo(426);
        }
    }

    @Test
    void withoutAnUpgradeAndATokenItTellsNothing() {
        try (var raw = RawSocket.connect(service.port())) {
            assertNotSignedIn(raw.ask("GET", "/ws", List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"})
    void anotherMethodIsNotAllowed(String method) {
        try (var raw = RawSocket.connect(service.port())) {
            var answer = raw.ask(method, "/ws", List.of(bearer(), "Content-Length: 0"));
            assertProblem(answer, 405, "Method Not Allowed", "method_not_allowed");
            assertThat(answer.headers()).containsEntry("allow", "GET");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: x", "X-No-Version: 13"})
    void anotherVersionOfWebSocketIsRefused(String version) {
        try (var raw = RawSocket.connect(service.port())) {
            var answer = raw.ask(
                    "GET",
                    "/ws",
                    List.of(
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                            bearer(),
                            version));
            assertProblem(answer, 426, "Upgrade Required", "upgrade_required");
            assertThat(answer.headers()).containsEntry("sec-websocket-version", "13");
        }
    }

    private Answer refused(String path, List<String> headers) {
        try (var raw = RawSocket.connect(service.port())) {
            return raw.upgrade(path, headers);
        }
    }

    private static void assertNotSignedIn(Answer answer) {
        assertProblem(answer, 401, "Unauthorized", "not_signed_in");
        assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
    }

    private static void assertProblem(Answer answer, int status, String title, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
        var problem = ChatClient.json(answer.body());
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isEqualTo(title);
        assertThat(problem.get("code").asText()).isEqualTo(code);
    }

    private static String encoded(String after) {
        return after.equals("٣") ? "%D9%A3" : after;
    }

    private static List<String> v1(String header) {
        return List.of(header, "Sec-WebSocket-Protocol: message-center.v1");
    }

    private String bearer() {
        return "Authorization: Bearer " + alice.token();
    }
}

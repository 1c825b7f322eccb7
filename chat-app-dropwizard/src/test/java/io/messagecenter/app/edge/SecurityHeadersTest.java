package io.messagecenter.app.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every answer tells a browser, whoever makes it: a resource, a servlet, or Jetty itself. */
@Timeout(60)
class SecurityHeadersTest {
    private static final String HELLO = "\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13"
            + "\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    /** Requests, and the status that each is answered with. */
    private static Map<String, Integer> requests() {
        var bearer = "\nAuthorization: Bearer " + SharedService.people().token(People.freshName("headers.alice"));
        var json = "\nContent-Type: application/json\nContent-Length: ";
        var requests = new LinkedHashMap<String, Integer>();
        requests.put("GET /api/v1/account/" + bearer, 200);
        requests.put("HEAD /api/v1/account/" + bearer, 200);
        requests.put("OPTIONS /api/v1/account/", 200);
        requests.put("GET /api/v1/account/", 401);
        requests.put("GET /api/v1/message/1/" + bearer, 404);
        requests.put("GET /api/v1/nothing/" + bearer, 404);
        requests.put("GET /api/v1" + bearer, 404);
        requests.put("PUT /api/v1/account/" + bearer, 405);
        requests.put("POST /api/v1/message/" + bearer + json + "2\n\n{}", 400);
        requests.put("POST /api/v1/message/" + bearer + json + "1\n\n{", 400);
        requests.put("POST /api/v1/message/\nOrigin: null\nContent-Length: 0", 403);
        requests.put("POST /api/v1/session/" + json + "2\n\n{}", 400);
        requests.put("POST /api/v1/session/" + json + "99999999", 413);
        requests.put("POST /api/v1/session/\nContent-Type: nonsense\nContent-Length: 0", 415);
        requests.put("DELETE /api/v1/session/current/" + bearer, 204);
        requests.put("GET /ws", 401);
        requests.put("GET /ws/\nOrigin: https://evil.example" + HELLO, 403);
        requests.put("POST /ws\nContent-Length: 0", 405);
        requests.put("GET /", 404);
        requests.put("GET /favicon.ico", 404);
        requests.put("GET /api/v1//account/", 400);
        requests.put("GET /api/v1/account/\nContent-Length: x", 400);
        requests.put("GET /" + "x".repeat(20_000), 414);
        requests.put("GET /%", 400);
        requests.put("GET /nothing\nA b: c", 400);
        requests.put("GET /nothing\nX: " + "x".repeat(20_000), 431);
        return requests;
    }

    private static Answer exchange(int port, String request) {
        var parts = request.split("\n\n", 2);
        var lines = parts[0].split("\n", 2);
        return RawHttp.exchange(
                port,
                lines[0] + " HTTP/1.1\nHost: localhost" + (lines.length > 1 ? "\n" + lines[1] : "")
                        + (lines[0].contains("/ws") ? "" : "\nConnection: close"),
                RawHttp.bytes(parts.length > 1 ? parts[1] : ""));
    }

    private static void assertSecure(Answer answer, String request) {
        var expected = Map.of(
                "Content-Security-Policy",
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                "X-Content-Type-Options",
                "nosniff",
                "Referrer-Policy",
                "no-referrer",
                "Cross-Origin-Resource-Policy",
                "same-origin",
                "Cache-Control",
                "no-store");
        expected.forEach((name, value) -> assertThat(answer.headers().allValues(name))
                .as(request + ": " + name)
                .containsExactly(value));
    }

    @Test
    void everyAnswerHasThem() {
        requests().forEach((request, status) -> {
            var answer = exchange(SharedService.service().port(), request);
            assertThat(answer.status()).as(request).isEqualTo(status);
            assertSecure(answer, request);
            assertThat(answer.header("Strict-Transport-Security")).as(request).isEmpty();
        });
    }

    @Test
    void overTlsTheyKeepTheBrowserThere() {
        try (var service = Service.behindProxy(SharedService.database())) {
            for (var path : new String[] {"/api/v1/account/", "/api/v1/nothing", "/ws", "/nothing"}) {
                var request = "GET " + path + "\nX-Forwarded-Proto: ";
                assertThat(exchange(service.port(), request + "https").header("Strict-Transport-Security"))
                        .as(path)
                        .contains("max-age=31536000");
                assertThat(exchange(service.port(), request + "http").header("Strict-Transport-Security"))
                        .as(path)
                        .isEmpty();
            }
        }
    }

    private static Service trusting(String proxy) {
        return Service.on(
                SharedService.database(),
                configuration -> configuration.putArray("trustedProxies").add(proxy));
    }

    /** What Jetty refuses reaches no handler, so that nobody has asked the proxy before. */
    private static Map<String, Integer> readAndRefused() {
        return Map.of(
                "GET /nothing", 404,
                "GET /api/v1/%2e%2e/", 400,
                "GET /api/v1//account/", 400,
                "POST /nothing\nExpect: nonsense\nContent-Length: 0", 417);
    }

    /** Jetty gives up in the midst of them, and hands on nothing of what it has read. */
    private static Map<String, Integer> neverRead() {
        return Map.of(
                "GET /api/v1/%",
                400,
                "GET /nothing\nA b: c",
                400,
                "GET /nothing\nContent-Length: x",
                400,
                "POST /nothing\nTransfer-Encoding: nonsense",
                400,
                "GET /nothing\nX: " + "x".repeat(20_000),
                431,
                "GET /" + "x".repeat(20_000),
                414);
    }

    private static void assertKept(Service service, Map<String, Integer> requests, String proto, boolean kept) {
        requests.forEach((request, status) -> {
            var lines = request.split("\n", 2);
            var answer = exchange(
                    service.port(),
                    lines[0] + "\nX-Forwarded-Proto: " + proto + (lines.length > 1 ? "\n" + lines[1] : ""));
            assertThat(answer.status()).as(request).isEqualTo(status);
            assertThat(answer.header("Strict-Transport-Security").isPresent())
                    .as(request)
                    .isEqualTo(kept);
        });
    }

    @Test
    void aTrustedProxyIsBelievedOnTlsAlsoInWhatJettyRefuses() {
        try (var service = trusting("127.0.0.1")) {
            assertKept(service, readAndRefused(), "https", true);
            assertKept(service, readAndRefused(), "http", false);
            assertKept(service, neverRead(), "https", false); // as SECURITY.md has it
        }
        try (var service = trusting("192.0.2.1")) {
            assertKept(service, readAndRefused(), "https", false);
        }
    }

    @Test
    void whatAProxySaysThatCannotBeReadIsRefusedWithoutFailing() {
        try (var service = trusting("127.0.0.1")) {
            var nonsense = Map.of("GET /nothing\nX-Forwarded-Port: x", 404, "GET /api/v1//\nX-Forwarded-Host: [", 400);
            assertKept(service, nonsense, "https", false);
        }
    }
}

package io.messagecenter.app.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a request is taken to come from, as the limits by address show it: one failed sign-in each. */
@Timeout(60)
class ClientAddressesTest {
    private static Service service(Consumer<ObjectNode> changes) {
        return Service.on(SharedService.database(), configuration -> {
            configuration
                    .putObject("limits")
                    .putObject("signInByAddress")
                    .put("count", 1)
                    .put("period", "1h");
            changes.accept(configuration);
        });
    }

    private static Service trusting(String... proxies) {
        return service(configuration -> {
            var trusted = configuration.putArray("trustedProxies");
            for (var proxy : proxies) {
                trusted.add(proxy);
            }
        });
    }

    private static Answer signIn(Service service, String headers) {
        var body = Json.object()
                .put("username", People.freshName("edge.nobody"))
                .put("password", "wrong")
                .toString();
        return RawHttp.exchange(
                service.port(),
                "POST /api/v1/session/ HTTP/1.1\nHost: localhost\nConnection: close\nContent-Type: application/json"
                        + "\nContent-Length: " + body.length() + headers,
                RawHttp.bytes(body));
    }

    /** Fails unless these come from an address that has not failed yet. */
    private static void assertNew(Service service, String headers) {
        assertThat(signIn(service, headers).status()).as(headers).isEqualTo(401);
        assertThat(signIn(service, headers).status()).as(headers).isEqualTo(429);
    }

    private static void assertSame(Service service, String headers) {
        assertThat(signIn(service, headers).status()).as(headers).isEqualTo(429);
    }

    @Test
    void whoeverIsNoTrustedProxyIsNotBelieved() {
        try (var service = trusting("192.0.2.1", "2001:db8::/32")) {
            assertNew(service, "");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1");
            assertSame(service, "\nForwarded: for=203.0.113.1");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, 192.0.2.1");
            assertSame(service, "\nX-Real-IP: 203.0.113.1");
        }
    }

    @Test
    void dropwizardsForwardedHeadersDoNotChangeThat() {
        try (var service = service(configuration ->
                ((ObjectNode) configuration.at("/server/applicationConnectors/0")).put("useForwardedHeaders", true))) {
            assertNew(service, "\nX-Forwarded-For: 203.0.113.1");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.2");
        }
    }

    @Test
    void aTrustedProxyIsAskedForWhomItAsks() {
        try (var service = trusting("127.0.0.0/8", "10.0.0.0/8", "fd00::/8")) {
            assertNew(service, "\nX-Forwarded-For: 203.0.113.1");
            assertNew(service, "\nX-Forwarded-For: 203.0.113.2:4711");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.2");
            assertSame(service, "\nX-Forwarded-For: 6.6.6.6, 203.0.113.1");
            assertSame(service, "\nX-Forwarded-For: 6.6.6.6,10.1.1.1, 203.0.113.1 ,10.2.2.2");
            assertSame(service, "\nX-Forwarded-For: 6.6.6.6\nX-Forwarded-For: 203.0.113.1\nX-Forwarded-For: 10.2.2.2");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, fd00::7");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, [fd00::7]:80");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, ::ffff:10.2.2.2");
            assertNew(service, "\nX-Forwarded-For: 2001:db8:1:2::1");
            assertSame(service, "\nX-Forwarded-For: 2001:db8:1:2:3:4:5:6");
            assertSame(service, "\nX-Forwarded-For: [2001:db8:1:2:3:4:5:7]:4711");
            assertNew(service, "\nX-Forwarded-For: 10.3.3.3, 10.2.2.2"); // proxies all the way
            assertNew(service, "\nX-Forwarded-For: 2001:db8:1:3::1");
        }
    }

    @Test
    void whereAProxyDoesNotSayForWhomItIsTheProxy() {
        try (var service = trusting("127.0.0.1", "10.0.0.0/8")) {
            assertNew(service, "");
            assertSame(service, "\nX-Forwarded-For: unknown");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, localhost");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, 999.1.1.1");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, 1.2.3");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, 1::2::3");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.1, fe80::1%eth0");
            assertSame(service, "\nForwarded: for=203.0.113.1"); // it is not asked in that header
            assertNew(
                    service,
                    "\nX-Forwarded-For: 203.0.113.1, not an address, 10.1.1.1"); // which is the outermost proxy
        }
    }

    @Test
    void theOtherHeaderIsReadWhereTheConfigurationSaysSo() {
        try (var service = service(configuration -> {
            configuration.putArray("trustedProxies").add("127.0.0.1").add("10.0.0.0/8");
            configuration.put("forwardedHeader", "Forwarded");
        })) {
            assertNew(service, "\nForwarded: for=203.0.113.1");
            assertSame(service, "\nForwarded: proto=https;For=\"203.0.113.1:4711\";by=10.1.1.1");
            assertSame(service, "\nForwarded: for=6.6.6.6, for=203.0.113.1;proto=http, for=10.1.1.1");
            assertNew(service, "\nForwarded: for=\"[2001:db8:1:2::1]:80\"");
            assertNew(service, "\nForwarded: for=unknown");
            assertSame(service, "\nForwarded: for=_hidden");
            assertSame(service, "\nForwarded: proto=https");
            assertSame(service, "\nX-Forwarded-For: 203.0.113.9");
        }
    }

    private static Answer signUp(Service service, String headers) {
        var body = Json.object()
                .put("username", People.freshName("edge.alice"))
                .put("password", "correct horse")
                .toString();
        return RawHttp.exchange(
                        service.port(),
                        "POST /api/v1/account/ HTTP/1.1\nHost: inside:8080\nConnection: close"
                                + "\nContent-Type: application/json\nContent-Length: " + body.length() + headers,
                        RawHttp.bytes(body))
                .expect(201);
    }

    private static String cookie(Answer answer) {
        return answer.header("Set-Cookie").orElseThrow().toLowerCase(Locale.ROOT);
    }

    @Test
    void aTrustedProxyIsBelievedOnTlsAndTheHost() {
        var tls = "\nX-Forwarded-Proto: https\nX-Forwarded-Host: chat.example\nOrigin: https://chat.example";
        try (var service = trusting("127.0.0.1")) {
            var behindTls = signUp(service, tls);
            assertThat(cookie(behindTls)).containsPattern("; *secure;");
            assertThat(behindTls.header("Strict-Transport-Security")).isPresent();
            var plain = signUp(service, "\nX-Forwarded-Proto: http");
            assertThat(cookie(plain)).doesNotContain("secure");
            assertThat(plain.header("Strict-Transport-Security")).isEmpty();
            var link = RawHttp.exchange(
                    service.port(),
                    "GET /api/v1/user/?limit=1 HTTP/1.1\nHost: inside:8080\nConnection: close\nAuthorization: Bearer "
                            + behindTls.at("/token").asText() + tls);
            assertThat(link.header("Link").orElseThrow()).startsWith("<https://chat.example/api/v1/user/");
        }
    }

    @Test
    void nobodyElseIs() {
        try (var service = trusting("192.0.2.1")) {
            var answer = signUp(service, "\nX-Forwarded-Proto: https\nX-Forwarded-Host: chat.example");
            assertThat(cookie(answer)).doesNotContain("secure");
            assertThat(answer.header("Strict-Transport-Security")).isEmpty();
        }
        try (var service = service(
                configuration -> configuration.putArray("trustedProxies").add("127.0.0.1"))) {
            assertThat(cookie(signUp(service, "\nForwarded: proto=https;host=chat.example")))
                    .doesNotContain("secure");
        }
    }

    /** A proxy passes on what it knows nothing of, as a client has written it. */
    @Test
    void nothingElseIsBelievedOnTlsAndTheHost() {
        var others = List.of(
                "X-Proxied-Https: on", "Proxy-Ssl-Id: aa", "Proxy-Auth-Cert: aa", "X-Forwarded-Server: evil.example");
        for (var header : List.of("X-Forwarded-For", "Forwarded")) {
            try (var service = service(configuration -> {
                configuration.putArray("trustedProxies").add("127.0.0.1");
                configuration.put("forwardedHeader", header);
            })) {
                var token = signUp(service, "").at("/token").asText();
                for (var other : others) {
                    var page = RawHttp.exchange(
                            service.port(),
                            "GET /api/v1/user/?limit=1 HTTP/1.1\nHost: inside:8080\nConnection: close\n"
                                    + "Authorization: Bearer " + token + "\n" + other);
                    assertThat(page.header("Strict-Transport-Security"))
                            .as(header + " " + other)
                            .isEmpty();
                    assertThat(page.header("Link").orElseThrow())
                            .as(header + " " + other)
                            .startsWith("<http://inside:8080/");
                }
            }
        }
    }

    @Test
    void theHostOfAPageIsTheOneThatAProxyNames() {
        try (var service = trusting("127.0.0.1")) {
            var head = "\nX-Forwarded-Proto: https\nX-Forwarded-Host: chat.example:8443\nOrigin: https://";
            assertThat(signIn(service, head + "chat.example:8443").status()).isEqualTo(401);
            assertThat(signIn(service, head + "chat.example").status()).isEqualTo(403);
            assertThat(signIn(service, head + "localhost").status()).isEqualTo(403);
            var kept = "\nX-Forwarded-Proto: https\nX-Forwarded-For: 203.0.113.5\nOrigin: https://localhost";
            assertThat(signIn(service, kept).status()).isEqualTo(401);
        }
    }
}

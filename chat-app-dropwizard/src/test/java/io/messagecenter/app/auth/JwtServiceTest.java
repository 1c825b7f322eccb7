package io.messagecenter.app.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.messagecenter.app.socket.ChatClient;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service of a host that has users of its own, and publishes its keys over HTTP. */
@Timeout(60)
class JwtServiceTest {
    private static final TestTokens HOST = new TestTokens();
    private static final AtomicInteger FETCHES = new AtomicInteger();
    private static HttpServer keys;
    private static Service service;

    @BeforeAll
    static void start() throws IOException {
        keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keys.createContext("/jwks", exchange -> {
            FETCHES.incrementAndGet();
            var body = HOST.jwks().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        keys.start();
        var url = "http://127.0.0.1:" + keys.getAddress().getPort() + "/jwks";
        service = on("jwt", auth -> auth.put("jwksUrl", url).put("createUsers", true));
    }

    private static Service on(String name, Consumer<ObjectNode> changes) {
        return Service.on(new TestDatabase("jdbc:h2:mem:" + name, "sa", ""), configuration -> {
            var auth = configuration.putObject("auth");
            auth.put("type", "jwt").put("issuer", TestTokens.ISSUER).put("audience", TestTokens.AUDIENCE);
            changes.accept(auth);
        });
    }

    @AfterAll
    static void stop() {
        service.close();
        keys.stop(0);
    }

    private static Api as(String name) {
        return service.api().as(HOST.rs256(name));
    }

    @Test
    void aTokenOfTheHostSendsAndReadsAndItsKeysAreFetchedOnce() {
        as("bob").get("/api/v1/account/").expect(200); // who has never been here cannot be written to
        as("ada").send("bob", "hello").expect(201); // past Jersey
        var page = as("bob").get("/api/v1/message/?target=ada").expect(200).json();
        assertThat(page.at("/results/0/body").asText()).isEqualTo("hello");
        assertThat(as("ada").get("/api/v1/account/").json().get("username").asText())
                .isEqualTo("ada");
        assertThat(FETCHES).hasValue(1);
    }

    @Test
    void theCookieTakesATokenToo() {
        var api = service.api();
        var answer = api.call(
                "GET",
                "/api/v1/account/",
                BodyPublishers.noBody(),
                request -> request.header("Cookie", "sessionid=" + HOST.rs256("cookie-monster")));
        assertThat(answer.expect(200).json().get("username").asText()).isEqualTo("cookie-monster");
    }

    private static Answer withCookies(String... tokens) {
        return service.api()
                .call(
                        "GET",
                        "/api/v1/account/",
                        BodyPublishers.noBody(),
                        request -> request.header("Cookie", "sessionid=" + String.join("; sessionid=", tokens)));
    }

    @Test
    void ofSeveralCookiesThoseThatHoldMustBeOnePersons() {
        var own = HOST.rs256("gina");
        var sibling = HOST.rs256("sibling");
        for (var answer : List.of(withCookies("x", own), withCookies(own, new TestTokens().rs256("sibling")))) {
            assertThat(answer.expect(200).json().get("username").asText()).isEqualTo("gina");
        }
        withCookies(own, sibling).expectNotSignedIn();
        withCookies(sibling, own).expectNotSignedIn();
    }

    @Test
    void aBadTokenIsNobody() {
        var stranger = new TestTokens();
        service.api().as(stranger.rs256("ada")).get("/api/v1/user/").expectNotSignedIn();
        service.api().as(stranger.rs256("ada")).send("bob", "hello").expectNotSignedIn();
        service.api().get("/api/v1/user/").expectNotSignedIn();
    }

    @Test
    void aSocketLastsAsLongAsItsToken() throws Exception {
        var token = HOST.rs256(
                "eve",
                claims -> claims.setExpirationTime(
                        NumericDate.fromSeconds(NumericDate.now().getValue() + 3)));
        var address = URI.create("ws://127.0.0.1:" + service.port() + "/ws");
        try (var client = ChatClient.v1(address, token)) {
            assertThat(client.next("hello").get("user").asText()).isEqualTo("eve");
            assertThat(client.closed().get(20, TimeUnit.SECONDS).code()).isEqualTo(1008);
        }
        service.api().as(token).get("/api/v1/user/").expectNotSignedIn();
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/session/",
        "GET,/session/",
        "DELETE,/session/current/",
        "DELETE,/session",
        "POST,/account/",
        "POST,/account",
        "POST,/account/password/",
        "DELETE,/account/",
        "POST,/password-reset/confirm/"
    })
    void accountsAndSessionsAreKeptElsewhere(String method, String path) {
        for (var api : new Api[] {as("ada"), service.api()}) {
            var answer = api.call(
                    method,
                    "/api/v1" + path,
                    BodyPublishers.ofString("{\"username\": \"mallory\", \"password\": \"correct horse\"}"),
                    request -> request.header("Content-Type", "application/json"));
            assertThat(answer.expect(403).text()).contains("Accounts and sessions are kept elsewhere.");
        }
        as("ada").get("/api/v1/user/mallory/").expect(404);
    }

    @Test
    void keysMayBeInAFileAndNobodyNewIsTakenInByDefault() throws IOException {
        var file = Files.writeString(SharedService.directory("jwks").resolve("jwks.json"), HOST.jwks());
        var database = new TestDatabase("jdbc:h2:mem:jwt-file", "sa", "");
        try (var closed = on("jwt-file", auth -> auth.put("jwksFile", file.toString()));
                var people = new io.messagecenter.app.support.People(database)) {
            closed.api().as(HOST.rs256("ada")).get("/api/v1/user/").expectNotSignedIn();
            people.person("ada");
            closed.api().as(HOST.rs256("ada")).get("/api/v1/user/").expect(200);
        }
    }
}

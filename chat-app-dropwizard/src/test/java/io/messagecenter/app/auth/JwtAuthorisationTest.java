package io.messagecenter.app.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.socket.ChatClient;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Endpoints;
import io.messagecenter.app.support.Endpoints.Endpoint;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of the API where people are a host's: every endpoint, as nobody, a user and an administrator. */
@Timeout(60)
class JwtAuthorisationTest {
    private static final TestTokens HOST = new TestTokens();
    private static final TestDatabase DATABASE = new TestDatabase("jdbc:h2:mem:jwt-walk", "sa", "");

    /** An endpoint that is not here fails the build. */
    private static final String TABLE =
            """
            POST /account/                   403 403 403
            GET /account/                    401 200 200
            PATCH /account/                  403 403 403
            POST /account/password/          403 403 403
            DELETE /account/                 403 403 403
            GET /account/export/             401 200 200
            GET /admin/account/              401 403 200
            GET /admin/account/{username}/   401 403 404
            PATCH /admin/account/{username}/ 401 403 404
            DELETE /admin/account/{username}/ 401 403 404
            POST /session/                   403 403 403
            GET /session/                    403 403 403
            DELETE /session/                 403 403 403
            DELETE /session/current/         403 403 403
            DELETE /session/{id}/            403 403 403
            POST /password-reset/            403 403 403
            POST /password-reset/confirm/    403 403 403
            GET /user/                       401 200 200
            GET /user/{username}/            401 404 404
            GET /block/                      401 200 200
            PUT /block/{username}/           401 404 404
            DELETE /block/{username}/        401 404 404
            POST /message/                   401 400 400
            GET /message/                    401 200 200
            GET /message/{id}/               401 404 404
            GET /message/search/             401 400 400
            PATCH /message/{id}/             401 400 400
            DELETE /message/{id}/            401 404 404
            GET /conversation/               401 200 200
            GET /conversation/{username}/    401 404 404
            POST /conversation/{username}/read/ 401 400 400
            POST /conversation/{username}/delivered/ 401 400 400
            GET /event/                      401 200 200
            """;

    private static final Map<Endpoint, List<Integer>> ROWS = TABLE.lines()
            .map(line -> line.split(" +"))
            .collect(Collectors.toMap(
                    cells -> new Endpoint(cells[0], "/api/v1" + cells[1]),
                    cells -> Stream.of(cells).skip(2).map(Integer::valueOf).toList()));

    private static Service service;

    @BeforeAll
    static void start() throws IOException {
        var jwks = Files.writeString(SharedService.directory("jwks").resolve("jwks.json"), HOST.jwks());
        service = Service.on(DATABASE, configuration -> configuration
                .putObject("auth")
                .put("type", "jwt")
                .put("issuer", TestTokens.ISSUER)
                .put("audience", TestTokens.AUDIENCE)
                .put("jwksFile", jwks.toString())
                .put("createUsers", true));
        try (var people = new People(DATABASE)) {
            people.admin("root");
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Api as(String name) {
        return service.api().as(HOST.rs256(name));
    }

    private static int status(Api api, String method, String path) {
        var body = method.equals("GET")
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(
                        "{\"username\": \"mallory\", \"password\": \"correct horse\", \"disabled\": true}");
        return api.call(method, path, body, request -> request.header("Content-Type", "application/json"))
                .status();
    }

    private static List<Endpoint> endpoints() {
        return Endpoints.templates();
    }

    @Test
    void everyEndpointIsWalked() {
        assertThat(ROWS.keySet()).containsExactlyInAnyOrderElementsOf(endpoints());
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void everybodyIsAnsweredAsTheTableSays(Endpoint endpoint) {
        var path = endpoint.path().replaceAll("\\{[^}]*}", "999");
        assertThat(List.of(
                        status(service.api(), endpoint.method(), path),
                        status(as("ada"), endpoint.method(), path),
                        status(as("root"), endpoint.method(), path)))
                .isEqualTo(ROWS.get(endpoint));
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whoeverIsNotWhomTheRequestExpectsIsAnsweredAsNobodyIs(Endpoint endpoint) {
        var path = endpoint.path().replaceAll("\\{[^}]*}", "999");
        assertThat(status(as("root").expecting("ada"), endpoint.method(), path))
                .isEqualTo(ROWS.get(endpoint).get(0));
        assertThat(status(as("root").expecting("ROOT"), endpoint.method(), path))
                .isEqualTo(ROWS.get(endpoint).get(2));
    }

    /** However its address is spelt. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "account;x",
                "account;x=1/",
                ";x/account/",
                "%61ccount/",
                "account%2F",
                "account//",
                "/account/",
                "./account/",
                "x/../account/",
                "account/%2e/",
                "account%3Bx/",
                "account?x",
                "ACCOUNT/"
            })
    void nobodySignsUpByAnotherSpelling(String spelling) {
        for (var api : List.of(service.api(), as("ada"))) {
            assertThat(status(api, "POST", "/api/v1/" + spelling)).as(spelling).isIn(400, 403, 404, 405);
            assertThat(status(api, "POST", "/api/v1/" + spelling.replace("account", "session")))
                    .as(spelling)
                    .isIn(400, 403, 404, 405);
        }
        as("ada").get("/api/v1/user/mallory/").expectNotFound();
    }

    /** A token of the host cannot be ended, so its user is asked about. */
    @Test
    void whoIsDisabledIsOutThoughTheTokenHolds() throws Exception {
        var bob = as("bob");
        bob.get("/api/v1/account/").expect(200);
        var address = URI.create("ws://127.0.0.1:" + service.port() + "/ws");
        try (var v1 = ChatClient.v1(address, bob.token());
                var original = ChatClient.original(address, bob.token())) {
            v1.next("hello");

            as("root")
                    .call("PATCH", "/api/v1/admin/account/bob/", "{\"disabled\": true}")
                    .expect(200);

            bob.get("/api/v1/account/").expectNotSignedIn();
            as("bob").send("root", "let me in").expectNotSignedIn();
            for (var client : List.of(v1, original)) {
                assertThat(client.closed().get(20, TimeUnit.SECONDS))
                        .isEqualTo(new ChatClient.Closed(1008, "the session has ended"));
            }
        }
        as("root")
                .call("PATCH", "/api/v1/admin/account/bob/", "{\"disabled\": false}")
                .expect(200);
        bob.get("/api/v1/account/").expect(200);
    }
}

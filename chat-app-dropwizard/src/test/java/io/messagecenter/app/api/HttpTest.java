package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.SharedService;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes for every address. */
@Timeout(60)
class HttpTest {
    private static Api alice;
    private static long id;

    @BeforeAll
    static void people() {
        var name = People.freshName("http.alice");
        alice = SharedService.as(name);
        id = alice.send(name, "note").expect(201).json().get("id").asLong();
    }

    private static List<String> readable() {
        return List.of(
                "/api/v1/account",
                "/api/v1/session",
                "/api/v1/user",
                "/api/v1/user/http.nobody",
                "/api/v1/message",
                "/api/v1/message/" + id,
                "/api/v1/message/" + Long.MAX_VALUE,
                "/api/v1/conversation",
                "/api/v1/conversation/http.nobody",
                "/api/v1/event",
                "/api/v1/block",
                "/api/v1/nothing");
    }

    @Test
    void aTrailingSlashIsOptionalEverywhere() {
        for (var path : readable()) {
            var without = alice.get(path + "?limit=1");
            var with = alice.get(path + "/?limit=1");
            assertThat(with.status()).as(path).isEqualTo(without.status());
            assertThat(with.text().replace("/?", "?")).as(path).isEqualTo(without.text());
        }
        assertThat(alice.post("/api/v1/message", "{}").expect(400).text())
                .isEqualTo(alice.post("/api/v1/message/", "{}").expect(400).text());
        assertThat(alice.post("/api/v1/session", "{}").expect(400).text())
                .isEqualTo(alice.post("/api/v1/session/", "{}").expect(400).text());
        assertThat(alice.post("/api/v1/account", "{}").expect(400).text())
                .isEqualTo(alice.post("/api/v1/account/", "{}").expect(400).text());
        SharedService.as(People.freshName("http.bob"))
                .delete("/api/v1/session/current")
                .expect(204);
        SharedService.as(People.freshName("http.bob"))
                .delete("/api/v1/session/current/")
                .expect(204);
    }

    @Test
    void headIsGetWithoutTheBody() {
        for (var path : readable()) {
            var get = alice.get(path);
            var head = alice.call("HEAD", path);
            assertThat(head.status()).as(path).isEqualTo(get.status());
            assertThat(head.bytes()).as(path).isEmpty();
            for (var name : List.of("Content-Type", "Content-Length", "Cache-Control", "Allow")) {
                assertThat(head.header(name)).as(path + " " + name).isEqualTo(get.header(name));
            }
        }
        assertThat(alice.signedOut().call("HEAD", "/api/v1/message/").status()).isEqualTo(401);
    }

    @Test
    void optionsNamesTheMethodsOfEveryAddress() {
        var methods = Map.ofEntries(
                Map.entry("/api/v1/account/", "GET, POST, PATCH, DELETE, HEAD, OPTIONS"),
                Map.entry("/api/v1/account/export/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/admin/account/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/admin/account/x/", "GET, PATCH, DELETE, HEAD, OPTIONS"),
                Map.entry("/api/v1/account/password/", "POST, OPTIONS"),
                Map.entry("/api/v1/session/", "GET, POST, DELETE, HEAD, OPTIONS"),
                Map.entry("/api/v1/session/1/", "DELETE, OPTIONS"),
                Map.entry("/api/v1/block/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/session/current/", "DELETE, OPTIONS"),
                Map.entry("/api/v1/user/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/user/x/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/message/", "GET, POST, HEAD, OPTIONS"),
                Map.entry("/api/v1/message/1/", "GET, PATCH, DELETE, HEAD, OPTIONS"),
                Map.entry("/api/v1/message/search/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/conversation/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/conversation/x/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/conversation/x/read/", "POST, OPTIONS"),
                Map.entry("/api/v1/conversation/x/delivered/", "POST, OPTIONS"),
                Map.entry("/api/v1/event/", "GET, HEAD, OPTIONS"),
                Map.entry("/api/v1/password-reset/", "POST, OPTIONS"),
                Map.entry("/api/v1/password-reset/confirm/", "POST, OPTIONS"));
        methods.forEach((path, allow) -> {
            assertThat(alice.call("OPTIONS", path).expect(200).header("Allow"))
                    .as(path)
                    .contains(allow);
        });
        alice.call("OPTIONS", "/api/v1/nothing/").expectNotFound();
    }

    /** But for a message: there the original names the methods of them all. */
    @Test
    void whatAnAddressAnswersNamesTheSameMethods() {
        assertThat(alice.get("/api/v1/message/search/?q=x").expect(200).header("Allow"))
                .contains("GET, HEAD, OPTIONS");
        assertThat(alice.get("/api/v1/conversation/").expect(200).header("Allow"))
                .contains("GET, HEAD, OPTIONS");
        for (var method : List.of("GET", "PATCH")) {
            assertThat(alice.call(method, "/api/v1/message/1/").header("Allow")).contains("GET, POST, HEAD, OPTIONS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "TRACE", "PROPFIND", "NONSENSE", "get"})
    void aMethodThatAnAddressDoesNotTakeIsRefusedWithThoseThatItDoes(String method) {
        for (var path : readable()) {
            var answer = alice.call(method, path);
            if (path.endsWith("nothing")) {
                answer.expectNotFound();
            } else {
                answer.expectProblem(405, "method_not_allowed", "Method \"" + method + "\" not allowed.");
                assertThat(answer.header("Allow").orElse("")).as(path).startsWith("GET, ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/favicon.ico", "/api", "/api/v2/user/", "/ws/x", "/%2e%2e/"})
    void whereThereIsNothingAProblemSaysSo(String path) {
        var answer = alice.get(path);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.status()).isIn(404, 400);
        assertThat(answer.at("/status").intValue()).isEqualTo(answer.status());
    }

    @Test
    void answersAreJsonWithALengthAndNotKept() {
        for (var path : readable()) {
            var answer = alice.get(path);
            assertThat(answer.header("Content-Type"))
                    .as(path)
                    .contains(answer.status() == 200 ? "application/json" : "application/problem+json");
            assertThat(answer.header("Content-Length")).as(path).contains(Integer.toString(answer.bytes().length));
            assertThat(answer.header("Cache-Control")).as(path).contains("no-store");
        }
    }

    @Test
    void whoeverTakesJsonGetsIt() {
        for (var accept : List.of("application/json", "*/*", "application/*", "text/html, application/json;q=0.1")) {
            assertThat(alice.call(
                                    "GET",
                                    "/api/v1/user/?limit=1",
                                    BodyPublishers.noBody(),
                                    request -> request.header("Accept", accept))
                            .expect(200)
                            .header("Content-Type"))
                    .contains("application/json");
        }
    }

    @Test
    void aBodyThatComesWithAReadIsIgnored() {
        alice.call(
                        "GET",
                        "/api/v1/user/",
                        BodyPublishers.ofString("no json"),
                        request -> request.header("Content-Type", "text/plain"))
                .expect(200);
    }

    @Test
    void manyRequestsShareAConnectionAlsoAfterARefusal() {
        try (var raw = new RawHttp(SharedService.service().port())) {
            for (var body : List.of("{", "{}", "[]", "\u00ff")) {
                raw.write(RawHttp.bytes(
                        "POST /api/v1/message/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Authorization: Bearer " + alice.token() + "\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body));
                raw.read().expect(400);
            }
            raw.write(RawHttp.bytes("GET /api/v1/message/" + id + " HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid="
                    + alice.token() + "\r\n\r\n"));
            assertThat(raw.read().expect(200).json().get("id").asLong()).isEqualTo(id);
        }
    }
}

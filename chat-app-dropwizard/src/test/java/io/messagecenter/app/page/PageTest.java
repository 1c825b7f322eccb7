package io.messagecenter.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.json.ChatJson;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service at {@code /}, with a page of the tests' own, which stands on their class path before the real one. */
@Timeout(60)
class PageTest {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                    + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
                    + "frame-ancestors 'none'";
    private static final String POLICY_OF_DATA =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String SCRIPT = "/assets/index-1a2b3c4d.js";

    private static Service service;
    private static Api api;

    @BeforeAll
    static void start() {
        service = Service.on(SharedService.database(), configuration -> configuration.put("page", true));
        api = service.api();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Answer get(String path, String header, String value) {
        return api.call("GET", path, BodyPublishers.noBody(), request -> request.header(header, value));
    }

    /** As it stands, which no client that knows addresses would send. */
    private static Answer raw(String target) {
        return RawHttp.exchange(service.port(), "GET " + target + " HTTP/1.1\nHost: localhost\nConnection: close");
    }

    private static void assertNotFound(Answer answer, String what) {
        assertThat(answer.status()).as(what).isEqualTo(404);
        assertThat(answer.header("Content-Type")).as(what).contains("application/problem+json");
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .as(what)
                .containsExactly(POLICY_OF_DATA);
        assertThat(answer.headers().allValues("Cache-Control")).as(what).containsExactly("no-store");
        assertThat(answer.header("X-Content-Type-Options")).as(what).contains("nosniff");
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html;charset=utf-8, no-cache",
        "/icon.svg, image/svg+xml, no-cache",
        "/manifest.webmanifest, application/manifest+json, no-cache",
        "/fonts/text.woff2, font/woff2, no-cache",
        "/assets/index-1a2b3c4d.js, text/javascript;charset=utf-8, 'public, max-age=31536000, immutable'",
        "/assets/small-5e6f7a8b.css, text/css;charset=utf-8, 'public, max-age=31536000, immutable'"
    })
    void everybodyGetsItsFilesAndWhatBrowsersAreToldOfThem(String path, String type, String kept) {
        var answer = api.get(path).expect(200);
        assertThat(answer.bytes()).isNotEmpty();
        assertThat(answer.header("Content-Type")).contains(type);
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly(kept);
        assertThat(answer.headers().allValues("Content-Security-Policy")).containsExactly(POLICY);
        assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(answer.headers().allValues("Cross-Origin-Resource-Policy")).containsExactly("same-origin");
        assertThat(answer.headers().allValues("Cross-Origin-Opener-Policy")).containsExactly("same-origin");
        assertThat(answer.header("Permissions-Policy").orElseThrow()).contains("camera=()", "microphone=()");
        assertThat(answer.header("Strict-Transport-Security")).isEmpty();
        assertThat(answer.header("Set-Cookie")).isEmpty();
        var head = api.call("HEAD", path).expect(200);
        assertThat(head.bytes()).isEmpty();
        for (var name : List.of("Content-Type", "Content-Length", "Cache-Control", "ETag", "Content-Security-Policy")) {
            assertThat(head.header(name)).as(name).isPresent().isEqualTo(answer.header(name));
        }
    }

    @Test
    void whatABrowserHasItNeedNotLoadAgain() {
        for (var path : List.of("/", "/c/alice", SCRIPT, "/icon.svg")) {
            var answer = api.get(path).expect(200);
            var tag = answer.header("ETag").orElseThrow();
            for (var having : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
                var again = get(path, "If-None-Match", having).expect(304);
                assertThat(again.bytes()).isEmpty();
                assertThat(again.header("ETag")).contains(tag);
                assertThat(again.header("Cache-Control")).isEqualTo(answer.header("Cache-Control"));
                assertThat(again.header("Vary")).isEqualTo(answer.header("Vary"));
            }
            for (var having : List.of("\"other\"", tag.replace("\"", ""), "")) {
                get(path, "If-None-Match", having).expect(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'br', br",
        "'gzip, deflate, br, zstd', br",
        "'GZIP;q=0.5,BR;q=1.0', br",
        "'gzip', gzip",
        "'gzip, br;q=0', gzip",
        "'br ; q=0.000 , gzip', gzip",
        "'deflate, zstd', ''",
        "'identity', ''",
        "'brotli', ''",
        "'br;q=0, gzip;q=0', ''"
    })
    void aFileGoesOutCompressedAsTheClientLikesItOnceAndUnderATagOfThatForm(String accepted, String coding) {
        var plain = api.get(SCRIPT).expect(200);
        var answer = get(SCRIPT, "Accept-Encoding", accepted).expect(200);
        assertThat(answer.headers().allValues("Content-Encoding"))
                .isEqualTo(coding.isEmpty() ? List.of() : List.of(coding));
        assertThat(answer.headers().allValues("Vary")).containsExactly("Accept-Encoding");
        assertThat(answer.text())
                .contains(
                        switch (coding) {
                            case "br" -> "stands for what brotli makes of it";
                            case "gzip" -> "stands for what gzip makes of it";
                            default -> "a page for tests";
                        });
        var tag = answer.header("ETag").orElseThrow();
        assertThat(tag.equals(plain.header("ETag").orElseThrow())).isEqualTo(coding.isEmpty());
        var again =
                api.call("GET", SCRIPT, BodyPublishers.noBody(), request -> request.header("Accept-Encoding", accepted)
                        .header("If-None-Match", tag));
        assertThat(again.expect(304).header("ETag")).contains(tag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/c/alice",
                "/c/alice.b",
                "/c/alice/",
                "/c/%D8%B9%D9%84%D9%8A",
                "/settings",
                "/apis",
                "/assetsx",
                "/c/api/v1",
                "/site/index.html.gz",
                "/site/unlisted.txt",
                "/?x=1",
                "/c/alice?x=/api/v1"
            })
    void anAddressThatThePageMadeUpIsThePage(String path) {
        var answer = api.get(path).expect(200);
        assertThat(answer.text()).isEqualTo(api.get("/").text());
        assertThat(answer.header("Cache-Control")).contains("no-cache");
        assertThat(answer.header("Content-Security-Policy")).contains(POLICY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/v2/user/",
                "/ws/x",
                "/assets",
                "/assets/",
                "/assets/nothing-1a2b3c4d.js",
                "/assets/index-1a2b3c4d.js/",
                "/assets/index-1a2b3c4d.js.br",
                "/assets/index-1a2b3c4d.js.gz",
                "/assets/c/alice",
                "/assets/index.html",
                "/favicon.ico",
                "/robots.txt",
                "/.env",
                "/.git/config",
                "/.well-known/security.txt",
                "/index.php",
                "/unlisted.txt",
                "/healthcheck",
                "/metrics",
                "/site.txt",
                "/PageServlet.class"
            })
    void whatIsNeitherAFileNorThePagesIsNotThere(String path) {
        assertNotFound(api.get(path), path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../site.txt",
                "/%2e%2e/site.txt",
                "/..;/site.txt",
                "/c/../../site.txt",
                "/assets/../site.txt",
                "/assets/%2e%2e/site.txt",
                "/assets/..%2fsite.txt",
                "/assets%2f..%2fsite.txt",
                "/assets/..%5csite.txt",
                "/assets/..\\site.txt",
                "/assets/%252e%252e/site.txt",
                "/assets/%c0%ae%c0%ae/site.txt",
                "/assets//index-1a2b3c4d.js",
                "//assets/index-1a2b3c4d.js",
                "/assets/index-1a2b3c4d.js%00",
                "/assets/index-1a2b3c4d.js;x",
                "/assets;x/index-1a2b3c4d.js",
                "/index.html;x",
                "/;x",
                "/c/alice;jsessionid=1",
                "/c;/alice",
                "/file:///etc/passwd"
            })
    void whatIsSpeltToGetElsewhereGetsNothing(String target) {
        var answer = raw(target);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.header("Content-Security-Policy")).contains(POLICY_OF_DATA);
    }

    @ParameterizedTest
    @CsvSource({
        "/api;x/v1/account/, 404",
        "/%61pi/v1/account/, 404",
        "/c/../api/v1/account/, 404",
        "/api/v1, 404",
        "/api/v1;x, 404",
        "/ws, 401",
        "/w%73, 401",
        "/ws;x, 401",
        "/ws/, 401"
    })
    void whatIsOfTheApiStaysThereHoweverItIsSpelt(String target, int status) {
        var answer = raw(target);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers().allValues("Content-Security-Policy")).containsExactly(POLICY_OF_DATA);
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEmpty();
    }

    @Test
    void theDocumentsStayWhereTheyAre() {
        var answer = api.get("/docs/").expect(200);
        assertThat(answer.text()).doesNotContain("A page for tests");
        assertThat(answer.headers().allValues("Content-Security-Policy")).hasSize(1);
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEmpty();
        assertNotFound(api.get("/docs/nothing"), "/docs/nothing");
    }

    @Test
    void withoutDocumentsThePageDoesNotTakeTheirPlace() {
        try (var other = Service.on(
                SharedService.database(),
                configuration -> configuration.put("page", true).put("docs", false))) {
            for (var path : List.of("/docs", "/docs/", "/docs/openapi.yaml")) {
                assertNotFound(other.api().get(path), path);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO"})
    void itIsOnlyRead(String method) {
        for (var path : List.of("/", "/c/alice", SCRIPT, "/nothing.txt")) {
            api.call(method, path).expectNotAllowed(method, "GET", "HEAD");
        }
    }

    @Test
    void overTlsItKeepsTheBrowserThere() {
        try (var other = Service.on(SharedService.database(), configuration -> {
            configuration.put("page", true);
            configuration.putArray("trustedProxies").add("127.0.0.1");
        })) {
            for (var path : List.of("/", "/c/alice", SCRIPT, "/nothing.txt", "/assets/nothing.js")) {
                var request = "GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\nX-Forwarded-Proto: ";
                assertThat(RawHttp.exchange(other.port(), request + "https").header("Strict-Transport-Security"))
                        .as(path)
                        .contains("max-age=31536000");
                assertThat(RawHttp.exchange(other.port(), request + "http").header("Strict-Transport-Security"))
                        .as(path)
                        .isEmpty();
            }
        }
    }

    @Test
    void aServiceThatWasBuiltWithoutItSaysSo() {
        var servlet = PageServlet.of(ChatJson.mapper(), Optional.empty());
        for (var path : List.of("/", "/c/alice")) {
            assertThat(servlet.find(path)).isEmpty();
            assertThat(servlet.missing(path).status()).isEqualTo(404);
            assertThat(servlet.missing(path).members().get("detail"))
                    .isEqualTo("This service was built without its page; /api/v1 and /ws are there.");
        }
        assertThat(servlet.missing("/favicon.ico").members().get("detail")).isEqualTo("Not found.");
    }
}

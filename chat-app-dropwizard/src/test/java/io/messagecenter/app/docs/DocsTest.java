package io.messagecenter.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Description;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DocsTest {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Api api = SharedService.api();

    @ParameterizedTest
    @CsvSource({
        "'', text/html;charset=utf-8",
        "socket.html, text/html;charset=utf-8",
        "docs.css, text/css;charset=utf-8",
        "docs.js, text/javascript;charset=utf-8",
        "swagger-ui.css, text/css;charset=utf-8",
        "swagger-ui-bundle.js, text/javascript;charset=utf-8",
        "openapi.yaml, application/yaml",
        "asyncapi.yaml, application/yaml"
    })
    void everybodyMayReadThem(String name, String type) {
        var answer = api.get("/docs/" + name).expect(200);
        assertThat(answer.header("Content-Type")).contains(type);
        assertThat(answer.header("Content-Security-Policy")).contains(POLICY);
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.header("Referrer-Policy")).contains("no-referrer");
        assertThat(answer.header("Cache-Control")).contains("no-cache");
        assertThat(answer.bytes()).isNotEmpty();
        assertThat(api.call("HEAD", "/docs/" + name).expect(200).bytes()).isEmpty();
        var tag = answer.header("ETag").orElseThrow();
        var again = api.call(
                "GET", "/docs/" + name, BodyPublishers.noBody(), request -> request.header("If-None-Match", tag));
        assertThat(again.expect(304).bytes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "socket.html"})
    void thePagesLoadWhatIsThereAndHaveNothingInline(String page) {
        var html = api.get("/docs/" + page).text();
        assertThat(html).doesNotContain("<style", " style=", " onclick=", "//");
        assertThat(html).doesNotContainPattern("<script(?! src=)");
        var links = Pattern.compile("(?:src|href)=\"([^\"#:]+)\"").matcher(html);
        int count = 0;
        while (links.find()) {
            api.get("/docs/" + links.group(1).replace("./", "")).expect(200);
            count++;
        }
        assertThat(count).isGreaterThan(3);
    }

    @Test
    void thePageOfTheSocketTellsOfEveryFrame() {
        var html = api.get("/docs/socket.html").text();
        for (var message : Description.read("asyncapi.yaml").at("/components/messages")) {
            assertThat(html).contains("<h4><code>" + message.path("name").asText() + "</code></h4>");
        }
        assertThat(html)
                .contains("<dt><code>retry_after</code></dt><dd>integer from 1. How many seconds to wait.</dd>");
    }

    @Test
    void withoutItsSlashThePageIsFoundAllTheSame() {
        assertThat(api.get("/docs").expect(301).header("Location")).contains("docs/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DocsServlet.class", "index.html", "nothing", "swagger-ui.js", "/docs.js"})
    void nothingElseIsServed(String name) {
        assertThat(api.get("/docs/" + name).status()).isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO"})
    void theyAreOnlyRead(String method) {
        for (var path : new String[] {"/docs", "/docs/", "/docs/openapi.yaml", "/docs/x"}) {
            api.call(method, path).expectNotAllowed(method, "GET", "HEAD");
        }
    }

    @Test
    void theyCanBeTurnedOff() {
        try (var service = Service.on(SharedService.database(), configuration -> configuration.put("docs", false))) {
            for (var path : new String[] {"/docs", "/docs/", "/docs/openapi.yaml"}) {
                service.api().get(path).expect(404);
            }
        }
    }
}

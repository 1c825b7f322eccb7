package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Endpoints;
import io.messagecenter.app.support.Endpoints.Endpoint;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page of somebody else's gets a browser to change nothing, though the browser sends the cookie along. */
@Timeout(60)
class CrossSiteTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private static List<Endpoint> changing() {
        return Endpoints.changing();
    }

    /** What foreign pages make browsers send; %d is the service's port. */
    private static List<String> foreign() {
        return List.of(
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: ",
                "Origin: http://127.0.0.1",
                "Origin: http://127.0.0.1:1",
                "Origin: http://127.0.0.1:%d.evil.example",
                "Origin: ftp://127.0.0.1:%d",
                "Origin: ws://127.0.0.1:%d",
                "Origin: //127.0.0.1:%d",
                "Origin: 127.0.0.1:%d",
                "Origin: http://127.0.0.1:%d/",
                "Origin: http://127.0.0.1:%d@evil.example",
                "Origin: http://127.0.0.1:%d\nOrigin: https://evil.example",
                "Sec-Fetch-Site: same-origin\nSec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: what-is-to-come",
                "Origin: https://evil.example\nSec-Fetch-Site: cross-site",
                "Origin: https://evil.example\nSec-Fetch-Site: same-origin",
                "Origin: http://127.0.0.1:%d\nSec-Fetch-Site: cross-site",
                "Origin: http://127.0.0.1:%d\nSec-Fetch-Site: same-site");
    }

    /** What the service's own page makes browsers send, and what those send who are no browsers. */
    private static List<String> own() {
        return List.of(
                "Origin: http://127.0.0.1:%d",
                "Origin: https://127.0.0.1:%d",
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: none",
                "Origin: http://127.0.0.1:%d\nSec-Fetch-Site: same-origin",
                "X-Nothing: said");
    }

    private static Stream<Arguments> everywhere(List<String> headers) {
        return changing().stream().flatMap(endpoint -> headers.stream().map(header -> Arguments.of(endpoint, header)));
    }

    private static Stream<Arguments> foreignEverywhere() {
        return everywhere(foreign());
    }

    private static Stream<Arguments> ownEverywhere() {
        return everywhere(own());
    }

    private static Answer call(Service service, Endpoint endpoint, String headers, String type, String body) {
        var head = endpoint.method() + " " + endpoint.path() + " HTTP/1.1\nHost: 127.0.0.1:" + service.port()
                + "\nConnection: close\nContent-Type: " + type + "\nContent-Length: " + body.length() + "\n"
                + headers.formatted(service.port());
        return RawHttp.exchange(service.port(), head, RawHttp.bytes(body));
    }

    private static Answer call(Endpoint endpoint, String headers) {
        return call(SharedService.service(), endpoint, headers, FORM, "nonsense=1");
    }

    private static String cookie() {
        return "Cookie: sessionid=" + SharedService.people().token(People.freshName("site.alice"));
    }

    private static void assertRefused(Answer answer) {
        answer.expectProblem(403, "forbidden", "Pages of other sites may not do this.");
    }

    private static void assertNotRefused(Answer answer) {
        assertThat(answer.status()).as(answer::text).isNotIn(401, 500);
        assertThat(answer.text()).doesNotContain("Pages of other sites");
    }

    @Test
    void theEndpointsThatWereHereFirstAreWalked() {
        assertThat(changing())
                .contains(
                        new Endpoint("POST", "/api/v1/account/"),
                        new Endpoint("POST", "/api/v1/session/"),
                        new Endpoint("DELETE", "/api/v1/session/current/"),
                        new Endpoint("POST", "/api/v1/message/"));
    }

    @ParameterizedTest
    @MethodSource("foreignEverywhere")
    void aForeignPageChangesNothing(Endpoint endpoint, String headers) {
        assertRefused(call(endpoint, cookie() + "\n" + headers));
    }

    @ParameterizedTest
    @MethodSource("foreignEverywhere")
    void norDoesItWhereNobodyIsSignedIn(Endpoint endpoint, String headers) {
        assertRefused(call(endpoint, headers));
    }

    @ParameterizedTest
    @MethodSource("ownEverywhere")
    void theOwnPageAndWhoeverIsNoBrowserMay(Endpoint endpoint, String headers) {
        assertNotRefused(call(endpoint, cookie() + "\n" + headers));
    }

    @ParameterizedTest
    @MethodSource("foreignEverywhere")
    void aBearerTokenIsWhatNoPageCanMakeABrowserSend(Endpoint endpoint, String headers) {
        var token = SharedService.people().token(People.freshName("site.alice"));
        assertNotRefused(call(endpoint, "Authorization: Bearer " + token + "\n" + headers));
    }

    @ParameterizedTest
    @MethodSource("changing")
    void anotherSchemeOfAuthorizationIsNoBearerToken(Endpoint endpoint) {
        assertRefused(call(endpoint, cookie() + "\nAuthorization: Basic YWxpY2U6c2VjcmV0\nSec-Fetch-Site: cross-site"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", FORM, "text/plain", "multipart/form-data; boundary=x", "nonsense"})
    void whateverTheBodyIsMadeOf(String type) {
        var me = People.freshName("site.bob");
        var cookie = "Cookie: sessionid=" + SharedService.people().token(me);
        var before = SharedService.state();
        for (var body :
                List.of("recipient=" + me + "&body=forged", "{\"recipient\": \"" + me + "\", \"body\": \"x\"}")) {
            assertRefused(call(
                    SharedService.service(),
                    new Endpoint("POST", "/api/v1/message/"),
                    cookie + "\nOrigin: https://evil.example",
                    type,
                    body));
        }
        assertThat(SharedService.state()).isEqualTo(before);
    }

    @Test
    void theOriginalsFormIsTakenFromTheOwnPage() {
        var me = People.freshName("site.carol");
        var cookie = "Cookie: sessionid=" + SharedService.people().token(me);
        call(
                        SharedService.service(),
                        new Endpoint("POST", "/api/v1/message/"),
                        cookie + "\nOrigin: http://127.0.0.1:%d\nSec-Fetch-Site: same-origin\n"
                                + "X-Requested-With: XMLHttpRequest",
                        FORM + "; charset=UTF-8",
                        "recipient=" + me + "&body=hello")
                .expect(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void readingIsOpenToAnyPageWhichDoesNotGetToSeeIt(String method) {
        var answer = call(new Endpoint(method, "/api/v1/account/"), cookie() + "\nOrigin: https://evil.example");
        answer.expect(200);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void anOriginThatTheConfigurationListsIsAsGoodAsTheOwn() {
        try (var service = Service.on(SharedService.database(), configuration -> configuration
                .putObject("webSocket")
                .putArray("allowedOrigins")
                .add("https://Friend.Example"))) {
            var expected = Map.of(
                    "Origin: https://friend.example\nSec-Fetch-Site: cross-site", 400,
                    "Origin: https://FRIEND.example", 400,
                    "Origin: http://friend.example", 403,
                    "Origin: https://friend.example:444", 403,
                    "Origin: https://foe.example\nSec-Fetch-Site: cross-site", 403);
            expected.forEach((headers, status) -> assertThat(
                            call(service, new Endpoint("POST", "/api/v1/message/"), cookie() + "\n" + headers, FORM, "")
                                    .status())
                    .as(headers)
                    .isEqualTo(status));
        }
    }

    @Test
    void theOwnOriginIsTheOneThatTheProxyIsCalledBy() {
        var endpoint = new Endpoint("POST", "/api/v1/message/");
        try (var service = Service.behindProxy(SharedService.database())) {
            var forwarded = cookie() + "\nX-Forwarded-Proto: https\nX-Forwarded-Host: chat.example:8443\n";
            call(service, endpoint, forwarded + "Origin: https://chat.example:8443", FORM, "")
                    .expect(400);
            assertRefused(call(service, endpoint, forwarded + "Origin: https://chat.example", FORM, ""));
            assertRefused(call(service, endpoint, forwarded + "Origin: http://chat.example:8443", FORM, ""));
            assertRefused(call(service, endpoint, forwarded + "Origin: http://127.0.0.1:%d", FORM, ""));
        }
    }

    /** The port that a scheme has anyway says nothing, and may stand in one of the two and not in the other. */
    @ParameterizedTest
    @CsvSource({
        "x.example:443, https://x.example",
        "x.example, https://x.example:443",
        "X.Example:443, https://x.eXample",
        "x.example:80, http://x.example",
        "x.example, http://x.example:80",
        "[2001:DB8::1]:443, https://[2001:db8::1]",
        "[2001:db8::443], https://[2001:db8::443]",
        "[2001:db8::1]:80, http://[2001:db8::1]",
    })
    void anOriginIsTheOwnWithAndWithoutThePortOfItsScheme(String host, String origin) {
        assertThat(changeAt(host, origin).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "x.example:443, http://x.example",
        "x.example:80, https://x.example",
        "x.example:8443, https://x.example",
        "x.example, https://x.example:80",
        "x.example, http://x.example:443",
        "x.example:443, https://x.example:80",
        "x.example4, https://x.example:443",
        "x.example:443, https://x.example:443:443",
        "[2001:db8::1]:443, https://[2001:db8::1:443]",
        "[2001:db8::443], https://[2001:db8:]",
        "[2001:db8::1]:443, https://[2001:db8::1",
    })
    void anyOtherPortIsAnotherOrigin(String host, String origin) {
        assertRefused(changeAt(host, origin));
    }

    private static Answer changeAt(String host, String origin) {
        return RawHttp.exchange(
                SharedService.service().port(),
                "POST /api/v1/message/ HTTP/1.1\nHost: " + host
                        + "\nConnection: close\nContent-Length: 0\nContent-Type: " + FORM + "\n" + cookie()
                        + "\nOrigin: " + origin);
    }

    @Test
    void aProxyMayNameThePortThatTlsHasAnyway() {
        try (var service = Service.behindProxy(SharedService.database())) {
            var endpoint = new Endpoint("POST", "/api/v1/message/");
            var forwarded = cookie() + "\nX-Forwarded-Proto: https\nX-Forwarded-Host: chat.example";
            for (var port : List.of(":443", "\nX-Forwarded-Port: 443")) {
                var own = forwarded + port + "\nOrigin: https://chat.example";
                call(service, endpoint, own, FORM, "").expect(400);
            }
            assertRefused(call(service, endpoint, forwarded + ":443\nOrigin: http://chat.example:443", FORM, ""));
            assertRefused(call(service, endpoint, forwarded + ":80\nOrigin: http://chat.example", FORM, ""));
        }
    }
}

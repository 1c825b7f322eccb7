package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.SharedService;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Another host of the same site, say {@code evil.example.org} beside {@code chat.example.org}, can give browsers a cookie of
 * this service's name, for all of the site. A browser sends it along with the service's own, first or last.
 */
@Timeout(60)
class SiblingCookiesTest {
    private static final String ACCOUNT = "/api/v1/account/";
    private static final String SESSION = "/api/v1/session/";
    private static final String SEVERAL = "Session cookies of several people came with the request. Sign in again.";
    private static final String TOO_MANY = "Too many session cookies came with the request.";

    private final String name = People.freshName("sibling.victim");
    private final String own = SharedService.people().token(name);
    private final String planted = SharedService.people().token(People.freshName("sibling.mallory"));

    private static Answer call(String method, String path, String body, List<String> tokens) {
        var cookies = tokens.stream().map(token -> "sessionid=" + token).collect(Collectors.joining("; "));
        return withCookie(method, path, cookies, body);
    }

    private static Answer withCookie(String method, String path, String cookie, String body) {
        return RawHttp.exchange(
                SharedService.service().port(),
                method + " " + path + " HTTP/1.1\nHost: localhost\nConnection: close\nContent-Type: application/json\n"
                        + "Cookie: " + cookie + "\nContent-Length: " + body.length(),
                RawHttp.bytes(body));
    }

    private static Answer get(String path, List<String> tokens) {
        return call("GET", path, "", tokens);
    }

    private static String who(List<String> tokens) {
        return get(ACCOUNT, tokens).expect(200).at("/username").asText();
    }

    private static boolean holds(String token) {
        return SharedService.service().api().as(token).get(ACCOUNT).status() == 200;
    }

    private Answer send(List<String> tokens) {
        var body = Json.object().put("recipient", name).put("body", "my secret").toString();
        return call("POST", "/api/v1/message/", body, tokens);
    }

    private static List<List<String>> bothWays(String... tokens) {
        var reversed = Arrays.asList(tokens.clone());
        Collections.reverse(reversed);
        return List.of(List.of(tokens), reversed);
    }

    @Test
    void aCookieThatProvesNothingSignsNobodyOut() {
        for (var tokens : bothWays(own, "nonsense")) {
            assertThat(who(tokens)).isEqualTo(name);
            assertThat(send(tokens).expect(201).at("/user").asText()).isEqualTo(name);
            var export = get("/api/v1/account/export/", tokens).expect(200);
            assertThat(export.at("/account/username").asText()).isEqualTo(name);
        }
        get(ACCOUNT, List.of("nonsense", "more")).expectNotSignedIn();
    }

    @Test
    void aCookieOfSomebodyElsesMakesNobodyThem() {
        for (var tokens : bothWays(own, planted)) {
            get(ACCOUNT, tokens).expectProblem(401, "not_signed_in", SEVERAL);
            send(tokens).expectProblem(401, "not_signed_in", SEVERAL);
            call("DELETE", SESSION, "", tokens).expectProblem(401, "not_signed_in", SEVERAL);
        }
        assertThat(holds(own)).isTrue();
        assertThat(holds(planted)).isTrue();
    }

    /** A quote may begin in one cookie and end in another, for those who read quotes. */
    @Test
    void aCookieInQuotesSwallowsNoOther() {
        for (var cookie : List.of(
                "x=\"; sessionid=" + own,
                "sessionid=\"x; sessionid=" + own,
                "x=\"a; sessionid=" + own + "; y=b\"",
                "x=a,b; sessionid=" + own + "; y={\"c\": 1, \"d\"}",
                "x; =; =y; sessionid=; sessionid=" + own + ";",
                "sessionid=\"" + own + "\"",
                "x=y\nCookie: sessionid=" + own)) {
            var me = withCookie("GET", ACCOUNT, cookie, "").expect(200);
            assertThat(me.at("/username").asText()).as(cookie).isEqualTo(name);
            withCookie("POST", "/api/v1/message/", cookie, "{}").expect(400);
        }
        var between = "x=\"; sessionid=" + own + "; y=\"; sessionid=" + planted;
        withCookie("GET", ACCOUNT, between, "").expectProblem(401, "not_signed_in", SEVERAL);
        withCookie("POST", "/api/v1/message/", between, "{}").expectProblem(401, "not_signed_in", SEVERAL);
        withCookie("GET", ACCOUNT, "xsessionid=" + own + "; Sessionid=" + own, "")
                .expectNotSignedIn();
    }

    @Test
    void severalSessionsOfOnePersonAreThatPerson() {
        var another = SharedService.people().token(name);
        for (var tokens : bothWays(own, another)) {
            assertThat(who(tokens)).isEqualTo(name);
            get("/api/v1/account/export/", tokens).expect(200).json();
        }
    }

    @Test
    void soManyAreLookedAt() {
        var three = List.of("one", "two", "three");
        assertThat(who(Stream.concat(three.stream(), Stream.of(own)).toList())).isEqualTo(name);
        var five = Stream.concat(three.stream(), Stream.of("four", own)).toList();
        get(ACCOUNT, five).expectProblem(401, "not_signed_in", TOO_MANY);
        send(five).expectProblem(401, "not_signed_in", TOO_MANY);
        // The same once more is no other.
        assertThat(who(IntStream.range(0, 20).mapToObj(i -> own).toList())).isEqualTo(name);
    }

    @Test
    void aBearerTokenGoesBeforeAllCookies() {
        var answer = RawHttp.exchange(
                SharedService.service().port(),
                "GET " + ACCOUNT + " HTTP/1.1\nHost: localhost\nConnection: close\nAuthorization: Bearer " + own
                        + "\nCookie: sessionid=" + planted + "; sessionid=a; sessionid=b; sessionid=c; sessionid=d");
        assertThat(answer.expect(200).at("/username").asText()).isEqualTo(name);
    }

    private static String entry(String username) {
        return Json.object()
                .put("username", username)
                .put("password", "correct horse")
                .toString();
    }

    @Test
    void signingInEndsWhateverTheBrowserHad() {
        var owner = People.freshName("sibling.owner");
        call("POST", ACCOUNT, entry(owner), List.of("nonsense")).expect(201);
        for (int first = 0; first < 2; first++) {
            var before = SharedService.people().token(owner);
            var foreign = SharedService.people().token(People.freshName("sibling.mallory"));
            var now = call(
                            "POST",
                            SESSION,
                            entry(owner),
                            bothWays(before, foreign).get(first))
                    .expect(201)
                    .at("/token")
                    .asText();
            assertThat(holds(before)).isFalse();
            assertThat(holds(foreign)).isFalse();
            assertThat(who(List.of(foreign, now))).isEqualTo(owner);
        }
    }

    @Test
    void soDoesSigningUp() {
        var owner = People.freshName("sibling.owner");
        var now = call("POST", ACCOUNT, entry(owner), List.of(own, planted))
                .expect(201)
                .at("/token")
                .asText();
        assertThat(holds(own)).isFalse();
        assertThat(holds(planted)).isFalse();
        assertThat(who(List.of(planted, own, now))).isEqualTo(owner);
    }

    @Test
    void signingOutEndsAllThatTheBrowserHad() {
        var another = SharedService.people().token(name);
        var elsewhere = SharedService.people().token(name);
        call("DELETE", SESSION + "current/", "", List.of(own, "nonsense", another))
                .expect(204);
        assertThat(holds(own)).isFalse();
        assertThat(holds(another)).isFalse();
        assertThat(holds(elsewhere)).isTrue();
    }

    @Test
    void whoeverSignsOutIsOutAlsoWhereNobodyIsBelieved() {
        var another = SharedService.people().token(name);
        call("DELETE", SESSION + "current/", "", List.of("one", "two", "three", another, "four"))
                .expect(204);
        assertThat(holds(another)).isFalse();
        call("DELETE", SESSION + "current/", "", List.of(own, planted)).expect(204);
        assertThat(holds(own)).isFalse();
        assertThat(holds(planted)).isFalse();
        call("DELETE", SESSION + "current/", "", List.of(own, planted)).expectNotSignedIn();
    }
}

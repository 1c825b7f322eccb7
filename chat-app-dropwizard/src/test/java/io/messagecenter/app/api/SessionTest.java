package io.messagecenter.app.api;

import static io.messagecenter.app.support.SharedService.api;
import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionTest {
    private static final String SESSIONS = "/api/v1/session/";
    private static final String CURRENT = "/api/v1/session/current/";
    private static final String PASSWORD = "correct horse";

    private static String credentials(String name) {
        return Json.object().put("username", name).put("password", PASSWORD).toString();
    }

    private static String account(String beginning) {
        var name = People.freshName(beginning);
        api().post("/api/v1/account/", credentials(name)).expect(201);
        return name;
    }

    private static Answer withCookie(String method, String path, String token) {
        return api().call(
                        method,
                        path,
                        BodyPublishers.noBody(),
                        request -> request.header("Cookie", "a=b; sessionid=" + token));
    }

    @Test
    void signingInAnswersWithATokenAndTheSameInACookie() {
        var name = account("Sign.In");
        var answer =
                api().post(SESSIONS, credentials(name.toUpperCase(Locale.ROOT))).expect(201);
        var session = answer.json();
        var token = session.get("token").asText();
        assertThat(token).matches("[A-Za-z0-9_-]{43}");
        assertThat(session.get("expires").asText()).matches(MessageTest.TIMESTAMP);
        assertThat(session.toString())
                .isEqualTo(Json.object()
                        .put("token", token)
                        .put("username", name)
                        .put("expires", session.get("expires").asText())
                        .toString());
        var cookie = answer.header("Set-Cookie").orElseThrow().split("; *");
        assertThat(cookie[0]).isEqualTo("sessionid=" + token);
        assertThat(attributes(cookie))
                .containsExactlyInAnyOrder("path=/", "max-age=7776000", "httponly", "samesite=lax");
    }

    private static List<String> attributes(String[] cookie) {
        var attributes = new ArrayList<String>();
        for (int i = 1; i < cookie.length; i++) {
            var attribute = cookie[i].toLowerCase(Locale.ROOT);
            // Of an old standard, and of the same meaning.
            if (!attribute.startsWith("version=") && !attribute.startsWith("expires=")) {
                attributes.add(attribute);
            }
        }
        return attributes;
    }

    @Test
    void theTokenWorksAsBearerAndAsCookieInAnyCaseOfTheScheme() {
        var name = account("both");
        var token = api().post(SESSIONS, "application/x-www-form-urlencoded", "password=correct+horse&username=" + name)
                .expect(201)
                .json()
                .get("token")
                .asText();
        for (var scheme : List.of("Bearer ", "bearer ", "BEARER ", "Bearer   ")) {
            var answer = api().call(
                            "GET",
                            "/api/v1/account/",
                            BodyPublishers.noBody(),
                            request -> request.header("Authorization", scheme + token))
                    .expect(200);
            assertThat(answer.json().get("username").asText()).isEqualTo(name);
        }
        assertThat(withCookie("GET", "/api/v1/account/", token)
                        .expect(200)
                        .json()
                        .get("username")
                        .asText())
                .isEqualTo(name);
    }

    @Test
    void mySessionsAreListedLatestFirstAndTheAskingOneIsMarked() {
        var name = account("list");
        var phone = signIn(name, "Phone/1.0");
        var desk = signIn(name, "Desk/2.0");
        var listed = phone.get(SESSIONS).expect(200).json();
        assertThat(listed).hasSize(3);
        assertThat(listed).extracting(one -> one.get("device").asText()).startsWith("Desk/2.0", "Phone/1.0");
        assertThat(listed).extracting(one -> one.get("current").asBoolean()).containsExactly(false, true, false);
        assertThat(desk.get(SESSIONS).json())
                .extracting(one -> one.get("current").asBoolean())
                .containsExactly(true, false, false);
        for (var one : listed) {
            var names = new ArrayList<String>();
            one.fieldNames().forEachRemaining(names::add);
            assertThat(names).containsExactly("id", "created", "expires", "device", "current");
            assertThat(one.get("id").isIntegralNumber()).isTrue();
            assertThat(one.get("id").asLong()).isBetween(1L, (1L << 53) - 1);
            assertThat(one.get("created").asText()).matches(MessageTest.TIMESTAMP);
            assertThat(one.get("expires").asText()).matches(MessageTest.TIMESTAMP);
        }
        assertThat(listed.toString()).doesNotContain(phone.token(), desk.token());
    }

    private static Api signIn(String name, String device) {
        var answer = api().call("POST", SESSIONS, BodyPublishers.ofString(credentials(name)), request -> request.header(
                                "Content-Type", "application/json")
                        .header("User-Agent", device))
                .expect(201);
        return api().as(answer.json().get("token").asText());
    }

    @Test
    void aDeviceThatCallsItselfByALongNameIsCut() {
        var name = account("device");
        var json = credentials(name);
        var answer = RawHttp.exchange(
                        SharedService.service().port(),
                        "POST " + SESSIONS + " HTTP/1.1\nHost: localhost\nConnection: close\n"
                                + "Content-Type: application/json\nContent-Length: " + json.length()
                                + "\nUser-Agent: a" + "\u00f0\u009f\u0091\u008b".repeat(200),
                        RawHttp.bytes(json))
                .expect(201);
        var device = api().as(answer.json().get("token").asText())
                .get(SESSIONS)
                .expect(200)
                .json()
                .get(0)
                .get("device")
                .asText();
        assertThat(device).hasSizeLessThanOrEqualTo(200).startsWith("a").doesNotContain("\ufffd");
    }

    @Test
    void signingOutEndsThisSessionAtOnceAndNoOther() {
        var name = account("leave");
        var here = signIn(name, "here");
        var there = signIn(name, "there");
        here.get("/api/v1/user/?limit=1").expect(200); // and so is remembered
        var answer = here.delete(CURRENT).expect(204);
        assertThat(answer.bytes()).isEmpty();
        var cookie = answer.header("Set-Cookie").orElseThrow().split("; *");
        assertThat(cookie[0]).isEqualTo("sessionid=");
        assertThat(attributes(cookie)).containsExactlyInAnyOrder("path=/", "max-age=0", "httponly", "samesite=lax");

        here.get("/api/v1/user/?limit=1").expectNotSignedIn();
        withCookie("GET", SESSIONS, here.token()).expectNotSignedIn();
        here.delete(CURRENT).expectNotSignedIn();
        here.send(name, "x").expectNotSignedIn();
        assertThat(there.get(SESSIONS).expect(200).json())
                .extracting(one -> one.get("device").asText())
                .startsWith("there")
                .doesNotContain("here")
                .hasSize(2);
    }

    @Test
    void aCookieSignsOutToo() {
        var token = signIn(account("cookie"), "x").token();
        withCookie("DELETE", "/api/v1/session/current", token).expect(204);
        withCookie("GET", SESSIONS, token).expectNotSignedIn();
    }

    @Test
    void aSessionOfMineEndsByItsIdAndNobodyElsesDoes() {
        var name = account("end");
        var here = signIn(name, "here");
        var there = signIn(name, "there");
        var stranger = SharedService.as(People.freshName("stranger"));
        there.get(SESSIONS).expect(200); // and so is remembered
        var id = there.get(SESSIONS).json().get(0).get("id").asLong();

        stranger.delete(SESSIONS + id + "/").expectNotFound();
        for (var nonsense : List.of("0", "-1", "x", "9007199254740992", "1.5", id + "0")) {
            here.delete(SESSIONS + nonsense + "/").expectNotFound();
        }
        here.delete(SESSIONS + id + "/").expect(204);

        there.get(SESSIONS).expectNotSignedIn();
        here.delete(SESSIONS + id + "/").expectNotFound();
        assertThat(here.get("/api/v1/event/").json().at("/events/0").toString())
                .isEqualTo("{\"seq\":1,\"type\":\"session.ended\",\"session\":" + id + "}");
    }

    @Test
    void allOthersEndAtOnce() {
        var name = account("others");
        var here = signIn(name, "here");
        var there = signIn(name, "there");
        there.get(SESSIONS).expect(200);

        here.delete(SESSIONS).expect(204);

        there.get(SESSIONS).expectNotSignedIn();
        assertThat(here.get(SESSIONS).expect(200).json())
                .extracting(one -> one.get("device").asText())
                .containsExactly("here");
        here.delete("/api/v1/session").expect(204);
        assertThat(here.get("/api/v1/event/").json().get("events"))
                .as("the one of the sign-up, and that one")
                .hasSize(2);
    }

    @Test
    void whoSignsInAnewLosesTheSessionThatTheirCookieHad() {
        var name = account("again");
        var before = signIn(name, "before");
        before.get(SESSIONS).expect(200);
        var after = api().call("POST", SESSIONS, BodyPublishers.ofString(credentials(name)), request -> request.header(
                                "Content-Type", "application/json")
                        .header("Cookie", "sessionid=" + before.token()))
                .expect(201);

        assertThat(after.json().get("token").asText()).isNotEqualTo(before.token());
        before.get(SESSIONS).expectNotSignedIn();
        for (var cookie : List.of(before.token(), "nonsense", "")) {
            api().call("POST", SESSIONS, BodyPublishers.ofString(credentials(name)), request -> request.header(
                                    "Content-Type", "application/json")
                            .header("Cookie", "sessionid=" + cookie))
                    .expect(201);
        }
    }

    @Test
    void whoSignsUpLosesTheSessionThatTheirCookieHad() {
        var before = signIn(account("sign.up"), "before");
        var taken = account("taken");

        for (var name : List.of(taken, People.freshName("new.one"))) {
            before.get(SESSIONS).expect(200);
            api().call(
                            "POST",
                            "/api/v1/account/",
                            BodyPublishers.ofString(credentials(name)),
                            request -> request.header("Content-Type", "application/json")
                                    .header("Cookie", "sessionid=" + before.token()))
                    .expect(name.equals(taken) ? 409 : 201);
        }

        before.get(SESSIONS).expectNotSignedIn();
    }

    @Test
    void whoFailsToSignInKeepsTheSessionThatTheyHave() {
        var me = signIn(account("fail"), "x");
        api().call("POST", SESSIONS, BodyPublishers.ofString(credentials("nobody")), request -> request.header(
                                "Content-Type", "application/json")
                        .header("Cookie", "sessionid=" + me.token()))
                .expect(401);
        me.get(SESSIONS).expect(200);
    }

    @Test
    void onAnotherNodeAnEndedSessionIsRefusedWithinTwoSeconds() {
        try (var other = Service.on(SharedService.database())) {
            var here = SharedService.as(People.freshName("two.nodes"));
            var there = other.api().as(here.token());
            there.get(SESSIONS).expect(200);
            here.delete(CURRENT).expect(204);
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            int status = 200;
            while (status == 200) {
                assertThat(System.nanoTime()).as("asked with the ended session").isLessThan(end);
                status = there.get(SESSIONS).status();
            }
            assertThat(status).isEqualTo(401);
        }
    }
}

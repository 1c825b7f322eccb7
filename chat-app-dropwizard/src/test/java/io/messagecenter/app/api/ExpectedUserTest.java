package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a request says that its caller is; that every endpoint minds it {@link AuthorisationTest} sees. */
@Timeout(60)
class ExpectedUserTest {
    private static final String MESSAGES = "/api/v1/message/";

    private String name;
    private String other;
    private Api me;

    @BeforeEach
    void meet() {
        name = People.freshName("Expected.Zoë+東");
        other = People.freshName("expected.other");
        me = SharedService.as(name);
        SharedService.as(other).get(MESSAGES).expect(200);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Sends in each way that there is. */
    private List<Answer> sends(Api api) {
        var json = "{\"recipient\": \"" + other + "\", \"body\": \"hello\"}";
        return List.of(
                api.post(MESSAGES, json),
                api.post(MESSAGES, "application/json; profile=x", json),
                api.post(MESSAGES, "application/x-www-form-urlencoded", "recipient=" + other + "&body=hello"));
    }

    @Test
    void nothingIsSentInTheNameOfSomebodyElse() {
        var stored = SharedService.state();

        for (var answer : sends(me.expecting(encoded(other)))) {
            answer.expectProblem(401, "not_signed_in", "Somebody else is signed in.");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        }

        assertThat(SharedService.state()).isEqualTo(stored);
    }

    @Test
    void theCookieIsMindedAsTheHeaderIs() {
        var json = "{\"recipient\": \"" + other + "\", \"body\": \"hello\"}";
        for (var type : List.of("application/json", "application/json; profile=x")) {
            assertThat(byCookie(json, type, other)).isEqualTo(401);
            assertThat(byCookie(json, type, name)).isEqualTo(201);
        }
    }

    private int byCookie(String json, String type, String expected) {
        return SharedService.api()
                .expecting(encoded(expected))
                .call("POST", MESSAGES, BodyPublishers.ofString(json), request -> request.header("Content-Type", type)
                        .header("Cookie", "sessionid=" + me.token()))
                .status();
    }

    @Test
    void oneIsOneselfHoweverTheNameIsWritten() {
        for (var written : List.of(
                encoded(name),
                encoded(name.toUpperCase(Locale.ROOT)),
                encoded(name.replace("ë", "e\u0308")),
                encoded(name).replace("%2B", "+"),
                encoded(name).toLowerCase(Locale.ROOT))) {
            assertThat(sends(me.expecting(written))).as(written).allSatisfy(answer -> answer.expect(201));
        }
        assertThat(sends(me.expecting(encoded(name), encoded(name)))).allSatisfy(answer -> answer.expect(201));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "%zz", "%2", "%ff", "%-1", "a b", "%00", "no.such.user"})
    void whatIsNoNameIsNobodys(String text) {
        assertThat(sends(me.expecting(text))).allSatisfy(answer -> answer.expect(401));
        me.expecting(text).get("/api/v1/account/").expectNotSignedIn();
    }

    /** Of several all have to be right. */
    @Test
    void anotherNameBesideOnesOwnIsRefused() {
        assertThat(sends(me.expecting(encoded(name), encoded(other)))).allSatisfy(answer -> answer.expect(401));
        assertThat(sends(me.expecting(encoded(name) + ", " + encoded(name)))).allSatisfy(answer -> answer.expect(401));
    }
}

package io.messagecenter.app.api;

import static io.messagecenter.app.support.SharedService.api;
import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changing one's own password and e-mail address. */
@Timeout(60)
class ChangeAccountTest {
    private static final String ACCOUNT = "/api/v1/account/";
    private static final String PASSWORD = "/api/v1/account/password/";
    private static final String OLD = "correct horse";
    private static final String NEW = "battery staple";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final String name = People.freshName("changes");

    private String signUp() {
        return api().post(ACCOUNT, credentials(OLD)).expect(201).at("/token").asText();
    }

    private String credentials(String password) {
        return Json.object().put("username", name).put("password", password).toString();
    }

    private Answer signIn(String password) {
        return api().post("/api/v1/session/", credentials(password));
    }

    private static String change(String current, String chosen) {
        return Json.object()
                .put("current_password", current)
                .put("new_password", chosen)
                .toString();
    }

    @Test
    void aChangedPasswordOpensAndTheOldOneNoMoreAndEveryOtherSessionEnds() {
        var me = api().as(signUp());
        var elsewhere = api().as(signIn(OLD).expect(201).at("/token").asText());
        elsewhere.get(ACCOUNT).expect(200);

        var changed = me.post(PASSWORD, change(OLD, NEW)).expect(204);

        assertThat(changed.bytes()).isEmpty();
        me.get(ACCOUNT).expect(200);
        elsewhere.get(ACCOUNT).expectNotSignedIn();
        signIn(OLD).expect(401);
        signIn(NEW).expect(201);
    }

    @Test
    void aFormChangesAPasswordToo() {
        var me = api().as(signUp());

        me.post(PASSWORD, FORM, "current_password=correct+horse&new_password=battery+staple")
                .expect(204);

        signIn(NEW).expect(201);
    }

    @Test
    void whoDoesNotKnowTheirPasswordIsToldSoAndNothingChanges() {
        var me = api().as(signUp());
        var elsewhere = api().as(signIn(OLD).expect(201).at("/token").asText());

        for (var wrong : new String[] {"wrong horse", "CORRECT HORSE", "x".repeat(257)}) {
            me.post(PASSWORD, change(wrong, NEW))
                    .expectInvalid("{\"current_password\": [\"This is not your password.\"]}");
        }

        signIn(OLD).expect(201);
        elsewhere.get(ACCOUNT).expect(200);
    }

    @Test
    void whoHasNoPasswordHasNoneToChange() {
        SharedService.as(name)
                .post(PASSWORD, change("!", NEW))
                .expectInvalid("{\"current_password\": [\"This is not your password.\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "'{}','This field is required.','This field is required.'",
        "'{\"current_password\": null, \"new_password\": 5}','This field may not be null.','Not a valid string.'",
        "'{\"current_password\": \" \", \"new_password\": \"\"}','This field may not be blank.','This field may not be blank.'"
    })
    void everyFieldAtFaultIsNamed(String body, String current, String chosen) {
        SharedService.as(name)
                .post(PASSWORD, body)
                .expectInvalid("{\"current_password\": [\"" + current + "\"], \"new_password\": [\"" + chosen + "\"]}");
    }

    @Test
    void aNewPasswordIsAsLongAsAnyOther() {
        var me = api().as(signUp());
        me.post(PASSWORD, change(OLD, "seven77")).expectInvalid("{\"new_password\": [\"Use at least 8 characters.\"]}");
        me.post(PASSWORD, change(OLD, "x".repeat(257)))
                .expectInvalid("{\"new_password\": [\"Use at most 256 characters.\"]}");
        me.post(PASSWORD, "{\"current_password\": \"" + OLD + "\", \"new_password\": \"12345678\\ud83d\"}")
                .expectInvalid("{\"new_password\": [\"Lone surrogates are not allowed.\"]}");
        me.post(PASSWORD, change(OLD, "Password1"))
                .expectInvalid("{\"new_password\": [\"This password is too common.\"]}");
        me.post(PASSWORD, change(OLD, "👋".repeat(256))).expect(204);
    }

    @Test
    void nobodyChangesAnythingWhoIsNotSignedIn() {
        api().post(PASSWORD, change(OLD, NEW)).expectNotSignedIn();
        patch(api(), "{\"email\": null}").expectNotSignedIn();
    }

    private static Answer patch(Api api, String json) {
        return patch(api, "application/json", json);
    }

    private static Answer patch(Api api, String type, String body) {
        return api.call(
                "PATCH", ACCOUNT, BodyPublishers.ofString(body), request -> request.header("Content-Type", type));
    }

    @Test
    void anEmailAddressIsSetAndTheAnswerIsThatOfGet() {
        var me = SharedService.as(name);
        var before = me.get(ACCOUNT).expect(200);
        assertThat(before.at("/email").isNull()).isTrue();

        var set = patch(me, "{\"email\": \"New.Me@Example.org\"}").expect(200);

        assertThat(set.at("/email").asText()).isEqualTo("New.Me@Example.org");
        assertThat(set.at("/created")).isEqualTo(before.at("/created"));
        assertThat(me.get(ACCOUNT).expect(200).text()).isEqualTo(set.text());
        assertThat(patch(me, "{\"nothing\": \"of ours\"}").expect(200).text()).isEqualTo(set.text());
        assertThat(patch(me, "").expect(200).text()).isEqualTo(set.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \\t\""})
    void anEmailAddressThatIsNullOrBlankIsCleared(String blank) {
        var me = SharedService.as(name);
        patch(me, "{\"email\": \"a@b.example\"}").expect(200);

        assertThat(patch(me, "{\"email\": " + blank + "}")
                        .expect(200)
                        .at("/email")
                        .isNull())
                .isTrue();
        assertThat(me.get(ACCOUNT).expect(200).at("/email").isNull()).isTrue();
    }

    @Test
    void aFormSetsAndClearsAnEmailAddressToo() {
        var me = SharedService.as(name);

        assertThat(patch(me, FORM, "email=a%2Btag%40b.example")
                        .expect(200)
                        .at("/email")
                        .asText())
                .isEqualTo("a+tag@b.example");
        assertThat(patch(me, FORM, "email=").expect(200).at("/email").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "@b.c", "a b@c.d", "a@b.c\\r\\nBcc: x@y.z", "a@b.c\\n", "a@b@c.d", "<a@b.c>", "a,d@b.c"})
    void whatCannotBeAnEmailAddressIsRefusedAndChangesNothing(String bad) {
        var me = SharedService.as(name);
        patch(me, "{\"email\": \"a@b.example\"}").expect(200);

        patch(me, "{\"email\": \"" + bad + "\"}").expectInvalid("{\"email\": [\"Enter a valid email address.\"]}");
        patch(me, "{\"email\": [\"a@b.c\"]}").expectInvalid("{\"email\": [\"Not a valid string.\"]}");

        assertThat(me.get(ACCOUNT).at("/email").asText()).isEqualTo("a@b.example");
    }

    @Test
    void whatIsNoObjectIsRefused() {
        patch(SharedService.as(name), "[]").expectMalformed("JSON parse error");
        patch(SharedService.as(name), "text/plain", "x").expect(415);
    }
}

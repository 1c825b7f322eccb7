package io.messagecenter.app.api;

import static io.messagecenter.app.support.SharedService.api;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Erasing one's own account. */
@Timeout(60)
class EraseAccountTest {
    private static final String ACCOUNT = "/api/v1/account/";
    private static final String PASSWORD = "correct horse";

    private final String name = People.freshName("erases");
    private final String bobsName = People.freshName("reader");
    private final Api bob = SharedService.as(bobsName);

    private String credentials() {
        return Json.object()
                .put("username", name)
                .put("password", PASSWORD)
                .put("email", name + "@example.org")
                .toString();
    }

    private Api signUp() {
        return api().as(api().post(ACCOUNT, credentials())
                .expect(201)
                .at("/token")
                .asText());
    }

    private static Answer erase(Api api, String password) {
        return api.call(
                "DELETE", ACCOUNT, Json.object().put("password", password).toString());
    }

    @Test
    void anErasedAccountSignsInNoMoreAndItsNameStaysTaken() {
        var me = signUp();
        var elsewhere = api().as(api().post("/api/v1/session/", credentials())
                .expect(201)
                .at("/token")
                .asText());
        me.get("/api/v1/user/" + bobsName + "/").expect(200);
        bob.get("/api/v1/user/" + name + "/").expect(200);

        var erased = erase(me, PASSWORD).expect(204);

        assertThat(erased.bytes()).isEmpty();
        assertThat(erased.header("Set-Cookie").orElseThrow())
                .startsWith("sessionid=;")
                .contains("Max-Age=0");
        me.get(ACCOUNT).expectNotSignedIn();
        elsewhere.get(ACCOUNT).expectNotSignedIn();
        api().post("/api/v1/session/", credentials()).expect(401);
        api().post(ACCOUNT, credentials()).expect(409);
        bob.get("/api/v1/user/" + name + "/").expectNotFound();
        assertThat(bob.get("/api/v1/user/?q=" + name).expect(200).json()).isEmpty();
        bob.send(name, "are you there?").expectNotFound();
        bob.call("PUT", "/api/v1/block/" + name + "/").expectNotFound();
    }

    @Test
    void whatItWroteIsGoneFromEveryPathAtOnceAndReadersAreTold() {
        var me = signUp();
        long hello = me.send(bobsName, "hello", "key").expect(201).at("/id").asLong();
        long answer = bob.send(name, "hi", "bobs-key").expect(201).at("/id").asLong();

        erase(me, PASSWORD).expect(204);

        var tombstone = Json.parse(
                """
                {"id": %d, "user": "%s", "recipient": "%s", "body": "", "seq": 1, "edited": null, "deleted": true,
                 "reply_to": null, "client_id": null}"""
                        .formatted(hello, name, bobsName));
        assertThat(withoutTime(
                        bob.get("/api/v1/message/" + hello + "/").expect(200).json()))
                .isEqualTo(tombstone);
        for (var path : List.of("/api/v1/message/?target=" + name, "/api/v1/message/")) {
            var page = bob.get(path).expect(200);
            assertThat(page.at("/count").asInt()).as(path).isEqualTo(2);
            assertThat(page.at("/results/0/id").asLong()).as(path).isEqualTo(answer);
            assertThat(withoutTime(page.at("/results/1"))).as(path).isEqualTo(tombstone);
        }
        var sent = bob.get("/api/v1/event/?after=0&limit=1").expect(200).at("/events/0");
        assertThat(withoutTime(sent.at("/message"))).isEqualTo(tombstone);
        Awaitility.await().untilAsserted(() -> {
            var event = bob.get("/api/v1/event/?after=2").expect(200).at("/events/0");
            assertThat(event.at("/seq").asLong()).isEqualTo(3);
            assertThat(event.at("/type").asText()).isEqualTo("message.deleted");
            assertThat(withoutTime(event.at("/message"))).isEqualTo(tombstone);
        });
        assertThat(bob.send(name, "hi", "bobs-key").expect(201).at("/id").asLong())
                .as("a repeat, however late")
                .isEqualTo(answer);
    }

    private static JsonNode withoutTime(JsonNode message) {
        assertThat(message.path("timestamp").asText()).isNotEmpty();
        return ((com.fasterxml.jackson.databind.node.ObjectNode) message.deepCopy()).without("timestamp");
    }

    @Test
    void aWrongPasswordOrNoneErasesNothing() {
        var me = signUp();

        erase(me, "wrong horse").expectInvalid("{\"password\": [\"This is not your password.\"]}");
        erase(me, " ").expectInvalid("{\"password\": [\"This field may not be blank.\"]}");
        me.delete(ACCOUNT).expectInvalid("{\"password\": [\"This field is required.\"]}");
        erase(api(), PASSWORD).expectNotSignedIn();

        assertThat(me.get(ACCOUNT).expect(200).at("/username").asText()).isEqualTo(name);
    }

    @Test
    void anAccountWithoutAPasswordCannotBeErasedByOne() {
        var me = SharedService.as(name);

        erase(me, "!").expectInvalid("{\"password\": [\"This is not your password.\"]}");
        erase(me, PASSWORD).expectInvalid("{\"password\": [\"This is not your password.\"]}");

        me.get(ACCOUNT).expect(200);
    }

    @Test
    void aFormErasesToo() {
        signUp().call(
                        "DELETE",
                        ACCOUNT,
                        java.net.http.HttpRequest.BodyPublishers.ofString("password=correct+horse"),
                        request -> request.header("Content-Type", "application/x-www-form-urlencoded"))
                .expect(204);
    }
}

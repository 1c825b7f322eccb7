package io.messagecenter.app.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the service does with those who ask too often. */
@Timeout(60)
class LimitsTest {
    private static final String PASSWORD = "correct horse";

    private static Service service(String... ratesAnHour) {
        return Service.on(SharedService.database(), configuration -> {
            var limits = configuration.putObject("limits");
            for (int i = 0; i < ratesAnHour.length; i += 2) {
                rate(limits, ratesAnHour[i], Integer.parseInt(ratesAnHour[i + 1]));
            }
        });
    }

    private static void rate(ObjectNode limits, String name, int anHour) {
        limits.putObject(name).put("count", anHour).put("period", "1h");
    }

    private static String credentials(String username, String password) {
        return Json.object().put("username", username).put("password", password).toString();
    }

    private static Answer signUp(Service service, String username) {
        return service.api().post("/api/v1/account/", credentials(username, PASSWORD));
    }

    private static Answer signIn(Service service, String username, String password) {
        return service.api().post("/api/v1/session/", credentials(username, password));
    }

    private static void assertTooMany(Answer answer, String detail, int most) {
        int wait = answer.at("/retry_after").asInt();
        answer.expectProblem(
                429,
                "too_many_requests",
                detail,
                Json.object().put("retry_after", wait).toString());
        assertThat(wait).isBetween(1, most);
        assertThat(answer.header("Retry-After")).contains(Integer.toString(wait));
    }

    @Test
    void whoFailsToSignInTooOftenWaits() {
        var victim = People.freshName("limits.alice");
        var other = People.freshName("limits.bob");
        try (var service = service("signInByAccountAndAddress", "3")) {
            signUp(service, victim).expect(201);
            signUp(service, other).expect(201);
            for (int i = 0; i < 5; i++) {
                signIn(service, victim, PASSWORD).expect(201); // costs nothing
            }
            for (int i = 0; i < 3; i++) {
                signIn(service, victim, "wrong").expect(401);
            }
            assertTooMany(signIn(service, victim, "wrong"), "Too many attempts. Wait before you try again.", 20 * 60);
            // The right password would tell that it is right, so it waits, too.
            assertThat(signIn(service, victim, PASSWORD).status()).isEqualTo(429);
            signIn(service, other, PASSWORD).expect(201);
        }
    }

    @Test
    void whetherThereIsSuchAnAccountIsNotToldByALimit() {
        try (var service = service("signInByAccountAndAddress", "2")) {
            var nobody = People.freshName("limits.nobody");
            signIn(service, nobody, "wrong").expect(401);
            signIn(service, nobody, "wrong").expect(401);
            assertThat(signIn(service, nobody, "wrong").status()).isEqualTo(429);
        }
    }

    @Test
    void oneAddressFailsAtAllAccountsTogetherSoOften() {
        try (var service = service("signInByAddress", "3")) {
            for (int i = 0; i < 3; i++) {
                signIn(service, People.freshName("limits.nobody"), "wrong").expect(401);
            }
            assertThat(signIn(service, People.freshName("limits.nobody"), "wrong")
                            .status())
                    .isEqualTo(429);
        }
    }

    @Test
    void whatIsNoAttemptIsNotCounted() {
        try (var service = service("signInByAddress", "1")) {
            for (int i = 0; i < 3; i++) {
                service.api().post("/api/v1/session/", "{}").expect(400);
            }
            signIn(service, People.freshName("limits.nobody"), "wrong").expect(401);
        }
    }

    /** It sends mail to an address that nobody has shown to be theirs, as asking for a link does. */
    @Test
    void anEmailAddressIsChangedAsOftenAsALinkIsAskedFor() {
        var name = People.freshName("limits.mail");
        try (var service = service("passwordResetByAccountAndAddress", "2")) {
            var me = service.api()
                    .as(signUp(service, name).expect(201).at("/token").asText());
            me.call("PATCH", "/api/v1/account/", "{}").expect(200);
            me.call("PATCH", "/api/v1/account/", "{\"email\": \"nowhere\"}").expect(400);
            me.call("PATCH", "/api/v1/account/", "{\"email\": \"a@one.example\"}")
                    .expect(200);
            me.call("PATCH", "/api/v1/account/", "{\"email\": \"a@two.example\"}")
                    .expect(200);

            assertThat(me.call("PATCH", "/api/v1/account/", "{\"email\": null}").status())
                    .isEqualTo(429);

            assertThat(me.get("/api/v1/account/").at("/email").asText()).isEqualTo("a@two.example");
        }
    }

    @Test
    void aLinkIsAskedForSoOftenWhetherOrNotThereIsSuchAnAccount() {
        var somebody = People.freshName("limits.reset");
        try (var service = service("passwordResetByAccountAndAddress", "2")) {
            signUp(service, somebody).expect(201);
            for (var name : new String[] {somebody, People.freshName("limits.nobody"), "nobody@example.org"}) {
                var request = Json.object()
                        .put(name.contains("@") ? "email" : "username", name)
                        .toString();
                for (int i = 0; i < 2; i++) {
                    service.api().post("/api/v1/password-reset/", request).expect(202);
                }
                service.api().post("/api/v1/password-reset/", "{}").expect(400);
                assertThat(service.api()
                                .post("/api/v1/password-reset/", request)
                                .status())
                        .isEqualTo(429);
            }
        }
    }

    @Test
    void oneAddressTriesSoManyLinksThatDoNotHold() {
        try (var service = service("resetTokensByAddress", "2")) {
            for (int i = 0; i < 3; i++) {
                service.api().post("/api/v1/password-reset/confirm/", "{}").expect(400); // is no try
            }
            confirm(service, "made up").expect(400);
            confirm(service, "made up, too").expect(400);

            assertTooMany(confirm(service, "x"), "Too many attempts. Wait before you try again.", 30 * 60);
        }
    }

    private static Answer confirm(Service service, String token) {
        return service.api()
                .post(
                        "/api/v1/password-reset/confirm/",
                        Json.object()
                                .put("token", token)
                                .put("new_password", "another good horse")
                                .toString());
    }

    @Test
    void whoHasASessionGuessesItsPasswordNoFaster() {
        var name = People.freshName("limits.open");
        try (var service = service("signInByAccountAndAddress", "2")) {
            var token = signUp(service, name).expect(201).at("/token").textValue();
            var me = service.api().as(token);
            for (int i = 0; i < 4; i++) {
                change(me, PASSWORD, "short").expect(400); // no guess
            }
            change(me, "wrong horse", "another good horse").expect(400);
            change(me, "wrong horse", "another good horse").expect(400);
            assertThat(change(me, PASSWORD, "another good horse").status()).isEqualTo(429);
        }
    }

    private static Answer change(Api me, String current, String chosen) {
        return me.post(
                "/api/v1/account/password/",
                Json.object()
                        .put("current_password", current)
                        .put("new_password", chosen)
                        .toString());
    }

    @Test
    void oneAddressOpensSoManyAccounts() {
        try (var service = service("signUpByAddress", "2")) {
            var name = People.freshName("limits.new");
            signUp(service, name).expect(201);
            // None of these is one.
            service.api().post("/api/v1/account/", "{}").expect(400);
            for (var refused : Map.of("short", "short", "no name", PASSWORD).entrySet()) {
                service.api()
                        .post("/api/v1/account/", credentials(refused.getKey(), refused.getValue()))
                        .expect(400);
            }
            // Whoever asks whose name is taken learns something.
            signUp(service, name).expect(409);
            var late = People.freshName("limits.new");
            assertTooMany(signUp(service, late), "Too many accounts were opened from your address.", 30 * 60);
            assertThat(SharedService.as(People.freshName("limits.alice"))
                            .get("/api/v1/user/" + late + "/")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void aUserSendsSoManyMessagesHoweverTheyComeIn() {
        try (var service = service("messagesByUser", "3")) {
            var name = People.freshName("limits.alice");
            var alice = service.api().as(SharedService.people().token(name));
            alice.send(name, "JSON, past Jersey").expect(201);
            alice.post("/api/v1/message/", "application/x-www-form-urlencoded", "recipient=" + name + "&body=form")
                    .expect(201);
            chunked(alice, name).expect(201);
            var detail = "You send too many messages.";
            assertTooMany(alice.send(name, "too many"), detail, 20 * 60);
            assertTooMany(chunked(alice, name), detail, 20 * 60);
            var other = People.freshName("limits.bob");
            service.api()
                    .as(SharedService.people().token(other))
                    .send(name, "hello")
                    .expect(201);
            assertThat(alice.get("/api/v1/message/").json().get("count").asInt())
                    .isEqualTo(4);
        }
    }

    @Test
    void whatWasSentIsTakenBackAndPeopleAreBlockedOnlySoOften() {
        try (var service = service("messagesByUser", "2")) {
            var name = People.freshName("limits.alice");
            var alice = service.api().as(SharedService.people().token(name));
            var id = alice.send(name, "hello").expect(201).at("/id").asText();
            alice.call("DELETE", "/api/v1/message/" + id + "/").expect(204);
            assertTooMany(alice.call("DELETE", "/api/v1/message/" + id + "/"), "You send too many messages.", 30 * 60);
        }
        try (var service = service("marksByUser", "2")) {
            var alice = service.api().as(SharedService.people().token(People.freshName("limits.alice")));
            var bob = "/api/v1/block/" + SharedService.people().person(People.freshName("limits.bob")) + "/";
            alice.call("PUT", bob).expect(204);
            alice.call("DELETE", bob).expect(204);
            var detail = "You mark too much as read, or block too often.";
            assertTooMany(alice.call("PUT", bob), detail, 30 * 60);
            assertTooMany(alice.call("DELETE", bob), detail, 30 * 60);
        }
    }

    /** Without a length, which is for the resource. */
    private static Answer chunked(Api api, String recipient) {
        var body = Json.object()
                .put("recipient", recipient)
                .put("body", "by Jersey")
                .toString();
        return api.call(
                "POST",
                "/api/v1/message/",
                BodyPublishers.ofByteArrays(java.util.List.of(body.getBytes(StandardCharsets.UTF_8))),
                request -> request.header("Content-Type", "application/json"));
    }

    @Test
    void aUserSearchesSoOftenAndAQueryThatIsNoneDoesNotCount() {
        try (var limited = service("searchesByUser", "2")) {
            var me = limited.api().as(SharedService.people().token(People.freshName("limits.seeker")));
            var other = limited.api().as(SharedService.people().token(People.freshName("limits.seeker")));
            me.get("/api/v1/message/search/?q=a").expect(200);
            me.get("/api/v1/message/search/?q=").expect(400);
            me.get("/api/v1/message/search/?q=b").expect(200);

            assertTooMany(me.get("/api/v1/message/search/?q=c"), "You search too often.", 1_800);
            other.get("/api/v1/message/search/?q=c").expect(200);
        }
    }

    @Test
    void byDefaultNobodyIsDisturbedWhoDoesWhatPeopleDo() {
        try (var service = service()) {
            var name = People.freshName("limits.alice");
            signUp(service, name).expect(201);
            IntStream.range(0, 5).forEach(i -> signIn(service, name, "mistyped").expect(401));
            var token = signIn(service, name, PASSWORD).expect(201).at("/token").asText();
            var alice = service.api().as(token);
            IntStream.range(0, 150).forEach(i -> alice.send(name, "m" + i).expect(201));
        }
    }

    @Test
    void switchedOffThereAreNone() {
        try (var service = Service.on(SharedService.database(), configuration -> {
            var limits = configuration.putObject("limits").put("enabled", false);
            for (var name : Map.of("messagesByUser", 1, "signUpByAddress", 1).keySet()) {
                rate(limits, name, 1);
            }
        })) {
            var name = People.freshName("limits.alice");
            signUp(service, name).expect(201);
            signUp(service, People.freshName("limits.bob")).expect(201);
            var alice = service.api().as(SharedService.people().token(name));
            alice.send(name, "one").expect(201);
            alice.send(name, "two").expect(201);
        }
    }
}

package io.messagecenter.app.api;

import static io.messagecenter.app.support.SharedService.api;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What administrators may do. */
@Timeout(60)
class AdminTest {
    private static final String ACCOUNTS = "/api/v1/admin/account/";

    private final String prefix = People.freshName("adm");
    private final String adminsName = prefix + "root";
    private final Api admin = api().as(SharedService.people().admin(adminsName));
    private final String name = prefix + "Alice";

    private String credentials() {
        return Json.object()
                .put("username", name)
                .put("password", "correct horse")
                .put("email", "alice@example.org")
                .toString();
    }

    private Api signUp() {
        return api().as(api().post("/api/v1/account/", credentials())
                .expect(201)
                .at("/token")
                .asText());
    }

    private Answer disable(String username, Object disabled) {
        return admin.call(
                "PATCH",
                ACCOUNTS + username + "/",
                Json.object().putPOJO("disabled", disabled).toString());
    }

    private static List<String> names(JsonNode accounts) {
        var names = new ArrayList<String>();
        accounts.forEach(account -> names.add(account.path("username").asText()));
        return names;
    }

    @Test
    void administratorsSeeAccountsPageByPage() {
        signUp();
        SharedService.people().person(prefix + "bob");

        var page = admin.get(ACCOUNTS + "?q=" + prefix + "&limit=2").expect(200);

        assertThat(names(page.json())).containsExactly(name, prefix + "bob");
        assertThat(page.at("/0").fieldNames())
                .toIterable()
                .containsExactly("username", "email", "created", "admin", "disabled");
        assertThat(page.at("/0/email").asText()).isEqualTo("alice@example.org");
        assertThat(page.at("/0/admin").asBoolean()).isFalse();
        assertThat(page.at("/0/disabled").asBoolean()).isFalse();
        assertThat(page.at("/1/email").isNull()).isTrue();
        var link = page.header("Link").orElseThrow();
        assertThat(link).endsWith("; rel=\"next\"");
        var rest = admin.get(link.substring(1, link.indexOf('>'))).expect(200);
        assertThat(names(rest.json())).containsExactly(adminsName);
        assertThat(rest.at("/0/admin").asBoolean()).isTrue();
        assertThat(rest.header("Link")).isEmpty();
        assertThat(admin.get(ACCOUNTS + name.toUpperCase(java.util.Locale.ROOT) + "/")
                        .expect(200)
                        .json())
                .isEqualTo(page.at("/0"));
        admin.get(ACCOUNTS + prefix + "nobody/").expectNotFound();
    }

    @Test
    void whoeverIsDisabledIsOutUntilTheyAreEnabled() {
        var me = signUp();
        me.get("/api/v1/account/").expect(200);

        assertThat(disable(name, true).expect(200).at("/disabled").asBoolean()).isTrue();

        me.get("/api/v1/account/").expectNotSignedIn();
        me.send(adminsName, "hello").expectNotSignedIn();
        api().post("/api/v1/session/", credentials())
                .expectProblem(401, "wrong_credentials", "Unable to sign in with the provided credentials.");
        assertThat(admin.get(ACCOUNTS + name + "/").at("/disabled").asBoolean()).isTrue();
        admin.send(name, "for when you are back").expect(201);

        assertThat(disable(name, false).expect(200).at("/disabled").asBoolean()).isFalse();
        api().post("/api/v1/session/", credentials()).expect(201);
    }

    @Test
    void administratorsEraseAccounts() {
        var me = signUp();
        long message = me.send(adminsName, "hello").expect(201).at("/id").asLong();

        admin.delete(ACCOUNTS + name + "/").expect(204);

        me.get("/api/v1/account/").expectNotSignedIn();
        admin.get(ACCOUNTS + name + "/").expectNotFound();
        assertThat(names(admin.get(ACCOUNTS + "?q=" + prefix).expect(200).json()))
                .containsExactly(adminsName);
        assertThat(admin.get("/api/v1/message/" + message + "/")
                        .expect(200)
                        .at("/deleted")
                        .asBoolean())
                .isTrue();
        admin.delete(ACCOUNTS + name + "/").expectNotFound();
        disable(name, true).expectNotFound();
    }

    @Test
    void nobodyElseIsAdmitted() {
        var me = signUp();
        for (var refused : List.of(
                me.get(ACCOUNTS),
                me.get(ACCOUNTS + adminsName + "/"),
                me.get(ACCOUNTS + "nobody/"),
                me.call("PATCH", ACCOUNTS + adminsName + "/", "{\"disabled\": true}"),
                me.call("PATCH", ACCOUNTS + name + "/", "{\"disabled\": false}"),
                me.delete(ACCOUNTS + adminsName + "/"),
                me.delete(ACCOUNTS + name + "/"))) {
            refused.expectProblem(403, "forbidden", "Only administrators may do that.");
        }
        api().get(ACCOUNTS).expectNotSignedIn();
        admin.get("/api/v1/account/").expect(200);
    }

    @Test
    void administratorsCannotShutThemselvesOut() {
        disable(adminsName, true).expect(403);
        admin.delete(ACCOUNTS + adminsName + "/").expect(403);

        admin.get(ACCOUNTS + adminsName + "/").expect(200);
    }

    @Test
    void whatIsNoAnswerChangesNothing() {
        signUp();

        disable(name, "maybe").expectInvalid("{\"disabled\": [\"Must be a valid boolean.\"]}");
        disable(name, 1).expectInvalid("{\"disabled\": [\"Must be a valid boolean.\"]}");
        disable(name, null).expectInvalid("{\"disabled\": [\"This field may not be null.\"]}");
        admin.call("PATCH", ACCOUNTS + name + "/", "{}").expectInvalid("{\"disabled\": [\"This field is required.\"]}");
        admin.get(ACCOUNTS + "?limit=0").expect(400);

        assertThat(admin.get(ACCOUNTS + name + "/").at("/disabled").asBoolean()).isFalse();
    }
}

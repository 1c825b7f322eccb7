package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.mysql.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service whose every setting is another than by default, behind a proxy that ends TLS. */
@Timeout(60)
class OtherSettingsTest {
    private static final TestDatabase DATABASE = new TestDatabase("jdbc:h2:mem:settings", "sa", "");

    private static Service service;
    private static People people;
    private static Api alice;

    @BeforeAll
    static void start() {
        service = Service.withPasswordCost(DATABASE, configuration -> {
            configuration
                    .put("signUp", true)
                    .put("messagesToLoad", 3)
                    .put("maxBody", 5)
                    .put("heartbeat", "2 seconds")
                    .put("hashesAtOnce", 1);
            configuration
                    .putObject("sessions")
                    .put("idle", "30 minutes")
                    .put("absolute", "90 minutes")
                    .put("most", 2);
            configuration
                    .putObject("passwordHash")
                    .put("memory", "7MiB")
                    .put("passes", 5)
                    .put("lanes", 2);
            configuration.putObject("groupCommit").put("batch", 2).put("queue", 8);
            ((ObjectNode) configuration.at("/server/applicationConnectors/0")).put("useForwardedHeaders", true);
        });
        people = new People(DATABASE);
        people.person("bob");
        alice = service.api().as(people.token("alice"));
    }

    @AfterAll
    static void stop() {
        people.close();
        service.close();
    }

    @Test
    void aPageHasAsManyMessagesAsTheSettingSays() {
        var name = People.freshName("pages");
        var me = service.api().as(people.token(name));
        for (int i = 0; i < 4; i++) {
            me.send(name, "m" + i).expect(201);
        }
        var page = me.get("/api/v1/message/").json();
        assertThat(page.get("results")).hasSize(3);
        assertThat(me.get(page.get("next").asText()).json().get("results")).hasSize(1);
        assertThat(me.get("/api/v1/message/?limit=4").json().get("results")).hasSize(4);
    }

    @Test
    void aPasswordCostsWhatTheSettingSaysAtTheNextSignInAtTheLatest() throws SQLException {
        var name = People.freshName("cheap");
        people.admin(name);
        assertThat(passwordHash(name)).startsWith("pbkdf2_sha256$1$");
        service.api()
                .post("/api/v1/session/", "{\"username\": \"" + name + "\", \"password\": \"correct horse\"}")
                .expect(201);
        assertThat(passwordHash(name)).startsWith("$argon2id$v=19$m=7168,t=5,p=2$");
    }

    private static String passwordHash(String name) throws SQLException {
        var pool = DATABASE.pool(1);
        try (var connection = pool.getConnection();
                var statement = connection.prepareStatement("SELECT password_hash FROM chat_user WHERE username = ?")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                assertThat(rows.next()).isTrue();
                return rows.getString(1);
            }
        } finally {
            pool.close(true);
        }
    }

    @Test
    void aBodyIsAsLongAsTheSettingAllows() {
        alice.send("bob", "👋👋👋👋👋").expect(201);
        alice.send("bob", "123456").expectInvalid("{\"body\": [\"Ensure this field has no more than 5 characters.\"]}");
    }

    private static Answer signUp(String name, String protocol) {
        var account = Json.object().put("username", name).put("password", "correct horse");
        return service.api()
                .call(
                        "POST",
                        "/api/v1/account/",
                        BodyPublishers.ofString(account.toString()),
                        request -> request.header("Content-Type", "application/json")
                                .header("X-Forwarded-Proto", protocol)
                                .header("X-Forwarded-Host", "chat.example"))
                .expect(201);
    }

    @Test
    void aSessionLastsAsLongAsTheSettingSays() {
        var account = signUp("carol", "http");
        var expires = Instant.parse(account.json().get("expires").asText());
        var created = Instant.parse(account.json().get("created").asText());
        assertThat(Duration.between(created, expires)).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
        assertThat(account.header("Set-Cookie").orElseThrow()).contains("Max-Age=5400");
    }

    @Test
    void thereAreAsManySessionsOfOneUserAsTheSettingSays() {
        signUp("grace", "http");
        var tokens = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            tokens.add(service.api()
                    .post("/api/v1/session/", "{\"username\": \"grace\", \"password\": \"correct horse\"}")
                    .expect(201)
                    .json()
                    .get("token")
                    .asText());
        }

        service.api().as(tokens.get(0)).get("/api/v1/account/").expect(401);
        assertThat(service.api().as(tokens.get(2)).get("/api/v1/session/").json())
                .hasSize(2);
        service.api().as(tokens.get(1)).get("/api/v1/account/").expect(200);
    }

    private static Api signIn(String name, String cookie) {
        var credentials = Json.object().put("username", name).put("password", "correct horse");
        var signedIn = service.api()
                .call(
                        "POST",
                        "/api/v1/session/",
                        BodyPublishers.ofString(credentials.toString()),
                        request -> request.header("Content-Type", "application/json")
                                .header("Cookie", "sessionid=" + cookie))
                .expect(201);
        return service.api().as(signedIn.json().get("token").asText());
    }

    @Test
    void theSessionThatWasUsedAMomentAgoStaysWhenOneMoreMakesTooMany() {
        var used = service.api().as(signUp("heidi", "http").json().get("token").asText());
        var unused = signIn("heidi", "");
        used.get("/api/v1/account/").expect(200);

        var more = signIn("heidi", "");

        used.get("/api/v1/account/").expect(200);
        more.get("/api/v1/account/").expect(200);
        unused.get("/api/v1/account/").expect(401);
    }

    @Test
    void aBrowserThatSignsInAnewTakesThePlaceOfItsOwnSession() {
        var other = service.api().as(signUp("ivan", "http").json().get("token").asText());
        var browser = signIn("ivan", "");
        browser.get("/api/v1/account/").expect(200); // and so is remembered, and in use later than the other

        var again = signIn("ivan", browser.token());

        browser.get("/api/v1/account/").expect(401);
        other.get("/api/v1/account/").expect(200);
        again.get("/api/v1/account/").expect(200);
    }

    @Test
    void theCookieIsSecureUnderTls() {
        assertThat(signUp("dave", "https").header("Set-Cookie").orElseThrow().toLowerCase(Locale.ROOT))
                .containsPattern("; *secure;");
        assertThat(signUp("erin", "http").header("Set-Cookie").orElseThrow().toLowerCase(Locale.ROOT))
                .doesNotContain("secure");
    }

    @Test
    void linksNameTheAddressThatTheProxyHas() {
        var page = alice.call("GET", "/api/v1/user/?limit=1", BodyPublishers.noBody(), request -> request.header(
                                "X-Forwarded-Proto", "https")
                        .header("X-Forwarded-Host", "chat.example"))
                .expect(200);
        assertThat(page.header("Link").orElseThrow()).startsWith("<https://chat.example/api/v1/user/?after=");
    }

    @Test
    void whereSignUpIsClosedNobodyOpensAnAccount() {
        try (var closed = Service.on(DATABASE, configuration -> configuration.put("signUp", false))) {
            closed.api()
                    .post("/api/v1/account/", "{\"username\": \"frank\", \"password\": \"correct horse\"}")
                    .expectProblem(403, "forbidden", "Accounts are not opened here.");
            alice.get("/api/v1/user/frank/").expectNotFound();
        }
    }
}

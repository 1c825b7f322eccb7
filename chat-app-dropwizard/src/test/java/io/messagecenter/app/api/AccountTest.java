package io.messagecenter.app.api;

import static io.messagecenter.app.support.SharedService.api;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccountTest {
    private static final String ACCOUNTS = "/api/v1/account/";
    private static final String PASSWORD = "correct horse";

    private static String account(String name) {
        return Json.object().put("username", name).put("password", PASSWORD).toString();
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void anAccountIsOpenedAndSignedInAtOnce() {
        var name = People.freshName("New.One");
        var created = api().post(
                        ACCOUNTS,
                        Json.object()
                                .put("username", name)
                                .put("password", PASSWORD)
                                .put("email", "New.One@example.org")
                                .toString())
                .expect(201);
        var account = created.json();
        assertThat(names(account)).containsExactly("username", "email", "created", "token", "expires");
        assertThat(account.get("username").asText()).isEqualTo(name);
        assertThat(account.get("email").asText()).isEqualTo("New.One@example.org");
        assertThat(account.get("created").asText()).matches(MessageTest.TIMESTAMP);
        assertThat(account.get("expires").asText()).matches(MessageTest.TIMESTAMP);
        var since = Instant.parse(account.get("created").asText());
        assertThat(since).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertThat(Instant.parse(account.get("expires").asText()))
                .isCloseTo(since.plus(Duration.ofDays(14)), within(1, ChronoUnit.MINUTES));

        var token = account.get("token").asText();
        assertThat(created.header("Set-Cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie).startsWith("sessionid=" + token + ";"));
        var me = Json.object()
                .put("username", name)
                .put("email", "New.One@example.org")
                .put("created", account.get("created").asText());
        assertThat(api().as(token).get(ACCOUNTS).expect(200).text()).isEqualTo(me.toString());
    }

    @Test
    void anEmailAddressMayBeMissingOrBlank() {
        for (var email : new String[] {null, "", " "}) {
            var name = People.freshName("no.mail");
            var answer = api().post(
                            ACCOUNTS,
                            Json.object()
                                    .put("username", name)
                                    .put("password", PASSWORD)
                                    .put("email", email)
                                    .toString())
                    .expect(201);
            assertThat(answer.json().get("email").isNull()).isTrue();
        }
        assertThat(api().post(ACCOUNTS, account(People.freshName("no.mail")))
                        .expect(201)
                        .json()
                        .get("email")
                        .isNull())
                .isTrue();
    }

    @Test
    void aFormOpensAnAccountToo() {
        var name = People.freshName("form");
        var answer = api().post(
                        ACCOUNTS,
                        "application/x-www-form-urlencoded",
                        "username=" + name + "%2B1&password=correct+horse&email=")
                .expect(201);
        assertThat(answer.json().get("username").asText()).isEqualTo(name + "+1");
        api().post("/api/v1/session/", account(name + "+1")).expect(201);
    }

    @Test
    void namesOfEveryScriptAreWelcomeAndOfUpTo150Characters() {
        var suffix = People.freshName("");
        for (var name : List.of("Ελένη" + suffix, "木村" + suffix, "नमस्ते" + suffix, "a.b@c+d-e_" + suffix)) {
            assertThat(api().post(ACCOUNTS, account(name))
                            .expect(201)
                            .json()
                            .get("username")
                            .asText())
                    .isEqualTo(name);
        }
        var longest = "x".repeat(150 - suffix.length()) + suffix;
        api().post(ACCOUNTS, account(longest)).expect(201);
        assertThat(SharedService.as("木村" + suffix)
                        .get("/api/v1/user/" + longest + "/")
                        .expect(200)
                        .json()
                        .get("username")
                        .asText())
                .isEqualTo(longest);
    }

    @Test
    void passwordsOfTheLeastAndTheMostLengthSignIn() {
        for (var password :
                List.of("eight 88", "👋".repeat(8), "p".repeat(256), "  spaces count  ", "nul\u0000inside")) {
            var account = Json.object()
                    .put("username", People.freshName("password"))
                    .put("password", password)
                    .toString();
            api().post(ACCOUNTS, account).expect(201);
            api().post("/api/v1/session/", account).expect(201);
        }
    }

    @Test
    void ofManyWhoWantTheSameNameAtOnceOneGetsIt() throws InterruptedException, ExecutionException {
        var name = People.freshName("race");
        var threads = Executors.newFixedThreadPool(6);
        try {
            var attempts = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 6; i++) {
                var cased = i % 2 == 0 ? name : name.toUpperCase(Locale.ROOT);
                attempts.add(() -> api().post(ACCOUNTS, account(cased)).status());
            }
            var statuses = new ArrayList<Integer>();
            for (var attempt : threads.invokeAll(attempts)) {
                statuses.add(attempt.get());
            }
            assertThat(statuses).containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void thePasswordIsStoredAsArgon2idAndTheTokenAsItsHashAlone() throws SQLException {
        var name = People.freshName("stored");
        var token = api().post(ACCOUNTS, account(name))
                .expect(201)
                .json()
                .get("token")
                .asText();
        var pool = SharedService.database().pool(1);
        try (var connection = pool.getConnection();
                var statement = connection.prepareStatement("SELECT u.password_hash, s.token_hash FROM chat_user u"
                        + " JOIN chat_session s ON s.user_id = u.id WHERE u.username = ?")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1))
                        .matches("\\$argon2id\\$v=19\\$m=64,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
                assertThat(HexFormat.of().formatHex(rows.getBytes(2))).isEqualTo(Sha256.hex(token));
                assertThat(rows.next()).isFalse();
            }
        } finally {
            pool.close(true);
        }
    }

    @Test
    void aPasswordIsHashedOffTheThreadsThatAnswerRequests() {
        var name = People.freshName("busy");
        api().post(ACCOUNTS, account(name)).expect(201);
        var reader = SharedService.as(name);
        // More sign-ins than could be hashed at once, and none of them is waited for here.
        var signIns = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 12; i++) {
            signIns.add(Api.HTTP.sendAsync(
                    api().request(
                                    "POST",
                                    "/api/v1/session/",
                                    HttpRequest.BodyPublishers.ofString(account(name)),
                                    request -> request.header("Content-Type", "application/json")),
                    HttpResponse.BodyHandlers.discarding()));
        }
        reader.get("/api/v1/message/").expect(200);
        assertThat(signIns).anySatisfy(signIn -> assertThat(signIn).isNotDone());
        signIns.forEach(CompletableFuture::join);
    }
}

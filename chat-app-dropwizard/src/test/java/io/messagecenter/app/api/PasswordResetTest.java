package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.MailServer;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding back in without one's password, with real mail. */
@Timeout(60)
class PasswordResetTest {
    private static final String RESET = "/api/v1/password-reset/";
    private static final String CONFIRM = "/api/v1/password-reset/confirm/";
    private static final String OLD = "correct horse";
    private static final String NEW = "battery staple";
    private static final String SPENT =
            "{\"token\": [\"This link is not valid: it may be too old, or used already.\"]}";

    private static TestDatabase database;
    private static MailServer mail;
    private static Service service;

    @BeforeAll
    static void start() {
        database = TestDatabase.h2(SharedService.directory("reset"));
        mail = new MailServer();
        service = Service.on(database, configuration -> {
            configuration.put("passwordResetPage", "https://chat.example/start?lang=en");
            configuration
                    .putObject("mail")
                    .put("type", "smtp")
                    .put("host", "127.0.0.1")
                    .put("port", mail.port())
                    .put("encryption", "none")
                    .put("from", "chat@example.org");
        });
    }

    @AfterAll
    static void stop() {
        service.close();
        mail.close();
    }

    private final String name = People.freshName("forgetful");
    private final String address = name + "@example.org";

    private static Api api() {
        return service.api();
    }

    private Api signUp() {
        return signUp(name, address);
    }

    private static Api signUp(String name, String email) {
        var account = Json.object().put("username", name).put("password", OLD).put("email", email);
        return api().as(api().post("/api/v1/account/", account.toString())
                .expect(201)
                .at("/token")
                .asText());
    }

    private static Answer signIn(String name, String password) {
        return api().post(
                        "/api/v1/session/",
                        Json.object()
                                .put("username", name)
                                .put("password", password)
                                .toString());
    }

    private static Answer request(String field, String value) {
        return api().post(RESET, Json.object().put(field, value).toString());
    }

    private static Answer confirm(String token, String password) {
        return confirm(api(), token, password);
    }

    private static Answer confirm(Api api, String token, String password) {
        return api.post(
                CONFIRM,
                Json.object().put("token", token).put("new_password", password).toString());
    }

    @Test
    void whoseAddressIsChangedHearsOfItAtTheOneBefore() {
        var me = signUp();

        me.call("PATCH", "/api/v1/account/", "{\"email\": \"new." + address + "\"}")
                .expect(200);
        var changed = mail.await(address, 1);
        me.call("PATCH", "/api/v1/account/", "{\"email\": \"new." + address + "\"}")
                .expect(200); // as it is
        me.call("PATCH", "/api/v1/account/", "{\"email\": null}").expect(200);
        var removed = mail.await("new." + address, 1);

        assertThat(changed.text()).contains("Hello " + name, "was changed", "change your password at once");
        assertThat(changed.text()).doesNotContain("new." + address);
        assertThat(removed.text()).contains("Hello " + name, "was removed");
    }

    @Test
    void aMailedLinkLeadsToANewPasswordOnceAndAllSessionsEnd() {
        var me = signUp();

        assertThat(request("username", name.toUpperCase(Locale.ROOT))
                        .expect(202)
                        .bytes())
                .isEmpty();

        var received = mail.await(address, 1);
        assertThat(received.from()).isEqualTo("chat@example.org");
        assertThat(received.text())
                .contains("Hello " + name, "\nhttps://chat.example/start?lang=en#password-reset=", "15 minutes");
        me.get("/api/v1/account/").expect(200); // nothing has changed yet
        confirm(received.resetToken(), NEW).expect(204);
        signIn(name, NEW).expect(201);
        signIn(name, OLD).expect(401);
        me.get("/api/v1/account/").expectNotSignedIn();
        confirm(received.resetToken(), "yet another one").expectInvalid(SPENT);
    }

    @Test
    void formsDoToo() {
        signUp();
        var form = "application/x-www-form-urlencoded";

        api().post(RESET, form, "email=" + address.replace("@", "%40")).expect(202);
        var token = mail.await(address, 1).resetToken();
        api().post(CONFIRM, form, "token=" + token + "&new_password=battery+staple")
                .expect(204);

        signIn(name, NEW).expect(201);
    }

    @Test
    void aLaterLinkTakesThePlaceOfTheOneBefore() {
        signUp();
        request("username", name).expect(202);
        var first = mail.await(address, 1).resetToken();
        request("email", address).expect(202);
        var second = mail.await(address, 2).resetToken();

        confirm(first, NEW).expectInvalid(SPENT);
        confirm(second, NEW).expect(204);
    }

    @Test
    void eachAccountOfAnAddressGetsItsOwnMail() {
        signUp();
        signUp(name + ".2", address.toUpperCase(Locale.ROOT));

        request("email", address).expect(202);

        var received = List.of(mail.await(address, 1), mail.await(address.toUpperCase(Locale.ROOT), 1));
        assertThat(received.get(1).text()).contains("Hello " + name + ".2,");
        confirm(received.get(1).resetToken(), NEW).expect(204);
        signIn(name, OLD).expect(201);
        signIn(name + ".2", NEW).expect(201);
    }

    @Test
    void onlyTheHashOfATokenIsStored() throws SQLException {
        signUp();
        request("username", name).expect(202);
        var token = mail.await(address, 1).resetToken();

        assertThat(stored("token_hash")).isEqualTo(Sha256.hex(token));
    }

    private String stored(String column) throws SQLException {
        var pool = database.pool(1);
        try (var connection = pool.getConnection();
                var statement = connection.prepareStatement("SELECT " + column + " FROM chat_password_reset r"
                        + " JOIN chat_user u ON u.id = r.user_id WHERE u.username = ?")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                assertThat(rows.next()).isTrue();
                return HexFormat.of().formatHex(rows.getBytes(1));
            }
        } finally {
            pool.close(true);
        }
    }

    @Test
    void anExpiredLinkIsRefused() throws SQLException {
        signUp();
        request("username", name).expect(202);
        var token = mail.await(address, 1).resetToken();
        var pool = database.pool(1);
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE chat_password_reset SET expires_at = '2026-01-01 00:00:00'");
        } finally {
            pool.close(true);
        }

        confirm(token, NEW).expectInvalid(SPENT);
        signIn(name, OLD).expect(201);
    }

    @Test
    void theAnswerIsTheSameWhetherOrNotThereIsSuchAnAccount() {
        signUp();
        var known = request("username", name).expect(202);
        mail.await(address, 1);

        for (var unknown : List.of(
                request("username", name + "x"),
                request("username", "not a name"),
                request("username", "\u0000"),
                request("email", "nobody@example.org"),
                request("email", "no address"),
                request("email", "a@b.c\r\nBcc: " + address))) {
            unknown.expect(202);
            assertThat(unknown.bytes()).isEqualTo(known.bytes());
            assertThat(names(unknown)).isEqualTo(names(known));
        }
        assertThat(mail.received().stream().filter(one -> one.to().equals(address)))
                .hasSize(1);
    }

    private static List<String> names(Answer answer) {
        return new ArrayList<>(answer.headers().map().keySet());
    }

    @Test
    void neitherAnAccountWithoutAnAddressNorAnEmptyRequestIsMailed() {
        var before = mail.received().size();
        signUp(name, "");
        request("username", name).expect(202);
        api().post(RESET, "{}").expectInvalid("{\"username\": [\"Give a username or an email address.\"]}");
        api().post(RESET, "{\"username\": \" \", \"email\": null}")
                .expectInvalid("{\"username\": [\"Give a username or an email address.\"]}");
        api().post(RESET, "{\"username\": 1, \"email\": []}")
                .expectInvalid("{\"username\": [\"Not a valid string.\"], \"email\": [\"Not a valid string.\"]}");
        api().post(RESET, "[]").expectMalformed("JSON parse error");

        signUp(name + ".last", address);
        request("username", name + ".last").expect(202);
        mail.await(address, 1);
        assertThat(mail.received()).hasSize(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "'", "👋", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void aTokenThatWasMadeUpIsRefused(String token) {
        confirm(token, NEW).expectInvalid(SPENT);
    }

    @Test
    void everyFieldAtFaultIsNamed() {
        api().post(CONFIRM, "{}")
                .expectInvalid(
                        "{\"token\": [\"This field is required.\"], \"new_password\": [\"This field is required.\"]}");
        api().post(CONFIRM, "{\"token\": 1, \"new_password\": null}")
                .expectInvalid(
                        "{\"token\": [\"Not a valid string.\"], \"new_password\": [\"This field may not be null.\"]}");
        confirm("x", "short")
                .expectInvalid("{\"new_password\": [\"Use at least 8 characters.\"], " + SPENT.substring(1));
    }

    @Test
    void aPasswordThatMayNotBeChosenSpendsNoToken() {
        signUp();
        request("username", name).expect(202);
        var token = mail.await(address, 1).resetToken();

        confirm(token, "password1").expectInvalid("{\"new_password\": [\"This password is too common.\"]}");
        confirm(token, "x".repeat(257)).expectInvalid("{\"new_password\": [\"Use at most 256 characters.\"]}");
        confirm(token, NEW).expect(204);
    }

    /** Nobody who has a link is stopped by the limit on those that do not hold. */
    @Test
    void onlyALinkThatDoesNotHoldCountsAsATry() {
        try (var strict = Service.on(database, configuration -> configuration
                .putObject("limits")
                .putObject("resetTokensByAddress")
                .put("count", 1)
                .put("period", "1h"))) {
            signUp();
            request("username", name).expect(202);
            var token = mail.await(address, 1).resetToken();
            for (int i = 0; i < 3; i++) {
                confirm(strict.api(), token, "password1").expect(400);
            }
            confirm(strict.api(), token, NEW).expect(204);
            confirm(strict.api(), token, NEW).expectInvalid(SPENT);
            assertThat(confirm(strict.api(), token, NEW).status()).isEqualTo(429);
        }
    }

    @Test
    void anAddressThatChangesMakesTheLinkWorthless() {
        var me = signUp();
        request("username", name).expect(202);
        var token = mail.await(address, 1).resetToken();

        me.call(
                        "PATCH",
                        "/api/v1/account/",
                        BodyPublishers.ofString("{\"email\": \"new@example.org\"}"),
                        request -> request.header("Content-Type", "application/json"))
                .expect(200);

        confirm(token, NEW).expectInvalid(SPENT);
    }

    @Test
    void aMailServerThatIsGoneChangesNothingAboutTheAnswer() {
        try (var cutOff = Service.on(TestDatabase.h2(SharedService.directory("cut-off")), configuration -> configuration
                .putObject("mail")
                .put("type", "smtp")
                .put("host", "127.0.0.1")
                .put("port", 1)
                .put("encryption", "none")
                .put("from", "chat@example.org"))) {
            var account =
                    Json.object().put("username", name).put("password", OLD).put("email", address);
            cutOff.api().post("/api/v1/account/", account.toString()).expect(201);
            var body = Json.object().put("username", name).toString();
            for (int i = 0; i < 3; i++) {
                cutOff.api().post(RESET, body).expect(202);
            }
        }
    }
}

package io.messagecenter.app.api;

import static io.messagecenter.app.support.SharedService.api;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Taking along all that is one's own. */
@Timeout(120)
class ExportTest {
    private static final String EXPORT = "/api/v1/account/export/";

    private final String name = People.freshName("exports");
    private final String bob = People.freshName("other");

    private static List<String> bodies(JsonNode export) {
        var bodies = new ArrayList<String>();
        export.at("/messages")
                .forEach(message -> bodies.add(message.path("body").asText()));
        return bodies;
    }

    @Test
    void theDocumentHasAllThatIsMineAndNothingElse() {
        var created = api().post(
                        "/api/v1/account/",
                        Json.object()
                                .put("username", name)
                                .put("password", "correct horse")
                                .put("email", "me@example.org")
                                .toString())
                .expect(201);
        var me = api().as(created.at("/token").asText());
        var other = SharedService.as(bob);
        me.send(bob, "one").expect(201);
        other.send(name, "two").expect(201);
        other.send(bob, "not mine").expect(201);
        me.call("PUT", "/api/v1/block/" + bob + "/").expect(204);

        var answer = me.get(EXPORT).expect(200);

        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("Content-Disposition")).contains("attachment; filename=\"message-center.json\"");
        var export = answer.json();
        assertThat(export.fieldNames()).toIterable().containsExactly("account", "sessions", "blocked", "messages");
        assertThat(export.at("/account")).isEqualTo(me.get("/api/v1/account/").json());
        assertThat(export.at("/blocked")).isEqualTo(me.get("/api/v1/block/").json());
        var session = me.get("/api/v1/session/").json().get(0);
        assertThat(export.at("/sessions")).hasSize(1);
        for (var field : List.of("id", "created", "device")) {
            assertThat(export.at("/sessions/0/" + field)).isEqualTo(session.get(field));
        }
        assertThat(answer.text()).doesNotContain(me.token());
        assertThat(bodies(export)).containsExactly("one", "two");
        assertThat(export.at("/messages/0"))
                .isEqualTo(
                        me.get("/api/v1/message/" + export.at("/messages/0/id").asLong() + "/")
                                .json());
    }

    @Test
    void manyMessagesComeInTheirOrderOldestFirst() {
        SharedService.people().say(name, bob, 1_234);

        var bodies = bodies(SharedService.as(name).get(EXPORT).expect(200).json());

        assertThat(bodies).hasSize(1_234);
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(bodies.get(i)).isEqualTo("message " + i);
        }
    }

    @Test
    void aDocumentThatCannotBeReadToItsEndDoesNotSeemWhole() throws SQLException {
        SharedService.people().say(name, bob, 1_000);
        var me = SharedService.as(name);
        long id = me.get("/api/v1/message/?limit=1").at("/results/0/id").asLong();
        try (var connection = SharedService.connection();
                var statement = connection.createStatement()) {
            statement.execute("UPDATE chat_message SET body = '' WHERE id = " + id); // which no message can have
        }

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> me.get(EXPORT))
                .withRootCauseInstanceOf(IOException.class);
    }

    /** An export whose client has read a byte so far. */
    private static Socket begun(Service service, Api caller) throws IOException {
        var slow = new Socket();
        slow.setReceiveBufferSize(4_096);
        slow.connect(new InetSocketAddress("127.0.0.1", service.port()));
        slow.getOutputStream()
                .write(("GET " + EXPORT + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + caller.token()
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(slow.getInputStream().read()).isEqualTo('H');
        return slow;
    }

    private static String rest(Socket socket) throws IOException {
        var text = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(text);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anExportEndsWithTheSessionThatAskedForIt() throws IOException {
        var database = TestDatabase.h2(SharedService.directory("export-ends"));
        try (var service = Service.on(database, config -> {});
                var people = new People(database)) {
            people.say(name, bob, 30_000);
            var thief = service.api().as(people.token(name));
            var owner = service.api().as(people.token(name));
            try (var slow = begun(service, thief)) {
                owner.delete("/api/v1/session/").expect(204);

                assertThat(rest(slow)).contains("message 0").doesNotContain("message 29999");
            }
            assertThat(bodies(owner.get(EXPORT).json())).hasSize(30_000);
        }
    }

    @Test
    void oneAtATimeIsEnoughForAnybody() throws IOException {
        var database = TestDatabase.h2(SharedService.directory("export"));
        try (var service = Service.on(
                        database, config -> config.withObject("/limits").put("enabled", true));
                var people = new People(database)) {
            people.say(name, bob, 30_000);
            var me = service.api().as(people.token(name));
            try (var slow = begun(service, me)) {
                var refused = me.get(EXPORT);
                assertThat(refused.status()).isEqualTo(429);
                refused.expectProblem(
                        429, "too_many_requests", "An export of yours is under way already.", "{\"retry_after\": 10}");
                assertThat(refused.header("Retry-After")).contains("10");
                var others = service.api().as(people.token(bob)).get(EXPORT);
                assertThat(others.status()).isEqualTo(200);
                assertThat(bodies(others.json())).hasSize(30_000);
            }
            Awaitility.await().until(() -> me.get("/api/v1/account/export").status() == 200);
        }
    }

    @Test
    void aHeadOfItLeavesNothingUnderWay() {
        var me = SharedService.as(name);
        for (int i = 0; i < 3; i++) {
            assertThat(me.call("HEAD", EXPORT).status()).isEqualTo(200);
            me.get(EXPORT).expect(200);
        }
    }

    @Test
    void whoeverIsNotSignedInGetsNothing() {
        api().get(EXPORT).expectNotSignedIn();
    }
}

package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import io.messagecenter.mysql.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many more clients than the service has threads are slow to send what they announced. */
@Timeout(60)
class StalledBodiesTest {
    private static final TestDatabase DATABASE = new TestDatabase("jdbc:h2:mem:stalled", "sa", "");
    private static final int THREADS = 16;
    private static final String BODY = "{\"recipient\": \"bob\", \"body\": \"slow, but whole\"}";

    private static Service service;
    private static People people;

    @BeforeAll
    static void start() {
        service = Service.on(DATABASE, configuration -> ((ObjectNode) configuration.at("/server"))
                .put("minThreads", THREADS)
                .put("maxThreads", THREADS));
        people = new People(DATABASE);
        people.person("bob");
    }

    @AfterAll
    static void stop() {
        people.close();
        service.close();
    }

    @Test
    void othersAreServedAndTheSlowOnesToo() {
        var token = people.token("alice");
        var stalled = new ArrayList<RawHttp>();
        try {
            for (int i = 0; i < 5 * THREADS; i++) {
                stalled.add(stalled(head(token, "/api/v1/message/", "Content-Length: " + BODY.length()), "{\"re"));
                stalled.add(stalled(head(token, "/api/v1/message/", "Transfer-Encoding: chunked"), "3\r\n{\"r"));
                stalled.add(stalled(head(token, "/api/v1/session/", "Content-Length: 300000"), "x".repeat(200_000)));
            }

            service.api().as(token).send("bob", "quick").expect(201);
            service.api().as(token).get("/api/v1/message/?target=bob").expect(200);

            stalled.get(0).write(RawHttp.bytes(BODY.substring(4)));
            var slow = stalled.get(0).read().expect(201);
            assertThat(slow.at("/body").textValue()).isEqualTo("slow, but whole");
            stalled.get(1)
                    .write(RawHttp.bytes("\r\n" + Integer.toHexString(BODY.length() - 3) + "\r\n" + BODY.substring(3)
                            + "\r\n0\r\n\r\n"));
            stalled.get(1).read().expect(201);
            stalled.get(2).write(RawHttp.bytes("x".repeat(100_000)));
            stalled.get(2).read().expect(413);
        } finally {
            stalled.forEach(RawHttp::close);
        }
    }

    @Test
    void aBodyMayComeByteByByte() {
        var text = "x\u00e4\u6f22\uD83D\uDE00".repeat(100);
        var body = ("{\"recipient\": \"bob\", \"body\": \"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
        try (var raw = stalled(head(people.token("carol"), "/api/v1/message/", "Content-Length: " + body.length), "")) {
            for (byte one : body) {
                raw.write(new byte[] {one});
            }
            assertThat(raw.read().expect(201).at("/body").textValue()).isEqualTo(text);
        }
    }

    @Test
    void whatFollowsABodyIsTheNextRequest() {
        var head = head(people.token("dave"), "/api/v1/message/", "Content-Length: " + BODY.length());
        try (var raw = new RawHttp(service.port())) {
            var one = RawHttp.bytes(head + BODY);
            for (int i = 0; i < 3; i++) {
                raw.write(one); // without waiting for an answer
            }
            var ids = new ArrayList<Long>();
            for (int i = 0; i < 3; i++) {
                ids.add(raw.read().expect(201).at("/id").longValue());
            }
            assertThat(ids).doesNotHaveDuplicates().isSorted();
        }
    }

    /** A client that has several requests to make would otherwise send the next one into the void. */
    @ParameterizedTest
    @CsvSource({
        "/api/v1/message/, application/json, 401",
        "/api/v1/user/, application/json, 405",
        "/api/v1/nothing/, application/json, 404",
        "/api/v1/message/, text/plain, 415",
        "/api/v1/session/, nonsense, 415"
    })
    void aRefusalLeavesTheConnectionToTheNextRequestHoweverLateTheBodyComes(String path, String type, int status) {
        try (var raw = new RawHttp(service.port())) {
            for (int i = 0; i < 3; i++) {
                raw.write(RawHttp.bytes("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + BODY.length() + "\r\n\r\n"));
                service.api().get("/api/v1/user/").expect(401); // meanwhile, somebody else
                raw.write(RawHttp.bytes(BODY));
                raw.read().expect(status);
            }
        }
    }

    private static RawHttp stalled(String head, String beginning) {
        var raw = new RawHttp(service.port());
        raw.write(RawHttp.bytes(head + beginning));
        return raw;
    }

    private static String head(String token, String path, String length) {
        return String.join(
                "\r\n",
                List.of(
                        "POST " + path + " HTTP/1.1",
                        "Host: 127.0.0.1",
                        "Authorization: Bearer " + token,
                        "Content-Type: application/json",
                        length,
                        "",
                        ""));
    }
}

package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import io.messagecenter.mysql.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that cannot be read: the client's fault, and told so, on both ways into the API. */
@Timeout(60)
class UnreadableBodyTest {
    private static final TestDatabase DATABASE = new TestDatabase("jdbc:h2:mem:unreadable", "sa", "");

    private static Service service;
    private static People people;

    @BeforeAll
    static void start() {
        service =
                Service.on(DATABASE, configuration -> ((ObjectNode) configuration.at("/server/applicationConnectors/0"))
                        .put("idleTimeout", "500 milliseconds"));
        people = new People(DATABASE);
        people.person("bob");
    }

    @AfterAll
    static void stop() {
        people.close();
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/message/", "/api/v1/session/"})
    void aBodyThatIsNotCompressedAsItClaimsIsRefused(String path) {
        var answer = service.api()
                .as(people.token("alice"))
                .call("POST", path, BodyPublishers.ofString("recipient=bob&body=x"), request -> request.header(
                                "Content-Type", "application/x-www-form-urlencoded")
                        .header("Content-Encoding", "gzip"));

        answer.expect(400);
        assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/message/", "/api/v1/session/"})
    void aBodyThatStallsIsRefusedAsLate(String path) {
        var head = "POST " + path + " HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer " + people.token("carol")
                + "\nContent-Type: application/json\nContent-Length: 50";

        var answer = RawHttp.exchange(service.port(), head, RawHttp.bytes("{\"re"));

        answer.expect(408);
        assertThat(answer.at("/detail").textValue()).isEqualTo("The rest of the request did not come in time.");
    }

    @Test
    void ofTwoSessionCookiesTheLastCountsOnBothWaysIn() {
        var cookies = "sessionid=old; sessionid=" + people.token("dave");
        var name = people.person("erin").name().value();

        var read = service.api()
                .call("GET", "/api/v1/user/", BodyPublishers.noBody(), request -> request.header("Cookie", cookies));
        var sent = service.api()
                .call(
                        "POST",
                        "/api/v1/message/",
                        BodyPublishers.ofString("{\"recipient\": \"" + name + "\", \"body\": \"x\"}"),
                        request -> request.header("Content-Type", "application/json")
                                .header("Cookie", cookies));

        assertThat(read.status()).isEqualTo(200);
        assertThat(sent.status()).isEqualTo(201);
    }

    @Test
    void beforeAPlacePastTheEndIsTheNewest() {
        var me = service.api().as(people.token("frank"));
        for (int i = 1; i <= 6; i++) {
            me.send("frank", "m" + i).expect(201);
        }
        for (var before : new String[] {"7", "8", "100", "9007199254740991"}) {
            var page = me.get("/api/v1/message/?target=frank&limit=2&before=" + before)
                    .expect(200);
            assertThat(page.at("/results/0/body").textValue()).isEqualTo("m6");
            assertThat(page.at("/results/1/body").textValue()).isEqualTo("m5");
            assertThat(page.at("/results")).hasSize(2);
        }
    }
}

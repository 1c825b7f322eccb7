package io.messagecenter.app.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.messagecenter.app.support.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HostApplicationTest {
    private static final DropwizardTestSupport<HostApplication.HostConfiguration> HOST = new DropwizardTestSupport<>(
            HostApplication.class,
            null,
            ConfigOverride.config("server.applicationConnectors[0].port", "0"),
            ConfigOverride.config("server.applicationConnectors[0].bindHost", "127.0.0.1"),
            ConfigOverride.config("server.adminConnectors[0].port", "0"),
            ConfigOverride.config("server.adminConnectors[0].bindHost", "127.0.0.1"));

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        HOST.before();
    }

    @AfterAll
    static void stop() {
        Service.end(HOST);
    }

    @Test
    void theHostKeepsItsResourcesItsJsonAndItsErrors() throws Exception {
        assertThat(get("/greeting").body()).isEqualTo("{\"whomIGreet\":\"everyone\"}");
        assertThat(get("/greeting/broken").statusCode()).isEqualTo(418);
        assertThat(get("/greeting/broken").body()).isEqualTo("host: the host's own");
    }

    @Test
    void theMessageCenterAnswersBesideIt() throws Exception {
        var refused = get("/api/v1/user/");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(get("/ws").statusCode()).isEqualTo(401);
    }

    @Test
    void theHostsOwnCodeUsesTheSameMessageCenter() throws Exception {
        HostApplication application = HOST.getApplication();
        var center = application.messageCenter();
        var carol = center.accounts().register("carol");
        var sent = center.send(carol, "carol", "a note").join();
        var token = center.sessions().start(carol, "test").token();

        var answer = client.send(
                request("/api/v1/message/" + sent.message().id() + "/")
                        .header("Authorization", "Bearer " + token.value())
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"body\":\"a note\"");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + HOST.getLocalPort() + path));
    }
}

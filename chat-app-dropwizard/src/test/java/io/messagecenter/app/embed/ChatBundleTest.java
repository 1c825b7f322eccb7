package io.messagecenter.app.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import io.messagecenter.app.ChatBundle;
import io.messagecenter.app.config.ChatConfiguration;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application of its own kind, with the message center in it: neither changes how the other behaves. */
@Timeout(60)
class ChatBundleTest {
    public static final class HostConfiguration extends Configuration {
        @Valid @NotNull @JsonProperty
        private ChatConfiguration messages = new ChatConfiguration();

        ChatConfiguration messages() {
            return messages;
        }
    }

    private static final Set<String> OUT_OF_REACH = ConcurrentHashMap.newKeySet();

    public static final class Host extends Application<HostConfiguration> {
        final ChatBundle<HostConfiguration> chat = new ChatBundle<>(HostConfiguration::messages)
                .policy((sender, recipient) ->
                        !OUT_OF_REACH.contains(recipient.name().value()));

        @Override
        public void initialize(Bootstrap<HostConfiguration> bootstrap) {
            bootstrap.addBundle(chat);
        }

        @Override
        public void run(HostConfiguration configuration, Environment environment) {
            environment.getObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE);
            environment.jersey().register(new Echo());
        }
    }

    public record Said(String whatIsSaid, Optional<String> toWhom) {}

    @Path("/echo")
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    public static final class Echo {
        @POST
        public Said echo(Said said) {
            return said;
        }

        @GET
        @Path("/broken")
        public Said broken() {
            throw new IllegalStateException("a secret of the host");
        }
    }

    private static DropwizardTestSupport<HostConfiguration> host;
    private static Host application;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        var configuration = Service.configuration();
        configuration.remove("storage");
        configuration.remove("notifier");
        configuration.remove("limits");
        configuration.putObject("messages").put("messagesToLoad", 2);
        host = new DropwizardTestSupport<>(
                Host.class, Service.file(configuration).toString());
        host.before();
        application = host.getApplication();
        api = new Api(URI.create("http://127.0.0.1:" + host.getLocalPort()), Optional.empty());
    }

    @AfterAll
    static void stop() {
        Service.end(host);
        var center = application.chat.messageCenter();
        var person = center.accounts().register("late");
        assertThat(center.send(person, "late", "after the end")).isCompletedExceptionally();
    }

    private static Api as(String name) {
        var center = application.chat.messageCenter();
        var person = center.accounts().register(name);
        return api.as(center.sessions().start(person, "test").token().value());
    }

    @Test
    void theHostsJsonIsItsOwn() {
        var answer = api.post("/echo", "{\"WhatIsSaid\": \"hello\", \"ToWhom\": null}")
                .expect(200);
        assertThat(answer.text()).isEqualTo("{\"WhatIsSaid\":\"hello\",\"ToWhom\":null}");
    }

    @Test
    void theHostsErrorsAreItsOwn() {
        var refused = api.post("/echo", "{").expect(400);
        assertThat(refused.header("Content-Type")).contains("application/json");
        assertThat(refused.json().get("code").asInt()).isEqualTo(400);
        assertThat(api.get("/echo/broken").expect(500).header("Content-Type")).contains("application/json");
        assertThat(api.get("/nothing").expect(404).header("Content-Type")).contains("application/json");
        api.post("/echo", "text/plain", "x").expect(415);
        assertThat(api.get("/echo").expect(405).header("Content-Type").orElse(""))
                .doesNotContain("problem");
    }

    @Test
    void theHostTakesRequestsAsLargeAsItLikes() {
        var text = "x".repeat(200_000);
        var said = Json.object().put("WhatIsSaid", text).put("ToWhom", "you");
        assertThat(api.post("/echo", said.toString()).expect(200).json()).isEqualTo(said);
    }

    @Test
    void whatJettyRefusesIsTheHostsToAnswer() {
        var answer = RawHttp.exchange(
                host.getLocalPort(), "GET /api/v1//user/ HTTP/1.1\nHost: localhost\nConnection: close");
        assertThat(answer.expect(400).header("Content-Type").orElseThrow()).startsWith("text/html");
    }

    @Test
    void theHostsHeadersAreItsOwn() {
        for (var path : List.of("/echo", "/echo/broken", "/nothing", "/")) {
            var answer = api.get(path);
            for (var name : List.of("Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options")) {
                assertThat(answer.header(name)).as(path + " " + name).isEmpty();
            }
        }
        assertThat(api.get("/api/v1/account/").header("X-Content-Type-Options")).contains("nosniff");
        assertThat(api.get("/ws").header("X-Content-Type-Options")).contains("nosniff");
        assertThat(api.get("/docs/").expect(200).header("X-Content-Type-Options"))
                .contains("nosniff");
        api.call("POST", "/echo", BodyPublishers.ofString("{}"), request -> request.header(
                                "Content-Type", "application/json")
                        .header("Sec-Fetch-Site", "cross-site"))
                .expect(200);
    }

    @Test
    void aHostThatAsksForThePageMovesItsOwnResourcesOutOfTheWay() throws Exception {
        var configuration = Service.configuration();
        configuration.remove("storage");
        configuration.remove("notifier");
        configuration.remove("limits");
        configuration.putObject("messages").put("page", true);
        configuration.withObject("/server").put("rootPath", "/host/*");
        var other = new DropwizardTestSupport<>(
                Host.class, Service.file(configuration).toString());
        other.before();
        try {
            var there = new Api(URI.create("http://127.0.0.1:" + other.getLocalPort()), Optional.empty());
            assertThat(there.get("/").expect(200).text()).contains("<title>A page for tests</title>");
            assertThat(there.get("/c/alice").expect(200).header("Content-Security-Policy"))
                    .isPresent();
            assertThat(there.post("/host/echo", "{\"WhatIsSaid\": \"hello\", \"ToWhom\": null}")
                            .expect(200)
                            .text())
                    .contains("WhatIsSaid");
            there.get("/api/v1/user/").expectNotSignedIn();
        } finally {
            Service.end(other);
        }
    }

    @Test
    void theMessageCentersJsonAndErrorsAreItsOwn() {
        var alice = as("alice");
        as("bob");
        var message = alice.send("bob", "hello").expect(201).json();
        assertThat(message.get("client_id").isNull()).isTrue();
        assertThat(message.get("reply_to").isNull()).isTrue();
        api.get("/api/v1/user/").expectNotSignedIn();
        alice.post("/api/v1/message/", "{").expectMalformed("JSON parse error");
        alice.get("/api/v1/nothing").expectNotFound();
        alice.get("/echo").expect(405);
    }

    @Test
    void theHostsConfigurationHoldsThatOfTheMessageCenter() {
        var me = as("pages");
        for (int i = 0; i < 3; i++) {
            me.send("pages", "m" + i).expect(201);
        }
        assertThat(me.get("/api/v1/message/").json().get("results")).hasSize(2);
    }

    @Test
    void theHostSaysWhoMayWriteToWhom() {
        as("vip");
        var someone = as("someone");
        var before = "/api/v1/message/"
                + someone.send("vip", "hello").expect(201).json().get("id").asText();

        OUT_OF_REACH.add("vip");

        someone.send("vip", "hello").expectProblem(403, "forbidden", "You may not write to this user.");
        someone.call("PATCH", before, "{\"body\": \"hello again\"}")
                .expectProblem(403, "forbidden", "You may not write to this user.");
        assertThat(someone.get(before).expect(200).json().get("body").asText()).isEqualTo("hello");
        someone.delete(before).expect(204);
    }

    @Test
    void theHostsAdminPortHasHealthAndMetrics() {
        var admin = new Api(URI.create("http://127.0.0.1:" + host.getAdminPort()), Optional.empty());
        assertThat(admin.get("/healthcheck").expect(200).at("/database/healthy").asBoolean())
                .isTrue();
        assertThat(admin.get("/metrics").expect(200).text()).contains("chat_messages_sent_total");
    }

    @Test
    void beforeItHasRunABundleHasNoMessageCenter() {
        assertThatThrownBy(() -> new Host().chat.messageCenter()).isInstanceOf(IllegalStateException.class);
    }
}

package io.messagecenter.app.readme;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.messagecenter.app.ChatBundle;
import io.messagecenter.app.config.ChatConfiguration;
import io.messagecenter.domain.MessageCenter;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Somebody else's application, with a resource, an error and JSON of its own, that adds chat. */
public class HostApplication extends Application<HostApplication.HostConfiguration> {
    public static class HostConfiguration extends Configuration {
        @Valid @NotNull @JsonProperty
        private ChatConfiguration chat = new ChatConfiguration();

        public ChatConfiguration getChat() {
            return chat;
        }
    }

    @Override
    public void initialize(Bootstrap<HostConfiguration> bootstrap) {
        bootstrap.addBundle(chat);
    }

    private final ChatBundle<HostConfiguration> chat = new ChatBundle<>(HostConfiguration::getChat);

    @Override
    public void run(HostConfiguration configuration, Environment environment) {
        environment.jersey().register(new Greeting());
        environment.jersey().register(new Grumble());
    }

    MessageCenter messageCenter() {
        return chat.messageCenter();
    }

    /** What the host's JSON looks like: names as they are in Java. */
    public record Greeted(String whomIGreet) {}

    @Path("/greeting")
    @Produces(MediaType.APPLICATION_JSON)
    public static final class Greeting {
        @GET
        public Greeted greet() {
            return new Greeted("everyone");
        }

        @GET
        @Path("/broken")
        public Greeted fail() {
            throw new IllegalStateException("the host's own");
        }
    }

    public static final class Grumble implements ExceptionMapper<IllegalStateException> {
        @Override
        public Response toResponse(IllegalStateException failure) {
            return Response.status(418).entity("host: " + failure.getMessage()).build();
        }
    }
}

package io.messagecenter.app.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.core.Application;
import io.dropwizard.testing.DropwizardTestSupport;
import io.messagecenter.app.ChatBundle;
import io.messagecenter.app.MessageCenterApplication;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.auth.Argon2PasswordHasher;
import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** The service in this JVM, on free ports of 127.0.0.1, with a configuration of its own. */
public final class Service implements AutoCloseable {
    private final DropwizardTestSupport<MessageCenterConfiguration> support;
    private final Path configuration;

    private Service(Path configuration, Supplier<MessageCenterApplication> make) {
        this.configuration = configuration;
        this.support = new DropwizardTestSupport<>(MessageCenterApplication.class, configuration.toString()) {
            @Override
            public Application<MessageCenterConfiguration> newApplication() {
                return make.get();
            }
        };
    }

    /** Passwords cost next to nothing: or the tests would do hardly anything but hash. */
    private static MessageCenterApplication cheap() {
        return new MessageCenterApplication(new ChatBundle<>(MessageCenterConfiguration::chat)
                .passwordHasher(new Argon2PasswordHasher(new Argon2PasswordHasher.Cost(64, 1, 1))));
    }

    /** On a database. */
    public static Service on(TestDatabase database) {
        return on(database, configuration -> {});
    }

    /** On a database, with some values otherwise. */
    public static Service on(TestDatabase database, Consumer<ObjectNode> changes) {
        return of(configuration(database), changes, Service::cheap);
    }

    /** On a database, with some values otherwise, and passwords that cost what the configuration says. */
    public static Service withPasswordCost(TestDatabase database, Consumer<ObjectNode> changes) {
        return of(configuration(database), changes, MessageCenterApplication::new);
    }

    /** On a database, behind a proxy that says how it was called. */
    public static Service behindProxy(TestDatabase database) {
        return on(database, configuration -> ((ObjectNode) configuration.at("/server/applicationConnectors/0"))
                .put("useForwardedHeaders", true));
    }

    /** With nothing that outlives it. */
    public static Service inMemory() {
        return inMemory(configuration -> {});
    }

    /** With nothing that outlives it, and some values otherwise. */
    public static Service inMemory(Consumer<ObjectNode> changes) {
        return of(configuration(), changes, Service::cheap);
    }

    private static Service of(
            ObjectNode configuration, Consumer<ObjectNode> changes, Supplier<MessageCenterApplication> make) {
        changes.accept(configuration);
        var service = new Service(file(configuration), make);
        try {
            service.support.before();
        } catch (Exception e) {
            service.close();
            throw new IllegalStateException("The service does not start", e);
        }
        return service;
    }

    /** The configuration of a service on a database, on free ports. JSON is YAML, too. */
    public static ObjectNode configuration(TestDatabase database) {
        var configuration = configuration();
        var storage = configuration.putObject("storage").put("type", "mysql").put("migrate", true);
        storage.putObject("database")
                .put("url", database.url())
                .put("user", database.user())
                .put("password", database.password());
        return configuration;
    }

    /** The configuration of a service in memory, on free ports. */
    public static ObjectNode configuration() {
        var configuration = Json.object();
        configuration.putObject("storage").put("type", "in-memory");
        configuration.putObject("notifier").put("type", "in-memory");
        configuration.putObject("limits").put("enabled", false); // tests do more than anybody would
        var server = configuration.putObject("server").put("shutdownGracePeriod", "3 seconds");
        server.putArray("applicationConnectors").add(connector());
        server.putArray("adminConnectors").add(connector());
        server.putObject("requestLog").putArray("appenders");
        var logging = configuration.putObject("logging").put("level", "WARN");
        logging.putArray("appenders").addObject().put("type", "console");
        return configuration;
    }

    private static ObjectNode connector() {
        return Json.object().put("type", "http").put("bindHost", "127.0.0.1").put("port", 0);
    }

    /** Writes a configuration to a file of its own, which goes with this JVM. */
    public static Path file(ObjectNode configuration) {
        try {
            var file = Files.createTempFile("message-center-", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, configuration.toPrettyString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What paths the service answers at all, as the server has it, but for the admin port's. */
    public List<String> servletMappings() {
        return Stream.of(support.getEnvironment()
                        .getApplicationContext()
                        .getServletHandler()
                        .getServletMappings())
                .flatMap(mapping -> Stream.of(mapping.getPathSpecs()))
                .toList();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int port() {
        return support.getLocalPort();
    }

    /** A client that is not signed in. */
    public Api api() {
        return new Api(base(), Optional.empty());
    }

    /** A client of the admin port. */
    public Api admin() {
        return new Api(URI.create("http://127.0.0.1:" + support.getAdminPort()), Optional.empty());
    }

    /** Ends one that a test has started. Dropwizard then has everything logged that there is; nobody else is to pay for that. */
    public static void end(DropwizardTestSupport<?> support) {
        support.after();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    }

    @Override
    public void close() {
        end(support);
        try {
            Files.deleteIfExists(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

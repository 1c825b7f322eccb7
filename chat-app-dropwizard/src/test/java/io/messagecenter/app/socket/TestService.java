package io.messagecenter.app.socket;

import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import io.messagecenter.app.ChatBundle;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Service;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** The service in this JVM, on a free port of 127.0.0.1, with everything in memory. */
final class TestService implements AutoCloseable {
    /** Long enough for a busy machine; what waits so long has failed. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    static final String ALLOWED_ORIGIN = "https://Chat.Example";

    private static final int AT_ONCE = 400;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final class Shared {
        /** Jetty stops it when the JVM ends. */
        private static final TestService SERVICE = start("allowedOrigins: [\"" + ALLOWED_ORIGIN + "\"]");
    }

    private final DropwizardTestSupport<MessageCenterConfiguration> support;
    private final HttpClient http = HttpClient.newHttpClient();

    private TestService(DropwizardTestSupport<MessageCenterConfiguration> support) {
        this.support = support;
    }

    /** Somebody with an account of their own, signed in once. */
    record User(Person person, String token) {
        String name() {
            return person.name().value();
        }
    }

    /** The bundle in an application that does nothing else. */
    public static final class Host extends Application<MessageCenterConfiguration> {
        private final ChatBundle<MessageCenterConfiguration> chat =
                new ChatBundle<MessageCenterConfiguration>(MessageCenterConfiguration::chat).policy(Host::mayWrite);

        /** Nobody may write to a name that ends in "-hermit"; asking about "-broken" fails. */
        private static boolean mayWrite(Person sender, Person recipient) {
            if (recipient.name().value().endsWith("-broken")) {
                throw new IllegalStateException("The policy is out of order");
            }
            return !recipient.name().value().endsWith("-hermit");
        }

        @Override
        public void initialize(Bootstrap<MessageCenterConfiguration> bootstrap) {
            bootstrap.addBundle(chat);
        }

        @Override
        public void run(MessageCenterConfiguration configuration, Environment environment) {
            // The bundle is all there is.
        }
    }

    /** One with ordinary settings, for all tests that neither need others nor stop it. */
    static TestService shared() {
        return Shared.SERVICE;
    }

    /** @param webSocket settings, as YAML in one line */
    static TestService start(String webSocket) {
        return start(webSocket, "enabled: false");
    }

    /** @param limits settings, as YAML in one line, too */
    static TestService start(String webSocket, String limits) {
        return start(webSocket, limits, "200ms", "");
    }

    /**
     * With more settings, as YAML in one line.
     *
     * @param grace how long people count as online after their last connection
     */
    static TestService start(String webSocket, String limits, String grace, String retention) {
        var yaml =
                """
                storage: {type: in-memory}
                notifier: {type: in-memory, presenceGrace: %s}
                webSocket: {%s}
                limits: {%s}
                retention: {%s}
                server:
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                  requestLog: {appenders: []}
                  shutdownGracePeriod: 3 seconds
                logging: {level: WARN}
                """
                        .formatted(grace, webSocket, limits, retention);
        try {
            var file = Files.createTempFile("message-center-", ".yml");
            file.toFile().deleteOnExit();
            Files.writeString(file, yaml);
            return start(file);
        } catch (Exception e) {
            throw new IllegalStateException("The service does not start", e);
        }
    }

    private static TestService start(Path configuration) throws Exception {
        var support = new DropwizardTestSupport<>(Host.class, configuration.toString());
        support.before();
        return new TestService(support);
    }

    @Override
    public void close() {
        Service.end(support);
    }

    int port() {
        return support.getLocalPort();
    }

    MessageCenter center() {
        Host host = support.getApplication();
        return host.chat.messageCenter();
    }

    /** How many are open on the original's channel, as the metrics say. */
    int sockets() {
        var metrics = new Api(URI.create("http://127.0.0.1:" + support.getAdminPort()), Optional.empty())
                .get("/metrics")
                .text();
        var line = metrics.lines()
                .filter(one -> one.startsWith("chat_sockets{protocol=\"original\"} "))
                .findFirst();
        return (int) Double.parseDouble(line.orElseThrow().split(" ")[1]);
    }

    /** Somebody new, whose name nobody else has. */
    User user(String name) {
        var person = center().accounts().register(name + COUNT.incrementAndGet());
        return signIn(person);
    }

    /** Somebody new whose name ends like this. */
    User userEnding(String end) {
        return signIn(center().accounts().register("user" + COUNT.incrementAndGet() + end));
    }

    /** In one more session. */
    User signIn(Person person) {
        return new User(
                person, center().sessions().start(person, "test").token().value());
    }

    URI address() {
        return URI.create("ws://127.0.0.1:" + port() + "/ws");
    }

    /** On the original's channel. */
    ChatClient original(User user) {
        return following(user, ChatClient.original(address(), user.token()));
    }

    /** Speaks message-center.v1; the hello is still to come. */
    ChatClient v1(User user) {
        return ChatClient.v1(address(), user.token());
    }

    /** Speaks message-center.v1, and has read the hello. */
    ChatClient greeted(User user) {
        var client = v1(user);
        client.next("hello");
        return client;
    }

    ChatClient resume(User user, long after) {
        return ChatClient.v1(URI.create(address() + "?after=" + after), user.token());
    }

    /** Nothing comes first on the original's channel, so a note to oneself shows when it is live. */
    private ChatClient following(User user, ChatClient client) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (client.poll(Duration.ofMillis(50)).isEmpty()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("The channel never came to life");
            }
            send(user, user, "live?");
        }
        client.skipUntil(notification(send(user, user, "live")));
        return client;
    }

    static String notification(Message message) {
        return "{\"message\": \"" + message.id() + "\"}";
    }

    /** Sends texts by their number, as many at once as may wait; returns once all are stored. */
    void sendMany(User from, User to, int count, IntFunction<String> text) {
        var sends = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < count; i++) {
            sends.add(center().send(from.person(), to.name(), text.apply(i)));
            if (sends.size() == AT_ONCE || i == count - 1) {
                CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).join();
                sends.clear();
            }
        }
    }

    Message send(User from, User to, String body) {
        try {
            return center().send(from.person(), to.name(), body)
                    .get(20, TimeUnit.SECONDS)
                    .message();
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where somebody's feed stands. */
    long head(User user) {
        return messages(user).size();
    }

    /** The ids of somebody's messages in the order of their feed. */
    List<Long> feed(User user) {
        return messages(user).stream().map(message -> message.id().value()).toList();
    }

    /** Somebody's messages in the order of their feed; also after the stop. */
    List<Message> messages(User user) {
        var messages = new ArrayList<Message>();
        var page = center().feeds().read(user.person(), FeedSeq.ZERO, 1_000);
        while (!page.events().isEmpty()) {
            page.events().forEach(event -> messages.add(((MessageSent) event).message()));
            page = center().feeds().read(user.person(), page.last(), 1_000);
        }
        return messages;
    }

    HttpResponse<String> get(String path, User user) {
        return call("GET", path, user, "");
    }

    HttpResponse<String> call(String method, String path, User user, String body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + user.token())
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

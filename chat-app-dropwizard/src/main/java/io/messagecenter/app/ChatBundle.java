package io.messagecenter.app;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.messagecenter.app.api.ApiServlet;
import io.messagecenter.app.api.ApiThreads;
import io.messagecenter.app.api.WholeBodies;
import io.messagecenter.app.auth.Argon2PasswordHasher;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.HashingExecutor;
import io.messagecenter.app.auth.ListedPasswords;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.app.config.ChatConfiguration;
import io.messagecenter.app.config.NotifierFactory;
import io.messagecenter.app.docs.DocsServlet;
import io.messagecenter.app.edge.ClientAddresses;
import io.messagecenter.app.edge.Origins;
import io.messagecenter.app.edge.SecurityHeaders;
import io.messagecenter.app.edge.UnknownMethods;
import io.messagecenter.app.json.ChatJson;
import io.messagecenter.app.json.FrameWriter;
import io.messagecenter.app.json.MessageWriter;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.app.operate.DatabaseHealthCheck;
import io.messagecenter.app.operate.Gauges;
import io.messagecenter.app.operate.PrometheusTelemetry;
import io.messagecenter.app.operate.PurgeExpired;
import io.messagecenter.app.operate.QueueHealthCheck;
import io.messagecenter.app.operate.ReadyAndStop;
import io.messagecenter.app.page.PageServlet;
import io.messagecenter.app.socket.SocketServlet;
import io.messagecenter.app.socket.SocketSettings;
import io.messagecenter.app.socket.Sockets;
import io.messagecenter.app.webhook.HttpWebhookSender;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.commit.GroupCommit;
import io.messagecenter.domain.retention.Retention;
import io.messagecenter.domain.send.MessagePolicy;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.webhook.Webhook;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Function;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;

/**
 * Adds the message center to a Dropwizard application: REST under {@code /api/v1}, the WebSocket at {@code /ws}, what
 * describes both under {@code /docs/}, health checks, {@code /metrics} on the admin port, and, where it is asked for, the
 * page at {@code /}. It leaves the application's own resources, JSON and errors alone.
 *
 * @param <T> the application's configuration, which holds a {@link ChatConfiguration}
 */
public final class ChatBundle<T extends Configuration> implements ConfiguredBundle<T> {
    private static final String API = "/api/v1/*";
    private static final String WEB_SOCKET = "/ws";
    private static final String DOCS = "/docs/*";
    private static final String PAGE = "/*";
    private static final int ANSWERING_THREADS = 16;
    private static final int EXPORTS_AT_ONCE = 4;

    private final Function<T, ChatConfiguration> configuration;
    private final List<Webhook> webhooks = new ArrayList<>();
    private MessagePolicy policy = MessagePolicy.OPEN;
    private Optional<PasswordHasher> passwordHasher = Optional.empty();
    private Optional<MessageCenter> center = Optional.empty();

    /**
     * To be added to a bootstrap.
     *
     * @param configuration where the application keeps the configuration of the message center
     */
    public ChatBundle(Function<T, ChatConfiguration> configuration) {
        this.configuration = configuration;
    }

    /** Says who may write to whom; everyone to everyone by default. Before the application runs. */
    public ChatBundle<T> policy(MessagePolicy value) {
        policy = value;
        return this;
    }

    /**
     * Hashes passwords otherwise than by Argon2id, as {@code passwordHash} in the configuration has it. It has to verify what
     * is stored already, also what was imported: {@link Argon2PasswordHasher} can. Before the application runs.
     */
    public ChatBundle<T> passwordHasher(PasswordHasher value) {
        passwordHasher = Optional.of(value);
        return this;
    }

    /** Tells code of the application's own what happens, beside those webhooks that are configured. Before it runs. */
    public ChatBundle<T> webhook(Webhook value) {
        webhooks.add(value);
        return this;
    }

    /**
     * The message center, for the application's own use. It is closed with the application.
     *
     * @throws IllegalStateException before the bundle has run
     */
    public MessageCenter messageCenter() {
        return center.orElseThrow(() -> new IllegalStateException("The bundle has not run yet"));
    }

    @Override
    public void run(T applicationConfiguration, Environment environment) {
        var config = configuration.apply(applicationConfiguration);
        var registry = new PrometheusRegistry();
        var telemetry = new PrometheusTelemetry(registry);
        var connection = config.notifier().build(telemetry);
        var chat = build(config, environment, connection, telemetry);
        center = Optional.of(chat);
        new Wiring(config, environment, chat, connection.counts(), registry).wire();
    }

    /** What passwords are hashed by. */
    PasswordHasher hasher(ChatConfiguration config) {
        return passwordHasher.orElseGet(
                () -> new Argon2PasswordHasher(config.passwordHash().cost()));
    }

    private MessageCenter build(
            ChatConfiguration config,
            Environment environment,
            NotifierFactory.Connection connection,
            Telemetry telemetry) {
        connection.health().forEach(environment.healthChecks()::register);
        var builder = MessageCenter.builder()
                .storage(config.storage().build(environment.metrics(), telemetry))
                .notifier(connection.notifier())
                .presence(connection.presence())
                .policy(policy)
                .passwordHasher(hasher(config))
                .commonPasswords(ListedPasswords.load())
                .mailer(config.mail().build())
                .resetPage(config.passwordResetPage())
                .telemetry(telemetry)
                .groupCommit(new GroupCommit.Limits(
                        config.groupCommit().batch(), config.groupCommit().queue()))
                .maxBody(config.maxBody())
                .heartbeat(config.heartbeat().toJavaDuration())
                .sessionLimits(new Sessions.Limits(
                        config.sessions().idle().toJavaDuration(),
                        config.sessions().absolute().toJavaDuration(),
                        config.sessions().most()))
                .retention(new Retention.Limits(
                        config.retention().feed().toJavaDuration(),
                        config.retention().messages().map(io.dropwizard.util.Duration::toJavaDuration)));
        webhooks.forEach(builder::webhook);
        if (!config.webhooks().isEmpty()) {
            var http = HttpWebhookSender.client();
            config.webhooks().forEach(webhook -> builder.webhook(webhook.build(http)));
        }
        return builder.build();
    }

    /** Hangs a message center into an environment. */
    private record Wiring(
            ChatConfiguration config,
            Environment environment,
            MessageCenter chat,
            Optional<NotifierFactory.CloseableCounts> counts,
            PrometheusRegistry registry) {

        void wire() {
            var sessions = new SessionAuthenticator(chat.sessions(), Clock.systemUTC());
            var authentication = config.auth().build(chat, sessions);
            var messages = new MessageWriter();
            var origins = new Origins(config.webSocket().allowedOrigins());
            var limits = config.limits().build(counts.map(one -> one));
            var sockets = sockets(authentication, messages, limits);
            // Managed things stop in the reverse order, so the message center outlives whatever uses it.
            environment.lifecycle().manage(new Managed() {
                @Override
                public void stop() {
                    chat.close();
                    counts.ifPresent(NotifierFactory.CloseableCounts::close);
                }
            });
            var hashing = new HashingExecutor(config.hashesAtOnce());
            environment.lifecycle().manage(hashing);
            api(authentication, sessions, origins, limits, messages, hashing);
            webSocket(sockets, authentication, origins);
            housekeeping(sockets, limits);
            operate(sockets, hashing);
        }

        private Sockets sockets(Authentication authentication, MessageWriter messages, Limits limits) {
            var webSocket = config.webSocket();
            return new Sockets(
                    chat,
                    authentication,
                    new FrameWriter(ChatJson.mapper(), messages),
                    new SocketSettings(
                            webSocket.ping().toJavaDuration(),
                            webSocket.slowReader().toJavaDuration(),
                            webSocket.compression()),
                    limits);
        }

        private void api(
                Authentication authentication,
                SessionAuthenticator sessions,
                Origins origins,
                Limits limits,
                MessageWriter messages,
                HashingExecutor hashing) {
            var answering = environment
                    .lifecycle()
                    .executorService("chat-answer")
                    .minThreads(ANSWERING_THREADS)
                    .maxThreads(ANSWERING_THREADS)
                    .shutdownTime(io.dropwizard.util.Duration.seconds(1))
                    .build();
            var exporting = environment
                    .lifecycle()
                    .executorService("chat-export")
                    .minThreads(0)
                    .maxThreads(EXPORTS_AT_ONCE)
                    .workQueue(new SynchronousQueue<>())
                    .shutdownTime(io.dropwizard.util.Duration.milliseconds(100))
                    .build();
            var api = ApiServlet.of(
                    chat,
                    authentication,
                    sessions,
                    origins,
                    limits,
                    new ApiThreads(hashing, answering, exporting),
                    ChatJson.mapper(),
                    messages,
                    config.messagesToLoad(),
                    config.signUp());
            var servlet = environment.servlets().addServlet("chat-api", api);
            servlet.setAsyncSupported(true);
            servlet.setLoadOnStartup(1);
            servlet.addMapping(API);
            var methods = new UnknownMethods();
            methods.includePath(API, WEB_SOCKET, WEB_SOCKET + "/");
            if (config.docs()) {
                methods.includePath(DOCS);
            }
            if (config.page()) {
                methods.includePath(PAGE);
            }
            environment.getApplicationContext().insertHandler(methods);
            var bodies = new WholeBodies();
            bodies.includePath(API);
            environment.getApplicationContext().insertHandler(bodies);
            var headers = SecurityHeaders.ofData();
            headers.includePath(API, WEB_SOCKET, WEB_SOCKET + "/");
            environment.getApplicationContext().insertHandler(headers);
            if (config.docs()) {
                docs();
            }
            if (config.page()) {
                page();
            }
            // Before the headers, which depend on whether the client uses TLS.
            var addresses = new ClientAddresses(config.trustedProxies(), config.forwardedHeader());
            addresses.includePath(API, WEB_SOCKET, WEB_SOCKET + "/");
            if (config.docs()) {
                addresses.includePath(DOCS);
            }
            if (config.page()) {
                addresses.includePath(PAGE);
            }
            environment.getApplicationContext().insertHandler(addresses);
        }

        private void docs() {
            environment
                    .servlets()
                    .addServlet("chat-docs", new DocsServlet(ChatJson.mapper()))
                    .addMapping(DOCS);
            var headers = SecurityHeaders.ofDocuments();
            headers.includePath(DOCS);
            environment.getApplicationContext().insertHandler(headers);
        }

        private void page() {
            environment
                    .servlets()
                    .addServlet("chat-page", PageServlet.of(ChatJson.mapper()))
                    .addMapping(PAGE);
            var headers = SecurityHeaders.ofPage();
            headers.includePath(PAGE);
            headers.excludePath(API, WEB_SOCKET, WEB_SOCKET + "/");
            if (config.docs()) {
                headers.excludePath(DOCS);
            }
            environment.getApplicationContext().insertHandler(headers);
        }

        private void webSocket(Sockets sockets, Authentication authentication, Origins origins) {
            var servlet = new SocketServlet(sockets, authentication, origins, ChatJson.mapper());
            var handler = environment.getApplicationContext();
            JettyWebSocketServletContainerInitializer.configure(
                    handler, (context, container) -> servlet.configure(handler, container));
            environment.servlets().addServlet("chat-socket", servlet).addMapping(WEB_SOCKET, WEB_SOCKET + "/");
        }

        private void housekeeping(Sockets sockets, Limits limits) {
            var scheduler = environment
                    .lifecycle()
                    .scheduledExecutorService("chat-housekeeping", true)
                    .shutdownTime(io.dropwizard.util.Duration.milliseconds(100))
                    .build();
            var rounds = environment
                    .lifecycle()
                    .scheduledExecutorService("chat-rounds", true)
                    .shutdownTime(io.dropwizard.util.Duration.milliseconds(100))
                    .build();
            sockets.start(rounds, scheduler);
            new PurgeExpired("sessions", chat.sessions()::purgeExpired).start(scheduler);
            new PurgeExpired("password resets", chat.passwordReset()::purgeExpired).start(scheduler);
            if (counts.isPresent()) {
                limits.start(environment
                        .lifecycle()
                        .scheduledExecutorService("chat-limits", true)
                        .shutdownTime(io.dropwizard.util.Duration.milliseconds(100))
                        .build());
            }
        }

        private void operate(Sockets sockets, HashingExecutor hashing) {
            environment.healthChecks().register("database", new DatabaseHealthCheck(chat));
            environment.healthChecks().register("send-queue", new QueueHealthCheck(chat.writes()));
            Gauges.register(registry, chat.writes(), chat.searchIndexer(), chat.webhooks(), sockets);
            MetricRegistry metrics = environment.metrics();
            DropwizardExports.builder().dropwizardRegistry(metrics).register(registry);
            environment
                    .admin()
                    .addServlet("prometheus", new PrometheusMetricsServlet(registry))
                    .addMapping("/metrics");
            environment.lifecycle().addServerLifecycleListener(new ReadyAndStop(sockets, hashing));
        }
    }
}

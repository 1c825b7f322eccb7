package io.messagecenter.app.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Somebody who is told by a webhook, over HTTP, and answers as a test wants. Whatever comes is held to openapi.yaml.
 * Thread-safe.
 */
public final class HookReceiver implements AutoCloseable {
    public static final String SECRET = "a secret of 32 characters or more";

    private static final Description OPENAPI = new Description(Description.read("openapi.yaml"), VersionFlag.V202012);
    private static final String SCHEMA = "/webhooks/events/post/requestBody/content/application~1json/schema";

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int port;
    private HttpServer server;
    private volatile Function<Call, Reply> reply = call -> Reply.status(200);

    /** What has come, and whether it was taken. */
    public record Call(Map<String, String> headers, byte[] body, Reply reply) {
        public JsonNode json() {
            return Json.parse(new String(body, StandardCharsets.UTF_8));
        }

        Call answered(Reply value) {
            return new Call(headers, body, value);
        }
    }

    /** An event, and whose. */
    public record Told(String user, JsonNode event) {
        public long seq() {
            return event.get("seq").asLong();
        }
    }

    /** What becomes of a call. */
    public record Reply(int status, Map<String, String> headers, Way way) {
        enum Way {
            ANSWER,
            HANG,
            HANG_AFTER_HEADERS,
            HANG_UP,
            HANG_UP_AFTER_HEADERS,
            ENDLESS
        }

        /** Does not answer. */
        public static final Reply HANG = new Reply(0, Map.of(), Way.HANG);

        /** Answers, and never comes to the end of it. */
        public static final Reply HANG_AFTER_HEADERS = new Reply(200, Map.of(), Way.HANG_AFTER_HEADERS);

        /** Ends the connection. */
        public static final Reply HANG_UP = new Reply(0, Map.of(), Way.HANG_UP);

        /** Answers, and ends the connection before it comes to the end of it. */
        public static Reply brokenOff(int status) {
            return new Reply(status, Map.of(), Way.HANG_UP_AFTER_HEADERS);
        }

        /** Takes it, and talks without end. */
        public static final Reply ENDLESS = new Reply(200, Map.of(), Way.ENDLESS);

        public static Reply status(int status) {
            return new Reply(status, Map.of(), Way.ANSWER);
        }

        public static Reply status(int status, String header, String value) {
            return new Reply(status, Map.of(header, value), Way.ANSWER);
        }
    }

    private HookReceiver(int port) {
        this.server = listen(port);
        this.port = server.getAddress().getPort();
    }

    public static HookReceiver start() {
        return new HookReceiver(0);
    }

    private HttpServer listen(int onPort) {
        try {
            var created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
            created.setExecutor(threads);
            created.createContext("/", this::handle);
            created.start();
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Is gone, for whoever connects. */
    public void goAway() {
        server.stop(0);
    }

    /** Is back at the same address. */
    public void comeBack() {
        server = listen(port);
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/hook?token=in-the-address";
    }

    public void answer(Function<Call, Reply> value) {
        reply = value;
    }

    private void handle(HttpExchange exchange) throws IOException {
        var headers = new LinkedHashMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
        var call = new Call(headers, exchange.getRequestBody().readAllBytes(), Reply.status(0));
        if (!exchange.getRequestMethod().equals("POST")) {
            faults.add(exchange.getRequestMethod());
        }
        OPENAPI.faults(SCHEMA, call.json()).forEach(faults::add);
        var answer = reply.apply(call);
        calls.add(call.answered(answer));
        try {
            answer(exchange, answer);
        } catch (IOException e) {
            exchange.close(); // whoever has asked is gone
        }
    }

    private void answer(HttpExchange exchange, Reply answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        switch (answer.way()) {
            case ANSWER -> {
                exchange.sendResponseHeaders(answer.status(), -1);
                exchange.close();
            }
            case HANG -> awaitClosed();
            case HANG_AFTER_HEADERS -> {
                exchange.sendResponseHeaders(answer.status(), 0);
                exchange.getResponseBody().write('.');
                exchange.getResponseBody().flush();
                awaitClosed();
            }
            case HANG_UP_AFTER_HEADERS -> {
                exchange.sendResponseHeaders(answer.status(), 1_000);
                exchange.getResponseBody().write('.');
                throw new IOException("as wanted");
            }
            case HANG_UP -> throw new IOException("as wanted");
            case ENDLESS -> {
                exchange.sendResponseHeaders(answer.status(), 0);
                while (closed.getCount() > 0) {
                    exchange.getResponseBody().write(new byte[8_192]);
                }
            }
        }
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything that has come, taken or not. */
    public List<Call> calls() {
        assertThat(faults).as("not as openapi.yaml has it").isEmpty();
        return List.copyOf(calls);
    }

    /** The events that were taken, as they came. */
    public List<Told> told() {
        var told = new ArrayList<Told>();
        for (var call : calls()) {
            if (call.reply().status() / 100 == 2) {
                call.json()
                        .get("deliveries")
                        .forEach(one -> told.add(new Told(one.get("user").asText(), one.get("event"))));
            }
        }
        return told;
    }

    /** Those of one user, each as it came first. */
    public List<JsonNode> firstOf(String user) {
        var first = new LinkedHashMap<Long, JsonNode>();
        told().stream()
                .filter(one -> one.user().equals(user))
                .forEach(one -> first.putIfAbsent(one.seq(), one.event()));
        return List.copyOf(first.values());
    }

    /** The ids under which batches have come. */
    public List<String> ids() {
        var ids = new LinkedHashSet<String>();
        calls().forEach(call -> ids.add(call.headers().get("message-center-delivery")));
        return List.copyOf(ids);
    }

    /** Adds a webhook with this receiver to a configuration; repeats come soon. */
    public ObjectNode configure(ObjectNode configuration) {
        return configuration
                .withArray("webhooks")
                .addObject()
                .put("name", "push")
                .put("url", url())
                .put("secret", SECRET)
                .put("timeout", "20s")
                .put("firstRetry", "20ms")
                .put("longestRetry", "100ms")
                .put("sweep", "100ms")
                .put("lease", "6s");
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

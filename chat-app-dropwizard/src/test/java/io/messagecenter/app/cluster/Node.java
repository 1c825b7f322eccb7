package io.messagecenter.app.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.socket.ChatClient;
import io.messagecenter.app.support.ClassArchive;
import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** One process of the packaged service, on a free port of 127.0.0.1; it ends with this JVM at the latest. */
final class Node implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(90);
    private static final Pattern READY = Pattern.compile("Ready: application on port (\\d+)");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "nodes-end"));
    }

    private final Process process;
    private final Path log;
    private int port;

    private Node(Process process, Path log) {
        this.process = process;
        this.log = log;
        RUNNING.add(process);
    }

    /** Starts one, and returns before it is ready: see {@link #awaitReady}. */
    static Node start(TestDatabase database, Map<String, String> environment, String... jvmOptions) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(ClassArchive.options());
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-jar", System.getProperty("service.jar"), "server", "config/mysql-redis.yml"));
        try {
            var log = Files.createTempFile("node-", ".log");
            log.toFile().deleteOnExit();
            var builder = new ProcessBuilder(command)
                    .directory(log.getParent().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("CHAT_"));
            builder.environment()
                    .putAll(Map.of(
                            "CHAT_LIMITS",
                            "false",
                            "CHAT_HOST",
                            "127.0.0.1",
                            "CHAT_PORT",
                            "0",
                            "CHAT_ADMIN_PORT",
                            "0",
                            "CHAT_DB_URL",
                            database.url(),
                            "CHAT_DB_USER",
                            database.user(),
                            "CHAT_DB_PASSWORD",
                            database.password()));
            builder.environment().putAll(environment);
            return new Node(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Node awaitReady() {
        Awaitility.await().atMost(TO_START).pollInterval(Duration.ofMillis(50)).until(() -> {
            var text = Files.readString(log);
            if (!process.isAlive()) {
                throw new IllegalStateException("The node has ended:\n" + text);
            }
            var ready = READY.matcher(text);
            boolean found = ready.find();
            if (found) {
                port = Integer.parseInt(ready.group(1));
            }
            return found;
        });
        return this;
    }

    URI address() {
        return URI.create("ws://127.0.0.1:" + port + "/ws");
    }

    int port() {
        return port;
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    /** Asks it to stop, as an operator does. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end of the process; tells how long that took. */
    Duration awaitEnd(Duration atMost) {
        long start = System.nanoTime();
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Still running after " + atMost + ":\n" + log());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        RUNNING.remove(process);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode get(String path, String token) {
        return ChatClient.json(call("GET", path, token, "").body());
    }

    HttpResponse<String> call(String method, String path, String token, String body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        RUNNING.remove(process);
    }
}

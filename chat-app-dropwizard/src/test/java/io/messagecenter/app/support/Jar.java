package io.messagecenter.app.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The packaged service in a process of its own, which ends with this JVM at the latest. */
public final class Jar implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("Ready: (\\w+) on port (\\d+)");

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();
    private final Thread killer;

    /** How a command ended, and what it said on either stream. */
    public record Result(int exit, String output) {}

    private Jar(Path directory, Map<String, String> environment, List<String> arguments) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Duser.language=en"));
        command.addAll(ClassArchive.options());
        command.addAll(List.of("-jar", file().toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CHAT_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("CHAT_LIMITS", "false"); // tests do more than anybody would
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        killer = new Thread(process::destroyForcibly, "jar-stop");
        Runtime.getRuntime().addShutdownHook(killer);
        read(process.getInputStream());
        read(process.getErrorStream());
    }

    /** The jar that the build has made. */
    static Path file() {
        var jar = Path.of(System.getProperty("service.jar", "")).toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("The build has to package the service first; there is no " + jar);
        }
        return jar;
    }

    private void read(InputStream stream) {
        var reader = new Thread(
                () -> {
                    try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        lines.lines().forEach(output::add);
                    } catch (IOException | UncheckedIOException e) {
                        output.add("(the output ended early: " + e.getMessage() + ")");
                    }
                },
                "jar-output");
        reader.setDaemon(true);
        reader.start();
        readers.add(reader);
    }

    /** Starts a process in a directory. None of this JVM's own {@code CHAT_…} variables are passed on. */
    public static Jar start(Path directory, Map<String, String> environment, String... arguments) {
        return new Jar(directory, environment, List.of(arguments));
    }

    /** Starts the service on free ports, and returns once it is ready. */
    public static Jar serve(Path directory, Map<String, String> environment, String... arguments) {
        var all = new HashMap<>(environment);
        all.putIfAbsent("CHAT_PORT", "0");
        all.putIfAbsent("CHAT_ADMIN_PORT", "0");
        var jar = start(directory, all, arguments);
        jar.awaitReady();
        return jar;
    }

    /** Runs a command to its end, with some lines on its standard input. */
    public static Result run(Path directory, Map<String, String> environment, String input, String... arguments) {
        try (var jar = start(directory, environment, arguments)) {
            try (var in = jar.process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                jar.output.add("(did not read its input: " + e.getMessage() + ")");
            }
            return new Result(jar.awaitExit(TO_START), jar.output());
        }
    }

    private void awaitReady() {
        Awaitility.await("the service to be ready")
                .atMost(TO_START)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("The service has ended: " + output());
                    }
                    return port("application").isPresent() && port("admin").isPresent();
                });
    }

    private Optional<Integer> port(String connector) {
        return output.stream()
                .map(READY::matcher)
                .filter(ready -> ready.find() && ready.group(1).equals(connector))
                .map(ready -> Integer.valueOf(ready.group(2)))
                .findFirst();
    }

    /** Everything that it has printed so far. */
    public String output() {
        return String.join("\n", output);
    }

    public int port() {
        return port("application").orElseThrow();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** A client that is not signed in. */
    public Api api() {
        return new Api(base(), Optional.empty());
    }

    /** A client of the admin port. */
    public Api admin() {
        return new Api(URI.create("http://127.0.0.1:" + port("admin").orElseThrow()), Optional.empty());
    }

    public Process process() {
        return process;
    }

    /** As {@code kill -9}. */
    public void kill() {
        process.toHandle().destroyForcibly(); // the process itself would close its streams, unread
        awaitExit(Duration.ofSeconds(20));
    }

    /** As {@code kill}: asks it to stop. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** How it ended; fails if it does not, in this time. */
    public int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Still running after " + atMost + ":\n" + output());
            }
            for (var reader : readers) {
                reader.join(TimeUnit.SECONDS.toMillis(10));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
        awaitExit(Duration.ofSeconds(20));
        Runtime.getRuntime().removeShutdownHook(killer);
    }
}

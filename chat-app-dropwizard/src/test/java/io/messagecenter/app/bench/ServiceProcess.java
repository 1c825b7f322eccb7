package io.messagecenter.app.bench;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service in a process of its own, on 127.0.0.1 and free ports. */
final class ServiceProcess implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Process process;
    private final InetSocketAddress address;

    /**
     * Starts it, and returns once it is healthy.
     *
     * @param options for the JVM
     * @param classPath in order
     * @param log takes all that it prints
     */
    ServiceProcess(
            List<String> options,
            List<Path> classPath,
            Class<?> main,
            List<String> arguments,
            Map<String, String> environment,
            Path log)
            throws IOException, InterruptedException {
        int port = freePort();
        int adminPort = freePort();
        address = new InetSocketAddress("127.0.0.1", port);
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(options);
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList()));
        command.add(main.getName());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("CHAT_PORT", Integer.toString(port));
        builder.environment().put("CHAT_ADMIN_PORT", Integer.toString(adminPort));
        process = builder.start();
        try {
            awaitHealth(URI.create("http://127.0.0.1:" + adminPort + "/healthcheck"), log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void awaitHealth(URI health, Path log) throws IOException, InterruptedException {
        var http = HttpClient.newHttpClient();
        var request =
                HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (System.nanoTime() - end < 0) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                break;
            }
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (ConnectException e) {
                continue; // not yet
            }
        }
        throw new BenchmarkFailed("The service does not get ready; see " + log.getFileName());
    }

    InetSocketAddress address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    /** Asks it to end, and insists after a while. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

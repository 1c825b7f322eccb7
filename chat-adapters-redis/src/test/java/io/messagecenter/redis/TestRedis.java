package io.messagecenter.redis;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Real Redis servers for tests, on 127.0.0.1 and free ports: one that a whole test run shares, and as many as a test
 * wants for itself, to kill, to freeze and to bring back. All end with the JVM at the latest. A server that cannot be
 * started fails the test.
 */
public final class TestRedis {
    private static final Set<Server> RUNNING = ConcurrentHashMap.newKeySet();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static @Nullable Path directory;
    private static @Nullable Server shared;
    private static @Nullable Sentinels sharedSentinels;
    private static @Nullable Cluster sharedCluster;

    private TestRedis() {}

    /**
     * The address of the server that the test run shares: what {@code CHAT_TEST_REDIS_URL} says, or else one started
     * now. Do not harm it, and choose keys and channels that nobody else does.
     */
    public static synchronized String sharedUrl() {
        var given = System.getenv("CHAT_TEST_REDIS_URL");
        if (given != null && !given.isBlank()) {
            return given;
        }
        if (shared == null) {
            shared = start();
        }
        return shared.url();
    }

    /** A server of one's own. */
    public static Server start(String... options) {
        return Server.start(List.of(options));
    }

    /** A master with a replica and a sentinel that the test run shares; not to be harmed. */
    static synchronized Sentinels sharedSentinels() {
        if (sharedSentinels == null) {
            sharedSentinels = startSentinels();
        }
        return sharedSentinels;
    }

    /** A cluster of three masters that the test run shares; not to be harmed. */
    static synchronized Cluster sharedCluster() {
        if (sharedCluster == null) {
            sharedCluster = startCluster();
        }
        return sharedCluster;
    }

    /** A master with a replica, and a sentinel that replaces the one by the other within some seconds. */
    public static Sentinels startSentinels() {
        return Sentinels.start();
    }

    /** Three masters, and a replica of the first. */
    public static Cluster startCluster() {
        return Cluster.start();
    }

    static ConditionFactory soon() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    /** A server process. Its data live in memory alone, so a restart begins empty. */
    public static final class Server implements AutoCloseable {
        private final int port;
        private final List<String> command;
        private final Path log;
        private Process process;

        private Server(int port, List<String> command, Path log) {
            this.port = port;
            this.command = command;
            this.log = log;
            this.process = launch();
            RUNNING.add(this);
        }

        private static Server start(List<String> options) {
            int port = freePort();
            var command = new ArrayList<>(List.of(
                    binary().toString(),
                    "--port",
                    "" + port,
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--dir",
                    directory().toString(),
                    "--dbfilename",
                    port + ".rdb",
                    "--repl-diskless-sync-delay",
                    "0"));
            command.addAll(options);
            var server = new Server(port, command, directory().resolve(port + ".log"));
            server.awaitReady();
            return server;
        }

        public int port() {
            return port;
        }

        public String url() {
            return "redis://127.0.0.1:" + port;
        }

        /** As {@code kill -9}: every connection breaks, every datum is gone. */
        public void kill() {
            process.destroyForcibly();
            soon().until(() -> !process.isAlive());
        }

        /** Starts again on the same port, after {@link #kill}. */
        public void restart() {
            process = launch();
            awaitReady();
        }

        /** Keeps connections open and answers nothing, as a machine that is out of memory. */
        public void freeze() {
            signal("STOP");
        }

        /** Undoes {@link #freeze}. */
        public void thaw() {
            signal("CONT");
        }

        /** One command, and its reply. */
        Object ask(Command name, String... arguments) {
            try (var connection = new Connection(new HostAndPort("127.0.0.1", port))) {
                connection.sendCommand(name, arguments);
                return connection.getOne();
            }
        }

        String askText(Command name, String... arguments) {
            return text(ask(name, arguments));
        }

        @Override
        public void close() {
            kill();
            RUNNING.remove(this);
        }

        private void signal(String name) {
            try {
                int answer = new ProcessBuilder("kill", "-" + name, "" + process.pid())
                        .inheritIO()
                        .start()
                        .waitFor();
                if (answer != 0) {
                    throw new IllegalStateException("kill -" + name + " answers " + answer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Process launch() {
            try {
                return new ProcessBuilder(command)
                        .directory(directory().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void awaitReady() {
            soon().until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("Redis has ended: " + Files.readString(log));
                }
                return answers();
            });
        }

        private boolean answers() {
            try {
                ask(Command.PING);
                return true;
            } catch (JedisException e) {
                // One that wants a password, or no plain connection, is up as well.
                return String.valueOf(e.getMessage()).contains("NOAUTH") || command.contains("--tls-port");
            }
        }
    }

    /** What {@link #startSentinels} has started. */
    public record Sentinels(Server master, Server replica, Server sentinel) implements AutoCloseable {
        private static Sentinels start() {
            var master = TestRedis.start();
            var replica = TestRedis.start("--replicaof", "127.0.0.1 " + master.port());
            soon().until(() -> replica.askText(Command.INFO, "replication").contains("master_link_status:up"));
            int port = freePort();
            var file = directory().resolve("sentinel-" + port + ".conf");
            try {
                Files.write(
                        file,
                        List.of(
                                "port " + port,
                                "bind 127.0.0.1",
                                "sentinel monitor chat 127.0.0.1 " + master.port() + " 1",
                                "sentinel down-after-milliseconds chat 500",
                                "sentinel failover-timeout chat 3000"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            var sentinel = new Server(
                    port,
                    List.of(binary().toString(), file.toString(), "--sentinel"),
                    directory().resolve(port + ".log"));
            sentinel.awaitReady();
            soon().until(() -> sentinel.askText(Command.INFO, "sentinel").contains("slaves=1"));
            return new Sentinels(master, replica, sentinel);
        }

        public String url() {
            return "redis+sentinel://127.0.0.1:" + sentinel.port() + "/chat";
        }

        @Override
        public void close() {
            sentinel.close();
            replica.close();
            master.close();
        }
    }

    /** What {@link #startCluster} has started. */
    public record Cluster(List<Server> masters, Server replica) implements AutoCloseable {
        private static final int SLOTS = 16_384;

        private static Cluster start() {
            var servers = IntStream.range(0, 4)
                    .mapToObj(i -> TestRedis.start(
                            "--cluster-enabled",
                            "yes",
                            "--cluster-config-file",
                            "nodes-" + freePort() + "-" + i + ".conf",
                            "--cluster-port",
                            "" + freePort(),
                            "--cluster-node-timeout",
                            "1000"))
                    .toList();
            var masters = servers.subList(0, 3);
            var replica = servers.get(3);
            for (int i = 0; i < 3; i++) {
                masters.get(i)
                        .ask(Command.CLUSTER, "ADDSLOTSRANGE", "" + SLOTS * i / 3, "" + (SLOTS * (i + 1) / 3 - 1));
                masters.get(i).ask(Command.CLUSTER, "SET-CONFIG-EPOCH", "" + (i + 1));
            }
            for (var server : servers.subList(1, 4)) {
                servers.get(0).ask(Command.CLUSTER, "MEET", "127.0.0.1", "" + server.port(), "" + busPort(server));
            }
            soon().until(() -> servers.stream()
                    .allMatch(server -> server.askText(Command.CLUSTER, "INFO").contains("cluster_known_nodes:4")));
            soon().until(() -> {
                try {
                    replica.ask(Command.CLUSTER, "REPLICATE", id(masters.get(0)));
                    return true;
                } catch (JedisException e) {
                    return false; // it has not met that one yet
                }
            });
            var cluster = new Cluster(masters, replica);
            soon().until(() -> replica.askText(Command.INFO, "replication").contains("master_link_status:up"));
            soon().until(() -> servers.stream()
                    .allMatch(server -> server.askText(Command.CLUSTER, "INFO").contains("cluster_state:ok")));
            soon().until(() -> servers.stream()
                    .allMatch(server -> server.askText(Command.CLUSTER, "NODES").contains(" slave ")
                            || server.askText(Command.CLUSTER, "NODES").contains("myself,slave")));
            return cluster;
        }

        private static String busPort(Server server) {
            return server.command.get(server.command.indexOf("--cluster-port") + 1);
        }

        static String id(Server server) {
            return server.askText(Command.CLUSTER, "MYID");
        }

        /** Gives a slot without keys from one master to another, and tells everyone. */
        void move(int slot, Server from, Server to) {
            to.ask(Command.CLUSTER, "SETSLOT", "" + slot, "NODE", id(to));
            from.ask(Command.CLUSTER, "SETSLOT", "" + slot, "NODE", id(to));
            for (var other : masters) {
                other.ask(Command.CLUSTER, "SETSLOT", "" + slot, "NODE", id(to));
            }
        }

        public String url() {
            return "redis+cluster://"
                    + masters.stream()
                            .map(server -> "127.0.0.1:" + server.port())
                            .collect(Collectors.joining(","));
        }

        @Override
        public void close() {
            masters.forEach(Server::close);
            replica.close();
        }
    }

    private static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where servers keep their files; gone with the JVM. */
    static synchronized Path directory() {
        if (directory == null) {
            try {
                directory = Files.createTempDirectory("test-redis-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(TestRedis::endAll, "test-redis-end"));
        }
        return directory;
    }

    private static synchronized Path binary() {
        var file = directory().resolve("redis-server");
        if (!Files.exists(file)) {
            var resource = "/redis-server-7.0.15-" + platform();
            try (var in = TestRedis.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("There is no Redis for this machine: " + resource
                            + ". Start one yourself, and say where in CHAT_TEST_REDIS_URL.");
                }
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!file.toFile().setExecutable(true)) {
                throw new IllegalStateException("Cannot be made executable: " + file);
            }
        }
        return file;
    }

    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        var machine =
                switch (System.getProperty("os.arch")) {
                    case "aarch64", "arm64" -> "arm64";
                    case "x86", "i386" -> "386";
                    default -> "amd64";
                };
        return system + "-" + machine;
    }

    private static void endAll() {
        RUNNING.forEach(server -> server.process.destroyForcibly());
        try (var files = Files.walk(Optional.ofNullable(directory).orElseThrow())) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                if (!file.toFile().delete()) {
                    file.toFile().deleteOnExit();
                }
            });
        } catch (IOException | UncheckedIOException e) {
            System.err.println("Left behind: " + directory + ": " + e.getMessage());
        }
    }
}

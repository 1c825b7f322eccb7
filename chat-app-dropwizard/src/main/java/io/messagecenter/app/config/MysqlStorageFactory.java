package io.messagecenter.app.config;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.DataSourceFactory.TransactionIsolation;
import io.dropwizard.validation.ValidationMethod;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.mysql.JdbcUrl;
import io.messagecenter.mysql.MysqlStorage;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** {@code type: mysql}: MySQL, MariaDB, or H2 in a file, as the address of {@code database} says. */
@JsonTypeName("mysql")
public final class MysqlStorageFactory implements StorageFactory {
    private static final Pattern H2_FILE = Pattern.compile("(jdbc:h2:file:)([^~;][^;]*)(.*)");

    @Valid @NotNull @JsonProperty
    private DataSourceFactory database = new DataSourceFactory();

    /** Whether to bring the schema up to date at the start; otherwise {@code db migrate} does. */
    @JsonProperty
    private boolean migrate;

    private static final Duration STARTING = Duration.ofSeconds(15);
    private static final Duration AGAIN = Duration.ofMillis(200);

    /** Whether commands on this machine may use an H2 file while a service runs on it. */
    @JsonProperty
    private boolean shared;

    /**
     * The connection pool, by its address: the driver and the settings that the stores need are filled in, unless the
     * file says otherwise. Where a running service shares the database, the address leads there.
     */
    public DataSourceFactory database() {
        return running().orElseGet(this::own);
    }

    @Override
    public Storage build(MetricRegistry metrics, Telemetry telemetry) {
        if (shared) {
            H2Door.onLoopbackAlone();
        }
        if (running().isPresent()) {
            throw new CannotStartException(
                    "A service runs on this database already; several nodes need MySQL or MariaDB.");
        }
        try {
            return storage(own(), metrics, telemetry, migrate, shared);
        } catch (ChatException e) {
            throw new CannotStartException(
                    "The database at " + JdbcUrl.of(database.getUrl()) + ": " + Reasons.of(e), e);
        }
    }

    /** Before anything tries to connect: {@code check} never does. */
    @JsonIgnore
    @ValidationMethod(message = "storage.database.url must begin with jdbc:mysql:, jdbc:mariadb: or jdbc:h2:")
    public boolean isOfAKnownKind() {
        return database == null || database.getUrl() == null || JdbcUrl.isOfAKind(database.getUrl());
    }

    /** A service that is just starting has the file already, but its door is not open yet. */
    @Override
    public Storage buildForCommand(MetricRegistry metrics) {
        long end = System.nanoTime() + STARTING.toNanos();
        while (true) {
            var running = running();
            if (running.isPresent()) {
                return storage(running.get(), metrics, Telemetry.NONE, false, false);
            }
            try {
                return build(metrics, Telemetry.NONE);
            } catch (CannotStartException e) {
                if (!shared || !H2Door.isLocked(e) || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    private static Storage storage(
            DataSourceFactory database, MetricRegistry metrics, Telemetry telemetry, boolean migrate, boolean share) {
        var dataSource = database.build(metrics, "chat");
        var door = new H2Door(database.getUrl());
        var storage = MysqlStorage.builder(dataSource)
                .telemetry(telemetry)
                .closing(() -> {
                    door.close();
                    dataSource.stop();
                })
                .build();
        try {
            if (migrate) {
                storage.migrate();
            }
            if (share) {
                storage.check(); // the database is ours from here on
                door.open();
            }
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
        return storage;
    }

    /** A service that runs on this machine and shares its database; it has brought the schema up to date. */
    private Optional<DataSourceFactory> running() {
        var password = Optional.ofNullable(database.getPassword()).orElse("");
        var user = Optional.ofNullable(database.getUser()).orElse("");
        return (shared ? H2Door.find(database.getUrl(), user, password) : Optional.<String>empty()).map(address -> {
            var copy = new DataSourceFactory();
            copy.setDriverClass("org.h2.Driver");
            copy.setUrl(address);
            copy.setUser(user);
            copy.setPassword(password);
            return copy;
        });
    }

    /** H2 takes no path that is relative without saying so. */
    private static String absolute(String url) {
        var file = H2_FILE.matcher(url);
        return file.matches()
                ? file.group(1) + Path.of(file.group(2)).toAbsolutePath().normalize() + file.group(3)
                : url;
    }

    private DataSourceFactory own() {
        var url = JdbcUrl.of(absolute(database.getUrl()));
        database.setUrl(url.value());
        if (database.getDriverClass() == null) {
            database.setDriverClass(url.driverClass());
        }
        if (database.getDefaultTransactionIsolation() == TransactionIsolation.DEFAULT) {
            // What the stores work at; asking for it once a connection saves two round trips a transaction.
            database.setDefaultTransactionIsolation(TransactionIsolation.READ_COMMITTED);
        }
        return database;
    }
}

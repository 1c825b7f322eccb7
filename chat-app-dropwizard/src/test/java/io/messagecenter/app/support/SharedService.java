package io.messagecenter.app.support;

import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * One service on H2 for all tests of this JVM that can share it: each makes users of its own. Starts when it is first
 * asked for, and ends with the JVM.
 */
public final class SharedService {
    private static final SharedService INSTANCE = new SharedService();

    private final TestDatabase database;
    private final Service service;
    private final People people;
    private final DataSource pool;

    private SharedService() {
        database = TestDatabase.h2(directory("shared"));
        service = Service.on(database); // the server stops by itself when the JVM does
        people = new People(database);
        pool = database.pool(1);
    }

    public static Service service() {
        return INSTANCE.service;
    }

    public static TestDatabase database() {
        return INSTANCE.database;
    }

    /** How much there is of everything. */
    public static State state() {
        return State.of(INSTANCE.pool);
    }

    /** To the service's database, past the service. */
    public static Connection connection() throws SQLException {
        return INSTANCE.pool.getConnection();
    }

    public static People people() {
        return INSTANCE.people;
    }

    /** A client that is not signed in. */
    public static Api api() {
        return service().api();
    }

    /** A client signed in as somebody of that name, who is created if need be. */
    public static Api as(String name) {
        return api().as(people().token(name));
    }

    /** A new and empty directory for what a test keeps in files; it goes with the build's output. */
    public static Path directory(String name) {
        try {
            var parent = Files.createDirectories(Path.of("target", "test-data"));
            return Files.createTempDirectory(parent.toAbsolutePath(), name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

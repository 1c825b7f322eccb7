package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.contract.Race;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class MigrationTest {
    enum Kind {
        MARIADB,
        H2
    }

    @TempDir
    private Path directory;

    private final List<DataSource> pools = new ArrayList<>();

    private DataSource pool(Kind kind, int size) {
        var database = kind == Kind.H2 ? TestDatabase.h2(directory) : TestDatabase.mariaDb();
        return pool(database, size);
    }

    private DataSource pool(TestDatabase database, int size) {
        var pool = database.pool(size);
        pools.add(pool);
        return pool;
    }

    @AfterEach
    void closePools() {
        pools.forEach(pool -> pool.close(true));
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyDatabaseGetsItsTablesAndIdsStartAtOne(Kind kind) {
        var storage = MysqlStorage.of(pool(kind, 1));

        storage.migrate();

        storage.check();
        assertThat(storage.ids().next().value()).isEqualTo(1);
        assertThat(Conversing.person(storage, "alice").id().value()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aSecondMigrationChangesNothing(Kind kind) {
        var pool = pool(kind, 1);
        var storage = MysqlStorage.of(pool);
        storage.migrate();
        var alice = Conversing.person(storage, "alice");
        storage.messages().write(List.of(Conversing.draft(storage, alice, alice, "k")));

        MysqlStorage.of(pool).migrate();

        assertThat(Conversing.feed(storage, alice)).containsExactly("k");
    }

    @ParameterizedTest
    @EnumSource
    void nodesThatStartAtTheSameTimeAllSucceed(Kind kind) {
        var database = kind == Kind.H2 ? TestDatabase.h2(directory) : TestDatabase.mariaDb();
        var nodes = List.of(pool(database, 1), pool(database, 1), pool(database, 1));

        var storages = Race.run(nodes.size(), thread -> {
            var storage = MysqlStorage.of(nodes.get(thread));
            storage.migrate();
            return storage;
        });

        storages.forEach(MysqlStorage::check);
    }

    @ParameterizedTest
    @EnumSource
    void aLockThatAKilledNodeLeftBehindIsTakenAtOnce(Kind kind) throws SQLException {
        var pool = pool(kind, 1);
        MysqlStorage.of(pool).migrate();
        execute(
                pool,
                "UPDATE DATABASECHANGELOGLOCK SET LOCKED = TRUE, LOCKGRANTED = '2026-11-22 07:45:26',"
                        + " LOCKEDBY = 'message center, 1f'");

        MysqlStorage.builder(pool).migrationPatience(Duration.ofDays(1)).build().migrate();

        assertThat(locks(pool)).containsExactly(false);
    }

    @ParameterizedTest
    @EnumSource
    void aLockThatAnotherToolLeftBehindIsTakenWhenPatienceEnds(Kind kind) throws SQLException {
        var pool = pool(kind, 1);
        MysqlStorage.of(pool).migrate();
        execute(
                pool,
                "UPDATE DATABASECHANGELOGLOCK SET LOCKED = TRUE, LOCKGRANTED = '2026-11-22 07:45:26',"
                        + " LOCKEDBY = 'build-7 (192.0.2.1)'");

        MysqlStorage.builder(pool)
                .migrationPatience(Duration.ofMillis(600))
                .build()
                .migrate();

        assertThat(locks(pool)).containsExactly(false);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsPrinted(Kind kind) {
        var pool = pool(kind, 1);
        var printed = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            MysqlStorage.of(pool).migrate();
        } finally {
            System.setOut(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseWithoutItsTablesGivesNoSignOfLife(Kind kind) {
        var storage = MysqlStorage.of(pool(kind, 1));

        assertThatThrownBy(storage::check)
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessage("The database lacks the tables of the message center.");
    }

    private static void execute(DataSource pool, String sql) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static Stream<Boolean> locks(DataSource pool) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT LOCKED FROM DATABASECHANGELOGLOCK")) {
            var locks = new ArrayList<Boolean>();
            while (rows.next()) {
                locks.add(rows.getBoolean(1));
            }
            return locks.stream();
        }
    }
}

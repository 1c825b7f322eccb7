package io.messagecenter.mysql;

import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An insert of many rows, filled value by value in the order of its columns. Not thread-safe; close it, whatever became
 * of it.
 */
interface Rows extends AutoCloseable {
    Rows add(long value) throws SQLException;

    /** A moment, for a {@code DATETIME(6)} in UTC. */
    Rows add(Instant value) throws SQLException;

    Rows add(@Nullable String value) throws SQLException;

    Rows add(byte[] value) throws SQLException;

    Rows addOrNull(@Nullable Long value) throws SQLException;

    /** Ends a row; what follows begins the next. May already send what there is. */
    void endRow() throws SQLException;

    /** Sends what was not sent yet. */
    void execute() throws SQLException;

    @Override
    void close() throws SQLException;
}

package io.messagecenter.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as a batch of one prepared statement: the best for a database in this process, which parses it once. */
final class BatchedRows implements Rows {
    private final PreparedStatement statement;
    private int column;

    /** Prepares {@code into VALUES (…)}. */
    BatchedRows(Connection connection, String into, List<String> columns) throws SQLException {
        var values = " VALUES (?" + ", ?".repeat(columns.size() - 1) + ")";
        this.statement = connection.prepareStatement(into + values);
    }

    @Override
    public Rows add(long value) throws SQLException {
        statement.setLong(++column, value);
        return this;
    }

    @Override
    public Rows add(Instant value) throws SQLException {
        statement.setObject(++column, Database.utc(value));
        return this;
    }

    @Override
    public Rows add(@Nullable String value) throws SQLException {
        statement.setString(++column, value);
        return this;
    }

    @Override
    public Rows add(byte[] value) throws SQLException {
        statement.setBytes(++column, value);
        return this;
    }

    @Override
    public Rows addOrNull(@Nullable Long value) throws SQLException {
        statement.setObject(++column, value);
        return this;
    }

    @Override
    public void endRow() throws SQLException {
        statement.addBatch();
        column = 0;
    }

    @Override
    public void execute() throws SQLException {
        statement.executeBatch();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}

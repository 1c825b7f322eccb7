package io.messagecenter.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;

/** What one text or one call cannot do on every database. */
enum Dialect {
    /** MySQL and MariaDB, and what else speaks their protocol. */
    MYSQL {
        @Override
        int useReadCommitted(Connection connection) throws SQLException {
            int before = connection.getTransactionIsolation();
            if (before != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            return before;
        }

        @Override
        void restore(Connection connection, int isolation) throws SQLException {
            if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(isolation);
            }
        }

        @Override
        int keysAtOnce() {
            return 256;
        }

        @Override
        void harden(Connection connection) {
            // The server's commit is durable.
        }

        @Override
        Rows insert(Connection connection, Target target) {
            return new LiteralRows(connection, "INSERT INTO " + target.table() + target.list(), "");
        }

        @Override
        Rows save(Connection connection, Target target) {
            var updates = new StringJoiner(", ", " ON DUPLICATE KEY UPDATE ", "");
            for (var column : target.columns().subList(1, target.columns().size())) {
                updates.add(column + " = VALUES(" + column + ")");
            }
            return new LiteralRows(connection, "INSERT INTO " + target.table() + target.list(), updates.toString());
        }
    },

    /** H2 in its MySQL mode, in this process. */
    H2 {
        @Override
        int useReadCommitted(Connection connection) {
            return Connection.TRANSACTION_READ_COMMITTED; // as H2 has it by default; asking would be a query
        }

        @Override
        void restore(Connection connection, int isolation) {
            // Nothing was changed.
        }

        /** It looks up a list by an index for that index's first column alone; but a query costs next to nothing. */
        @Override
        int keysAtOnce() {
            return 1;
        }

        /** A commit has reached the operating system; this reaches the disk. */
        @Override
        void harden(Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("CHECKPOINT SYNC");
            }
        }

        @Override
        Rows insert(Connection connection, Target target) throws SQLException {
            return new BatchedRows(connection, "INSERT INTO " + target.table() + target.list(), target.columns());
        }

        /** It understands {@code ON DUPLICATE KEY}, but then parses an update for every row. */
        @Override
        Rows save(Connection connection, Target target) throws SQLException {
            var key = " KEY (" + target.columns().get(0) + ")";
            return new BatchedRows(connection, "MERGE INTO " + target.table() + target.list() + key, target.columns());
        }
    };

    static Dialect of(Connection connection) throws SQLException {
        return "H2".equals(connection.getMetaData().getDatabaseProductName()) ? H2 : MYSQL;
    }

    /** Readies a connection for a transaction; answers with what to {@link #restore} after it. */
    abstract int useReadCommitted(Connection connection) throws SQLException;

    abstract void restore(Connection connection, int isolation) throws SQLException;

    /** Of how many values of a key's second column a query should ask at once. */
    abstract int keysAtOnce();

    /** Called after a commit: when it returns, what was committed survives the loss of power. */
    abstract void harden(Connection connection) throws SQLException;

    /**
     * Where rows go.
     *
     * @param columns the values of a row, in their order; the first is the primary key where rows are saved
     */
    record Target(String table, List<String> columns) {
        Target(String table, String... columns) {
            this(table, List.of(columns));
        }

        private String list() {
            return " (" + String.join(", ", columns) + ")";
        }
    }

    /** Begins an insert of many rows. */
    abstract Rows insert(Connection connection, Target target) throws SQLException;

    /** Begins an insert of many rows, in which those that are there already are changed to what they are now. */
    abstract Rows save(Connection connection, Target target) throws SQLException;
}

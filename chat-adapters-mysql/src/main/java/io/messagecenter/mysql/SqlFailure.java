package io.messagecenter.mysql;

import io.messagecenter.domain.error.ChatException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;

/** What a failure of the database means, and the exception for those that mean nothing to anybody but a developer. */
final class SqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** MySQL: lock wait timeout. H2: lock timeout, concurrent update. Their deadlocks have SQLSTATE 40001. */
    private static final Set<Integer> CONTENTION = Set.of(1205, 50200, 90131);

    /**
     * Without a SQLSTATE that says so. MySQL: too many connections, shutting down, read-only, interrupted, killed, no
     * quorum; H2: closed, being closed, I/O failed, locked by another process.
     */
    private static final Set<Integer> OUTAGE = Set.of(
            1040, 1047, 1053, 1203, 1290, 1317, 1836, 1927, 3100, 3168, 90020, 90028, 90031, 90067, 90098, 90121);

    private static final Set<Integer> DUPLICATE_KEY = Set.of(1062, 23505);

    SqlFailure(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    static ChatException outage(Throwable cause) {
        return ChatException.unavailable("The database does not answer.", cause);
    }

    /** Whether the transaction was rolled back for the sake of another one, and can be run again. */
    static boolean isContention(Throwable failure) {
        return sql(failure)
                .filter(e -> CONTENTION.contains(e.getErrorCode()) || isRolledBack(e))
                .isPresent();
    }

    /** Deadlocks, and what a cluster could not certify; 40003 alone leaves open what became of it. */
    private static boolean isRolledBack(SQLException e) {
        return e.getSQLState() != null
                && e.getSQLState().startsWith("40")
                && !e.getSQLState().equals("40003");
    }

    static boolean isOutage(Throwable failure) {
        return failure instanceof ConnectionException
                || sql(failure).filter(SqlFailure::isConnectionLost).isPresent();
    }

    private static boolean isConnectionLost(SQLException e) {
        return (e.getSQLState() != null && e.getSQLState().startsWith("08"))
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLRecoverableException
                || OUTAGE.contains(e.getErrorCode());
    }

    static boolean isDuplicateKey(Throwable failure) {
        return sql(failure)
                .filter(e -> DUPLICATE_KEY.contains(e.getErrorCode()))
                .isPresent();
    }

    /** The innermost: a failed batch wraps the one failure that says what was wrong. */
    private static Optional<SQLException> sql(Throwable failure) {
        Optional<SQLException> found = Optional.empty();
        var seen = failure;
        for (int depth = 0; seen != null && depth < 16; depth++) {
            if (seen instanceof SQLException e) {
                found = Optional.of(e);
            }
            seen = seen.getCause();
        }
        return found;
    }
}

package io.messagecenter.mysql;

import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.lease.LeaseName;
import io.messagecenter.domain.lease.LeaseState;
import io.messagecenter.domain.lease.LeaseStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

final class MysqlLeaseStore implements LeaseStore {
    private final Database database;

    MysqlLeaseStore(Database database) {
        this.database = database;
    }

    @Override
    public LeaseState take(LeaseName name, LeaseHolder holder, Optional<LeaseState> stale) {
        return change(name, now -> now.taken(holder, stale));
    }

    @Override
    public void release(LeaseName name, LeaseHolder holder) {
        var unused = change(name, now -> now.released(holder));
    }

    private LeaseState change(LeaseName name, UnaryOperator<LeaseState> change) {
        return database.write(handle -> {
            var before = lock(handle, name);
            var after = change.apply(before);
            if (!after.equals(before)) {
                handle.createUpdate("UPDATE chat_lease SET holder = ?, version = ? WHERE name = ?")
                        .bind(0, after.holder().map(LeaseHolder::toString).orElse(null))
                        .bind(1, after.version())
                        .bind(2, name.value())
                        .execute();
            }
            return after;
        });
    }

    /** The row, locked, whether or not it was there. */
    private static LeaseState lock(Handle handle, LeaseName name) {
        handle.createUpdate("INSERT INTO chat_lease (name, holder, version) VALUES (?, NULL, ?)"
                        + " ON DUPLICATE KEY UPDATE version = version")
                .bind(0, name.value())
                .bind(1, LeaseState.FREE.version())
                .execute();
        return handle.createQuery("SELECT holder, version FROM chat_lease WHERE name = ? FOR UPDATE")
                .bind(0, name.value())
                .map((row, context) -> state(row))
                .one();
    }

    /** Whether the holder has the lease, and keeps it until this transaction ends. */
    static boolean isHeld(Handle handle, LeaseName name, LeaseHolder holder) {
        return handle.createQuery("SELECT holder, version FROM chat_lease WHERE name = ? FOR UPDATE")
                .bind(0, name.value())
                .map((row, context) -> state(row))
                .findOne()
                .filter(state -> state.holder().equals(Optional.of(holder)))
                .isPresent();
    }

    private static LeaseState state(ResultSet row) throws SQLException {
        var holder = Optional.ofNullable(row.getString(1)).map(id -> new LeaseHolder(UUID.fromString(id)));
        return new LeaseState(holder, row.getLong(2));
    }
}

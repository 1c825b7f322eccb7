package io.messagecenter.mysql;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.password.ResetStore;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whoever changes a user and their token locks the user first, so that two of them never wait for each other. */
final class MysqlResetStore implements ResetStore {
    private final Database database;

    MysqlResetStore(Database database) {
        this.database = database;
    }

    @Override
    public boolean put(UserId user, EmailAddress address, TokenHash token, Instant expires) {
        return database.write(handle -> {
            if (!reachable(handle, user, address)) {
                return false;
            }
            handle.createUpdate("INSERT INTO chat_password_reset (user_id, token_hash, expires_at) VALUES (?, ?, ?)"
                            + " ON DUPLICATE KEY UPDATE token_hash = VALUES(token_hash),"
                            + " expires_at = VALUES(expires_at)")
                    .bind(0, user.value())
                    .bind(1, bytes(token))
                    .bind(2, Database.utc(expires))
                    .execute();
            return true;
        });
    }

    /** The lock is what makes it stay so until the token is there, for whoever changes it to take away. */
    private static boolean reachable(Handle handle, UserId user, EmailAddress address) {
        return handle.createQuery(
                        "SELECT email FROM chat_user WHERE id = ? AND state = ? AND email IS NOT NULL FOR UPDATE")
                .bind(0, user.value())
                .bind(1, UserState.ACTIVE)
                .map((row, context) -> new EmailAddress(row.getString(1)))
                .findOne()
                .filter(address::equals)
                .isPresent();
    }

    @Override
    public boolean holds(TokenHash token, Instant now) {
        return database.read(handle -> holder(handle, token, now)).isPresent();
    }

    @Override
    public Optional<Redeemed> redeem(TokenHash token, PasswordHash password, Instant now) {
        return database.write(handle -> holder(handle, token, now)
                .filter(holder -> spend(handle, holder, token, now, password))
                .map(holder -> new Redeemed(holder, MysqlSessionStore.endAll(handle, holder.id(), now))));
    }

    @Override
    public Optional<List<SessionEnded>> change(
            UserId user, PasswordHash expected, PasswordHash password, SessionId kept, Instant now) {
        return database.write(handle -> MysqlSessionStore.isProven(handle, user, expected, kept)
                        && MysqlUserStore.setPassword(handle, user, expected, password)
                ? Optional.of(MysqlSessionStore.endAll(handle, user, Optional.of(kept), now))
                : Optional.<List<SessionEnded>>empty());
    }

    /** False if somebody else spent it since it was found. */
    private static boolean spend(Handle handle, Person holder, TokenHash token, Instant now, PasswordHash password) {
        handle.createQuery("SELECT id FROM chat_user WHERE id = ? FOR UPDATE")
                .bind(0, holder.id().value())
                .mapTo(Long.class)
                .one();
        int spent = handle.createUpdate(
                        "DELETE FROM chat_password_reset WHERE user_id = ? AND token_hash = ? AND expires_at > ?")
                .bind(0, holder.id().value())
                .bind(1, bytes(token))
                .bind(2, Database.utc(now))
                .execute();
        return spent > 0
                && handle.createUpdate("UPDATE chat_user SET password_hash = ? WHERE id = ? AND state <> "
                                        + UserState.ERASED)
                                .bind(0, password.encoded())
                                .bind(1, holder.id().value())
                                .execute()
                        > 0;
    }

    private static Optional<Person> holder(Handle handle, TokenHash token, Instant now) {
        return handle.createQuery(
                        "SELECT u.id, u.username FROM chat_password_reset r JOIN chat_user u ON u.id = r.user_id"
                                + " WHERE r.token_hash = ? AND r.expires_at > ? AND u.state <> " + UserState.ERASED)
                .bind(0, bytes(token))
                .bind(1, Database.utc(now))
                .map((row, context) -> new Person(new UserId(row.getLong(1)), new Username(row.getString(2))))
                .findOne();
    }

    @Override
    public int purge(Instant expiredBefore) {
        return database.write(handle -> handle.createUpdate("DELETE FROM chat_password_reset WHERE expires_at <= ?")
                .bind(0, Database.utc(expiredBefore))
                .execute());
    }

    /** Takes a user's token away, in a transaction that changes what it stands for; tells how many. */
    static int delete(Handle handle, UserId user) {
        return handle.createUpdate("DELETE FROM chat_password_reset WHERE user_id = ?")
                .bind(0, user.value())
                .execute();
    }

    private static byte[] bytes(TokenHash token) {
        return HexFormat.of().parseHex(token.hex());
    }
}

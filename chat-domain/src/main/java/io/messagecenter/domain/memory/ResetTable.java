package io.messagecenter.domain.memory;

import io.messagecenter.domain.memory.Tables.Account;
import io.messagecenter.domain.memory.Tables.Reset;
import io.messagecenter.domain.password.ResetStore;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.Optional;

final class ResetTable implements ResetStore {
    private final Tables tables;

    ResetTable(Tables tables) {
        this.tables = tables;
    }

    @Override
    public void put(UserId user, TokenHash token, Instant expires) {
        synchronized (tables.lock) {
            tables.resetsByUser.put(user, new Reset(token, expires));
        }
    }

    @Override
    public boolean holds(TokenHash token, Instant now) {
        return holder(token, now).isPresent();
    }

    @Override
    public Optional<Person> redeem(TokenHash token, PasswordHash password, Instant now) {
        synchronized (tables.lock) {
            return holder(token, now).map(account -> {
                account.passwordHash = password;
                tables.resetsByUser.remove(account.user.person().id());
                return account.user.person();
            });
        }
    }

    private Optional<Account> holder(TokenHash token, Instant now) {
        synchronized (tables.lock) {
            return tables.resetsByUser.entrySet().stream()
                    .filter(entry -> entry.getValue().token().equals(token)
                            && !entry.getValue().expired(now))
                    .findFirst()
                    .map(entry -> tables.accountsById.get(entry.getKey()));
        }
    }

    @Override
    public int purge(Instant expiredBefore) {
        synchronized (tables.lock) {
            int before = tables.resetsByUser.size();
            tables.resetsByUser.values().removeIf(reset -> reset.expired(expiredBefore));
            return before - tables.resetsByUser.size();
        }
    }
}

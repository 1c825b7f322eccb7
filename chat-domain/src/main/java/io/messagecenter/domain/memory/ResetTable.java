package io.messagecenter.domain.memory;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.memory.Tables.Account;
import io.messagecenter.domain.memory.Tables.Reset;
import io.messagecenter.domain.password.ResetStore;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class ResetTable implements ResetStore {
    private final Tables tables;
    private final SessionTable sessions;

    ResetTable(Tables tables, SessionTable sessions) {
        this.tables = tables;
        this.sessions = sessions;
    }

    @Override
    public boolean put(UserId user, EmailAddress address, TokenHash token, Instant expires) {
        synchronized (tables.lock) {
            var reachable = tables.user(user)
                    .filter(one -> !one.disabled() && one.email().equals(Optional.of(address)))
                    .isPresent();
            if (reachable) {
                tables.resetsByUser.put(user, new Reset(token, expires));
            }
            return reachable;
        }
    }

    @Override
    public boolean holds(TokenHash token, Instant now) {
        return holder(token, now).isPresent();
    }

    @Override
    public Optional<Redeemed> redeem(TokenHash token, PasswordHash password, Instant now) {
        synchronized (tables.lock) {
            return holder(token, now).map(account -> {
                var ended = replace(account, password, Optional.empty(), now);
                return new Redeemed(account.user.person(), ended);
            });
        }
    }

    @Override
    public Optional<List<SessionEnded>> change(
            UserId user, PasswordHash expected, PasswordHash password, SessionId kept, Instant now) {
        synchronized (tables.lock) {
            return Optional.ofNullable(tables.accountsById.get(user))
                    .filter(account -> sessions.isProven(user, expected, kept))
                    .map(account -> replace(account, password, Optional.of(kept), now));
        }
    }

    private List<SessionEnded> replace(Account account, PasswordHash password, Optional<SessionId> kept, Instant now) {
        var user = account.user.person().id();
        account.passwordHash = password;
        tables.resetsByUser.remove(user);
        return sessions.endAll(user, kept, now);
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

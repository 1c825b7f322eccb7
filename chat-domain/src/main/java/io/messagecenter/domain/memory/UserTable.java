package io.messagecenter.domain.memory;

import io.messagecenter.domain.memory.Tables.Account;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.EmailChange;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

final class UserTable implements UserStore {
    private final Tables tables;

    UserTable(Tables tables) {
        this.tables = tables;
    }

    @Override
    public User create(NewUser user) {
        synchronized (tables.lock) {
            if (tables.accounts.containsKey(user.name().key())) {
                throw Accounts.taken(user.name());
            }
            var person = new Person(new UserId(tables.accounts.size() + 1), user.name());
            var account = new Account(
                    new User(person, user.email(), user.created(), user.admin(), false), user.passwordHash());
            tables.accounts.put(user.name().key(), account);
            tables.accountsById.put(person.id(), account);
            return account.user;
        }
    }

    @Override
    public Optional<Person> find(Username name) {
        return account(name).map(account -> account.user.person());
    }

    @Override
    public Optional<User> find(UserId id) {
        synchronized (tables.lock) {
            return tables.user(id);
        }
    }

    @Override
    public Optional<Credentials> credentials(Username name) {
        synchronized (tables.lock) {
            return account(name).filter(account -> !account.erased).map(Account::credentials);
        }
    }

    @Override
    public List<Credentials> credentials(EmailAddress email, int limit) {
        synchronized (tables.lock) {
            return tables.accountsById.values().stream()
                    .filter(account -> !account.user.disabled()
                            && account.user.email().map(EmailAddress::key).equals(Optional.of(email.key())))
                    .sorted(Comparator.comparing(
                            account -> account.user.person().id()))
                    .limit(limit)
                    .map(Account::credentials)
                    .toList();
        }
    }

    @Override
    public boolean setPassword(UserId user, PasswordHash expected, PasswordHash password) {
        synchronized (tables.lock) {
            var account = tables.accountsById.get(user);
            if (account == null || !account.passwordHash.equals(expected)) {
                return false;
            }
            account.passwordHash = password;
            tables.resetsByUser.remove(user);
            return true;
        }
    }

    @Override
    public Optional<EmailChange> setEmail(UserId user, Optional<EmailAddress> email) {
        synchronized (tables.lock) {
            var account = tables.accountsById.get(user);
            if (account == null) {
                return Optional.empty();
            }
            var before = account.user.email();
            account.user = new User(
                    account.user.person(),
                    email,
                    account.user.created(),
                    account.user.admin(),
                    account.user.disabled());
            tables.resetsByUser.remove(user);
            return Optional.of(new EmailChange(before, account.user));
        }
    }

    @Override
    public List<Person> list(PeopleQuery query) {
        synchronized (tables.lock) {
            return tables.list(query).stream().map(User::person).toList();
        }
    }

    private Optional<Account> account(Username name) {
        synchronized (tables.lock) {
            return Optional.ofNullable(tables.accounts.get(name.key()));
        }
    }
}

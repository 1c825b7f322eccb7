package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Opens accounts and finds people. Thread-safe. */
public final class Accounts {
    /** The most people that one answer lists. */
    public static final int MAX_PEOPLE = 1_000;

    private final UserStore users;
    private final PasswordRules rules;
    private final PasswordHasher hasher;
    private final Clock clock;

    /** Where any password of the right length may be chosen. */
    public Accounts(UserStore users, PasswordHasher hasher, Clock clock) {
        this(users, PasswordRules.LENGTH_ALONE, hasher, clock);
    }

    public Accounts(UserStore users, PasswordRules rules, PasswordHasher hasher, Clock clock) {
        this.users = users;
        this.rules = rules;
        this.hasher = hasher;
        this.clock = clock;
    }

    /** A new account's particulars, as they were typed. */
    public record NewAccount(String username, String password, Optional<String> email, boolean admin) {
        @Override
        public String toString() {
            return "NewAccount[" + username + "]";
        }
    }

    /**
     * Opens an account that signs in by password. Hashes, so it takes its time.
     *
     * @throws ChatException {@code INVALID} with every field at fault, or {@code USERNAME_TAKEN}
     */
    public User create(NewAccount account) {
        var checked = checked(account);
        var name = checked.name();
        if (users.find(name).isPresent()) {
            throw taken(name);
        }
        var hash = hasher.hash(checked.password());
        return users.create(new NewUser(name, checked.email(), hash, now(), account.admin()));
    }

    private record Checked(Username name, Password password, Optional<EmailAddress> email) {}

    /**
     * Whether {@link #create} would take what was typed, if nobody has the name. Neither hashes nor looks anything up.
     *
     * @throws ChatException {@code INVALID} with every field at fault
     */
    public void check(NewAccount account) {
        var unused = checked(account);
    }

    private Checked checked(NewAccount account) {
        var faults = new ChatException.Faults();
        var name = faults.check(() -> Username.chosen(account.username()));
        var password = faults.check(() -> rules.choose("password", account.password()));
        var email = faults.check(() -> account.email().map(EmailAddress::chosen));
        faults.throwIfAny();
        if (name == null || password == null || email == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        return new Checked(name, password, email);
    }

    /**
     * The person of that name, who is created without a password if need be: for hosts that sign their users in
     * themselves.
     *
     * @throws ChatException {@code INVALID} if it is no valid name
     */
    public Person register(String username) {
        var name = new Username(username);
        return users.find(name).orElseGet(() -> {
            try {
                return users.create(new NewUser(
                                Username.chosen(username), Optional.empty(), PasswordHash.UNUSABLE, now(), false))
                        .person();
            } catch (ChatException e) {
                if (e.code() != ErrorCode.USERNAME_TAKEN) {
                    throw e;
                }
                return users.find(name).orElseThrow(() -> e); // somebody else registered them first
            }
        });
    }

    public Optional<User> find(UserId id) {
        return users.find(id);
    }

    /** The person of that name, erased or not, since what was said to them stays; empty also for what cannot be a name. */
    public Optional<Person> find(String username) {
        return Username.typed(username).flatMap(users::find);
    }

    /** The account of that name, unless it is erased. */
    public Optional<User> findAccount(String username) {
        return find(username).flatMap(person -> users.find(person.id()));
    }

    /**
     * Everyone but the asker, by name.
     *
     * @param prefix how the name begins, whatever its case
     * @param after the last name of the page before
     * @param limit 1 or more; a page for a client has {@link #MAX_PEOPLE} at most
     */
    public List<Person> list(UserId asker, Optional<String> prefix, Optional<String> after, int limit) {
        return users.list(new PeopleQuery(
                Optional.of(asker), Username.keyOf(prefix.orElse("")), after.map(Username::keyOf), limit));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** The refusal of a name that is in use. */
    public static ChatException taken(Username name) {
        return ChatException.of(ErrorCode.USERNAME_TAKEN, "A user with the name " + name + " already exists.");
    }
}

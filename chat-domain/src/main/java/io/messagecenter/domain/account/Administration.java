package io.messagecenter.domain.account;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What administrators do to accounts. It does not ask who does it, see {@link #requireAdmin}. Thread-safe.
 */
public final class Administration {
    /** The most accounts on one page. */
    public static final int MAX_ACCOUNTS = 1_000;

    private final UserStore users;
    private final AccountStore accounts;
    private final Erasures erasures;
    private final Notifier notifier;
    private final Clock clock;

    public Administration(UserStore users, AccountStore accounts, Erasures erasures, Notifier notifier, Clock clock) {
        this.users = users;
        this.accounts = accounts;
        this.erasures = erasures;
        this.notifier = notifier;
        this.clock = clock;
    }

    /**
     * Lets administrators pass.
     *
     * @throws ChatException {@code FORBIDDEN} if they are none, or no longer
     */
    public void requireAdmin(Person person) {
        if (users.find(person.id())
                .filter(user -> user.admin() && !user.disabled())
                .isEmpty()) {
            throw ChatException.of(ErrorCode.FORBIDDEN, "Only administrators may do that.");
        }
    }

    /**
     * Accounts by name.
     *
     * @param prefix how the name begins, whatever its case
     * @param after the last name of the page before
     * @param limit 1 or more
     */
    public List<User> list(Optional<String> prefix, Optional<String> after, int limit) {
        return accounts.list(new PeopleQuery(
                Optional.empty(), Username.keyOf(prefix.orElse("")), after.map(Username::keyOf), limit));
    }

    /**
     * Bars an account: its sessions end, and it cannot sign in.
     *
     * @throws ChatException {@code NOT_FOUND} if there is no such account
     */
    public User disable(Person person) {
        var disabled = accounts.disable(person.id(), now()).orElseThrow(ChatException::notFound);
        notifier.publish(disabled.ended().stream()
                .map(event -> Hint.of(person.id(), event))
                .toList());
        return disabled.user();
    }

    /**
     * Lets an account sign in again.
     *
     * @throws ChatException {@code NOT_FOUND} if there is no such account
     */
    public User enable(Person person) {
        return accounts.enable(person.id()).orElseThrow(ChatException::notFound);
    }

    /** Erases an account; see {@link Erasures#erase}. */
    public void erase(Person person) {
        erasures.erase(person);
    }

    /** Which accounts were barred or erased at a moment or later, on any node. */
    public Set<UserId> barredSince(Instant moment) {
        return accounts.barredSince(moment);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;
import java.util.List;
import java.util.Optional;

/**
 * Keeps accounts. Every method is one atomic step; an outage throws {@link ChatException} with
 * {@link io.messagecenter.domain.error.ErrorCode#UNAVAILABLE}. Thread-safe.
 */
public interface UserStore {
    /**
     * Creates the account, and its empty feed with it.
     *
     * @throws ChatException {@code USERNAME_TAKEN} if the name belongs, or once belonged, to somebody
     */
    User create(NewUser user);

    /**
     * Whom a name belongs to, or belonged to: a name never gets to somebody else. Asked for every message, so a store
     * answers from memory when it can.
     */
    Optional<Person> find(Username name);

    /** An account; empty once it is erased. */
    Optional<User> find(UserId id);

    /** What signs in under that name; empty once the account is erased. */
    Optional<Credentials> credentials(Username name);

    /**
     * The accounts with that e-mail address, whatever its case, oldest first; without those that are disabled.
     *
     * @param limit at most so many, 1 or more
     */
    List<Credentials> credentials(EmailAddress email, int limit);

    /**
     * Puts one hash in the place of another of the same password. Sessions go on; a token for a reset is void with it.
     * Another password comes by {@link io.messagecenter.domain.password.ResetStore#change}.
     *
     * @param expected what the user's hash must be, so that of two who change it at once one finds out
     * @return false, and nothing has changed, if the user's hash is another, or there is no such user
     */
    boolean setPassword(UserId user, PasswordHash expected, PasswordHash password);

    /**
     * Sets or clears an e-mail address. A token for a reset, which went to the old one, is void with it.
     *
     * @return the account as it is now, and its address before; empty if there is no such user
     */
    Optional<EmailChange> setEmail(UserId user, Optional<EmailAddress> email);

    /** People by name, without those who are erased. */
    List<Person> list(PeopleQuery query);
}

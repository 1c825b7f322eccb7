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

    /** Whom a name belongs to. Asked for every message: a store answers from memory when it can. */
    Optional<Person> find(Username name);

    Optional<User> find(UserId id);

    Optional<Credentials> credentials(Username name);

    /** People by name. */
    List<Person> list(PeopleQuery query);
}

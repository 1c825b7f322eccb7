package io.messagecenter.domain.user;

import java.util.Optional;

/**
 * Which part of the list of users, ordered by {@link Username#key()}.
 *
 * @param except who is left out, if anybody
 * @param prefix how the name's key begins; empty for everyone
 * @param after only names that sort after this key
 * @param limit at most so many, 1 or more
 */
public record PeopleQuery(Optional<UserId> except, String prefix, Optional<String> after, int limit) {
    public PeopleQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("A limit of 1 or more, not " + limit);
        }
    }
}

package io.messagecenter.domain.feed;

import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;

/**
 * Something fleeting that is told to whoever listens for a user right now: it has no place in a feed, is stored nowhere,
 * and nobody misses it.
 */
public sealed interface Signal {
    /** Who is told. */
    UserId user();

    /**
     * Somebody is writing to the user.
     *
     * @param by who writes
     */
    record Typing(UserId user, Person by) implements Signal {}
}

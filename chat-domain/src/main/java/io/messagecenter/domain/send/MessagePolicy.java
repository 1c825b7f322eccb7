package io.messagecenter.domain.send;

import io.messagecenter.domain.user.Person;

/**
 * Says who may write to whom: an embedder's rule beside the message center's own. It is asked for every message, and for
 * every edit of one; what was sent may always be unsent. Quick, without I/O; thread-safe.
 */
@FunctionalInterface
public interface MessagePolicy {
    /** Everyone may write to everyone, themselves included. */
    MessagePolicy OPEN = (sender, recipient) -> true;

    boolean allows(Person sender, Person recipient);
}

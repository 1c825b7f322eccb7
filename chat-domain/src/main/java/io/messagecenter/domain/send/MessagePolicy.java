package io.messagecenter.domain.send;

import io.messagecenter.domain.user.Person;

/** Says who may write to whom: an embedder's rule beside the message center's own. Quick, without I/O; thread-safe. */
@FunctionalInterface
public interface MessagePolicy {
    /** Everyone may write to everyone, themselves included. */
    MessagePolicy OPEN = (sender, recipient) -> true;

    boolean allows(Person sender, Person recipient);
}

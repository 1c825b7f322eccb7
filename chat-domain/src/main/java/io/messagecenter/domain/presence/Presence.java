package io.messagecenter.domain.presence;

import io.messagecenter.domain.user.UserId;
import java.util.Collection;
import java.util.Set;

/**
 * Who has a connection open, on any node. A hint like every other: an outage answers with what this node knows, and
 * never fails a caller. Thread-safe.
 */
public interface Presence extends AutoCloseable {
    /** One more connection of the user on this node. Each call is undone by one call of {@link #disconnected}. */
    void connected(UserId user);

    void disconnected(UserId user);

    /** Which of these users are connected somewhere. */
    Set<UserId> online(Collection<UserId> users);

    @Override
    void close();
}

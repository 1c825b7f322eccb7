package io.messagecenter.domain.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.contract.PresenceContract;
import io.messagecenter.domain.presence.Presence;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryPresenceTest extends PresenceContract {
    private final InMemoryPresence first = new InMemoryPresence();

    @Override
    protected Presence openPresence() {
        return first.anotherNode();
    }

    @Test
    void aDisconnectWithoutAConnectionChangesNothing() {
        var alice = freshUser();

        first.disconnected(alice);
        first.connected(alice);

        assertThat(first.online(List.of(alice))).containsExactly(alice);
    }
}

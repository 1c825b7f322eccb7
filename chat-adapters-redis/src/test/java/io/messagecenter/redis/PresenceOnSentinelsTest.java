package io.messagecenter.redis;

import io.messagecenter.domain.contract.PresenceContract;
import io.messagecenter.domain.presence.Presence;
import java.time.Duration;

class PresenceOnSentinelsTest extends PresenceContract {
    private final String prefix = Nodes.freshPrefix();

    @Override
    protected Presence openPresence(Duration grace) {
        return Nodes.presence(TestRedis.sharedSentinels().url(), prefix, grace);
    }
}

package io.messagecenter.redis;

import io.messagecenter.domain.contract.PresenceContract;
import io.messagecenter.domain.presence.Presence;

class PresenceOnOneServerTest extends PresenceContract {
    private final String prefix = Nodes.freshPrefix();

    @Override
    protected Presence openPresence() {
        return Nodes.presence(TestRedis.sharedUrl(), prefix);
    }
}

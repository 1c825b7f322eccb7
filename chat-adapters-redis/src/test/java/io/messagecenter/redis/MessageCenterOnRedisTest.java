package io.messagecenter.redis;

import io.messagecenter.domain.contract.MessageCenterContract;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.storage.Storage;

/** Whole nodes that hear of each other by Redis alone. */
class MessageCenterOnRedisTest extends MessageCenterContract {
    private final InMemoryStorage storage = new InMemoryStorage();
    private final String prefix = Nodes.freshPrefix();

    @Override
    protected Storage openStorage() {
        return storage;
    }

    @Override
    protected Notifier openNotifier() {
        return Nodes.notifier(TestRedis.sharedUrl(), prefix);
    }
}

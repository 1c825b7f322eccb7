package io.messagecenter.domain;

import io.messagecenter.domain.contract.MessageCenterContract;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.storage.Storage;

class InMemoryMessageCenterTest extends MessageCenterContract {
    private final InMemoryStorage storage = new InMemoryStorage();
    private final InMemoryNotifier notifier = new InMemoryNotifier();

    @Override
    protected Storage openStorage() {
        return storage;
    }

    @Override
    protected Notifier openNotifier() {
        return notifier.anotherNode();
    }
}

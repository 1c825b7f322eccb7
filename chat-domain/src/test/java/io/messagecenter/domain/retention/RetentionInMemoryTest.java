package io.messagecenter.domain.retention;

import io.messagecenter.domain.contract.RetentionContract;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.storage.Storage;

class RetentionInMemoryTest extends RetentionContract {
    private final InMemoryStorage shared = new InMemoryStorage();

    @Override
    protected Storage openStorage() {
        return shared;
    }
}

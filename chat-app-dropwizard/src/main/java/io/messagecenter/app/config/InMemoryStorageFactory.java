package io.messagecenter.app.config;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;

/** {@code type: in-memory}: nothing outlives the process. */
@JsonTypeName("in-memory")
public final class InMemoryStorageFactory implements StorageFactory {
    @Override
    public Storage build(MetricRegistry metrics, Telemetry telemetry) {
        return new InMemoryStorage();
    }
}

package io.messagecenter.app.config;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;

/** A storage that somebody else's jar brings along. */
@JsonTypeName("third-party")
public final class ThirdPartyStorageFactory implements StorageFactory {
    @JsonProperty
    private String greeting = "";

    public String greeting() {
        return greeting;
    }

    @Override
    public Storage build(MetricRegistry metrics, Telemetry telemetry) {
        return new InMemoryStorage();
    }
}

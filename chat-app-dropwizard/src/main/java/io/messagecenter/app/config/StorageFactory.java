package io.messagecenter.app.config;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.jackson.Discoverable;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;

/**
 * A kind of storage, chosen by its {@code type} in YAML. A jar adds its own by naming the class in
 * {@code META-INF/services/io.messagecenter.app.config.StorageFactory} and annotating it with {@code @JsonTypeName}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface StorageFactory extends Discoverable {
    /** Builds the storage of a node. Whoever asked for it closes it. */
    Storage build(MetricRegistry metrics, Telemetry telemetry);

    /** Builds the storage for a command, which may share it with a service that runs already. */
    default Storage buildForCommand(MetricRegistry metrics) {
        return build(metrics, Telemetry.NONE);
    }
}

package io.messagecenter.app.config;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.jackson.Discoverable;
import io.messagecenter.app.limit.SharedCounts;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.telemetry.Telemetry;
import java.util.Map;
import java.util.Optional;

/**
 * What connects nodes, chosen by its {@code type} in YAML. A jar adds its own by naming the class in
 * {@code META-INF/services/io.messagecenter.app.config.NotifierFactory} and annotating it with {@code @JsonTypeName}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface NotifierFactory extends Discoverable {
    /** Builds it. Must not fail because what it connects to is away. */
    Connection build(Telemetry telemetry);

    /**
     * What connects this node to the others.
     *
     * @param health checks by name, of whatever stands between the nodes
     * @param counts for the limits of all nodes together; without it each node has its own
     */
    record Connection(
            Notifier notifier, Presence presence, Map<String, HealthCheck> health, Optional<CloseableCounts> counts) {
        public Connection(Notifier notifier, Presence presence, Map<String, HealthCheck> health) {
            this(notifier, presence, health, Optional.empty());
        }
    }

    /** Counts that end with the service. */
    interface CloseableCounts extends SharedCounts, AutoCloseable {
        @Override
        void close();
    }
}

package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryPresence;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.telemetry.Telemetry;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code type: in-memory}: for one node alone. It takes, and does not need, the address of another type, so that a file
 * can leave the choice of type to the environment.
 */
@JsonTypeName("in-memory")
@JsonIgnoreProperties("url")
public final class InMemoryNotifierFactory implements NotifierFactory {
    @NotNull @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
    @JsonProperty
    private Duration presenceGrace = Duration.milliseconds(Presence.GRACE.toMillis());

    @Override
    public Connection build(Telemetry telemetry) {
        var presence = new InMemoryPresence(presenceGrace.toJavaDuration(), Clock.systemUTC());
        return new Connection(new InMemoryNotifier(), presence, Map.of());
    }
}

package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryPresence;
import io.messagecenter.domain.telemetry.Telemetry;
import java.util.Map;

/**
 * {@code type: in-memory}: for one node alone. It takes, and does not need, the address of another type, so that a file
 * can leave the choice of type to the environment.
 */
@JsonTypeName("in-memory")
@JsonIgnoreProperties("url")
public final class InMemoryNotifierFactory implements NotifierFactory {
    @Override
    public Connection build(Telemetry telemetry) {
        return new Connection(new InMemoryNotifier(), new InMemoryPresence(), Map.of());
    }
}

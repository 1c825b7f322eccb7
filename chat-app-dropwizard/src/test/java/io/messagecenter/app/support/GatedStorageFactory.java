package io.messagecenter.app.support;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.messagecenter.app.config.StorageFactory;
import io.messagecenter.domain.contract.ForwardingStorage;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.UserStore;
import java.util.function.UnaryOperator;

/** {@code type: gated}: a storage in memory that asks a test before it tells anybody's password. */
@JsonTypeName("gated")
public final class GatedStorageFactory implements StorageFactory {
    private static volatile UnaryOperator<UserStore> gate = UnaryOperator.identity();

    /** Has the services that start from now on ask a store of the test's, which stands before their own. */
    public static void gate(UnaryOperator<UserStore> value) {
        gate = value;
    }

    @Override
    public Storage build(MetricRegistry metrics, Telemetry telemetry) {
        var storage = new InMemoryStorage();
        var users = gate.apply(storage.users());
        return new ForwardingStorage(storage) {
            @Override
            public UserStore users() {
                return users;
            }
        };
    }
}

package io.messagecenter.app.command;

import io.dropwizard.core.Configuration;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.MigrationsBundle;
import io.messagecenter.app.config.ChatConfiguration;
import io.messagecenter.app.config.MysqlStorageFactory;
import io.messagecenter.mysql.MysqlStorage;
import java.util.function.Function;

/** {@code db migrate}, {@code db status} and the like, for a storage that has a schema. */
public final class SchemaBundle<T extends Configuration> extends MigrationsBundle<T> {
    private final Function<T, ChatConfiguration> configuration;

    /**
     * To be added to a bootstrap.
     *
     * @param configuration where the application keeps the configuration of the message center
     */
    public SchemaBundle(Function<T, ChatConfiguration> configuration) {
        this.configuration = configuration;
    }

    @Override
    public String getMigrationsFileName() {
        return MysqlStorage.CHANGELOG;
    }

    @Override
    public PooledDataSourceFactory getDataSourceFactory(T config) {
        if (configuration.apply(config).storage() instanceof MysqlStorageFactory mysql) {
            return mysql.database();
        }
        throw new IllegalArgumentException("This configuration's storage has no schema");
    }
}

package io.messagecenter.mysql;

import io.messagecenter.domain.contract.RetentionContract;
import io.messagecenter.domain.storage.Storage;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Nodes that drop what was kept long enough, on a database of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RetentionOnADatabase extends RetentionContract {
    private DataSource pool;

    /** A new database. */
    abstract TestDatabase database();

    @BeforeAll
    final void open() {
        pool = database().pool(12);
        MysqlStorage.of(pool).migrate();
    }

    @AfterAll
    final void close() {
        pool.close(true);
    }

    @Override
    protected Storage openStorage() {
        return MysqlStorage.of(pool);
    }
}

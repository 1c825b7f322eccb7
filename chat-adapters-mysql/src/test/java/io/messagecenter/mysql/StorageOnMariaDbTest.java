package io.messagecenter.mysql;

class StorageOnMariaDbTest extends StorageOnADatabase {
    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}

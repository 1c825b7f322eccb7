package io.messagecenter.mysql;

class RetentionOnMariaDbTest extends RetentionOnADatabase {
    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}

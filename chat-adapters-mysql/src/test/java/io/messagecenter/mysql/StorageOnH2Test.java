package io.messagecenter.mysql;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class StorageOnH2Test extends StorageOnADatabase {
    @TempDir
    private static Path directory;

    @Override
    TestDatabase database() {
        return TestDatabase.h2(directory);
    }
}

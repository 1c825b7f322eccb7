package io.messagecenter.mysql;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RetentionOnH2Test extends RetentionOnADatabase {
    @TempDir
    private static Path directory;

    @Override
    TestDatabase database() {
        return TestDatabase.h2(directory);
    }
}

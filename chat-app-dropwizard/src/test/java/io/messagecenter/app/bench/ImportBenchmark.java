package io.messagecenter.app.bench;

import io.messagecenter.app.bench.Report.Mark;
import io.messagecenter.mysql.DjangoDatabase;
import io.messagecenter.mysql.DjangoImport;
import io.messagecenter.mysql.MysqlStorage;
import io.messagecenter.mysql.TestDatabase;

/** {@code import-django} from the original's tables into an empty message center, both on the one server. */
final class ImportBenchmark {
    private static final int USERS = 1_000;
    private static final int MESSAGES = 200_000;
    private static final int ROUNDS = 3;

    private ImportBenchmark() {}

    static void run(Report report) {
        try (var original = new DjangoDatabase(TestDatabase.mariaDb("chat_bench_original"), "utf8mb4")) {
            original.users(USERS);
            original.messages(1, MESSAGES, USERS);
            measure(original);
            var rates = new Rounds();
            for (int round = 0; round < ROUNDS; round++) {
                rates.add(measure(original));
            }
            report.promise(
                    "`import-django`: messages a second",
                    Mark.AT_LEAST,
                    20_000,
                    rates.median(),
                    "%,.0f/s",
                    rates.spread("%,.0f"));
        }
        report.setting("`import-django`: " + String.format("%,d", MESSAGES) + " messages of about 70 characters among "
                + String.format("%,d", USERS)
                + " users, each of whom writes to twenty, from one database of the server into another; " + ROUNDS
                + " rounds, each into an empty one, after one that does not count");
    }

    /** Messages a second, users included. */
    private static double measure(DjangoDatabase original) {
        var pool = TestDatabase.mariaDb("chat_bench_import").pool(2);
        try (var storage =
                MysqlStorage.builder(pool).closing(() -> pool.close(true)).build()) {
            storage.migrate();
            long start = System.nanoTime();
            var done = DjangoImport.into(storage, new Silent()).run(original.address());
            double seconds = (System.nanoTime() - start) / 1e9;
            if (done.messages() < MESSAGES * 0.99) {
                throw new BenchmarkFailed("Only " + done.messages() + " messages were imported");
            }
            return done.messages() / seconds;
        }
    }

    private static final class Silent implements DjangoImport.Listener {
        @Override
        public void progressed(DjangoImport.Progress progress) {
            // The figure is what counts.
        }

        @Override
        public void noted(String line) {
            throw new BenchmarkFailed(line);
        }
    }
}

package io.messagecenter.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Runs a load until the service's JVM has little left to compile: what is measured before that is the compiler. Bounded,
 * and what it came to is written down.
 */
final class WarmUp {
    private static final String COMPILERS = "C[12] CompilerThre.*";
    private static final double LITTLE = 0.05;
    private static final int RESTS_IN_A_ROW = 2;

    private final long pid;
    private final Duration atMost;

    WarmUp(long pid, Duration atMost) {
        this.pid = pid;
        this.atMost = atMost;
    }

    /** A few seconds of load. */
    @FunctionalInterface
    interface Load {
        void run() throws IOException;
    }

    /** How long it took, and what the compilers' share of the service's processor time was at its end, in words. */
    String run(Load load) throws IOException {
        long start = System.nanoTime();
        double share = 1;
        for (int rests = 0; rests < RESTS_IN_A_ROW && System.nanoTime() - start < atMost.toNanos(); ) {
            var before = compilers();
            long used = ProcessCpu.millis(pid);
            load.run();
            share = (double) grown(before, compilers()) / Math.max(1, ProcessCpu.millis(pid) - used);
            rests = share < LITTLE ? rests + 1 : 0;
        }
        return String.format(
                "%.0f s; compilers at its end: %.0f %% of the service's time",
                (System.nanoTime() - start) / 1e9, 100 * share);
    }

    private Map<Long, Long> compilers() throws IOException {
        return ProcessCpu.threadMillis(pid, COMPILERS);
    }

    /** Compiler threads come and go; one that went has taken its count with it. */
    private static long grown(Map<Long, Long> before, Map<Long, Long> after) {
        long grown = 0;
        for (var thread : after.entrySet()) {
            grown += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return grown;
    }
}

package io.messagecenter.app.operate;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process that was told to end and does not, say because the database hangs. What is not answered by then, its
 * sender repeats; what is acknowledged is stored.
 */
public final class LeaveInTime {
    private static final Logger LOG = LoggerFactory.getLogger(LeaveInTime.class);
    private static final Duration IN_TIME = Duration.ofSeconds(9);
    private static final int UNFINISHED = 1;

    private LeaveInTime() {}

    /** Watches over the end of this JVM. */
    public static void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(LeaveInTime::watch, "leave-in-time"));
    }

    private static void watch() {
        long start = System.nanoTime();
        var thread = new Thread(
                () -> {
                    while (System.nanoTime() - start < IN_TIME.toNanos()) {
                        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                    }
                    LOG.warn("Left without having finished, {} s after it was told to stop", IN_TIME.toSeconds());
                    Runtime.getRuntime().halt(UNFINISHED);
                },
                "leave-in-time");
        thread.setDaemon(true);
        thread.start();
    }
}

package io.messagecenter.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The threads of this adapter: named, and none keeps a JVM alive. */
final class Daemons {
    private static final Logger LOG = System.getLogger(Daemons.class.getName());

    private Daemons() {}

    static Thread of(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Repeats a task until the scheduler ends, also after it has failed. */
    static void repeat(ScheduledExecutorService scheduler, Duration period, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "Failed, and is tried again", e);
            }
        };
        long millis = period.toMillis();
        var unused = scheduler.scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for another thread's end, but not for ever; an interrupt is kept for the caller. */
    static void join(Thread thread, long millis) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

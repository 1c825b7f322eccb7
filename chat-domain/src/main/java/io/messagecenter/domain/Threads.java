package io.messagecenter.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one message center, each named after what it does. They keep no program from ending. */
final class Threads {
    private final List<ExecutorService> pools = new ArrayList<>();

    /** One thread that does things when they are due. */
    ScheduledExecutorService one(String name) {
        return kept(Executors.newSingleThreadScheduledExecutor(daemons(name)));
    }

    /** Threads for which work waits, however much it is. */
    ExecutorService some(int count, String name) {
        return kept(Executors.newFixedThreadPool(count, daemons(name)));
    }

    /** Threads for which so much work waits at most; what is more they reject. */
    ExecutorService some(int count, String name, int waiting) {
        return kept(new ThreadPoolExecutor(
                count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), daemons(name)));
    }

    /** Ends all of them once they have done what they were given; interrupts those that take longer than this. */
    void end(Duration patience) {
        pools.forEach(ExecutorService::shutdown);
        long end = System.nanoTime() + patience.toNanos();
        pools.forEach(pool -> await(pool, end - System.nanoTime()));
    }

    /** The same for one of them, ahead of the others. */
    static void end(ExecutorService pool, Duration patience) {
        pool.shutdown();
        await(pool, patience.toNanos());
    }

    private <T extends ExecutorService> T kept(T pool) {
        pools.add(pool);
        return pool;
    }

    private static void await(ExecutorService pool, long nanos) {
        try {
            if (!pool.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory daemons(String name) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}

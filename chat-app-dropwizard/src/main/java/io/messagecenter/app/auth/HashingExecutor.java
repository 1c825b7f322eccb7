package io.messagecenter.app.auth;

import io.dropwizard.lifecycle.Managed;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs what hashes passwords: a few at once, some more waiting, the rest refused, so that sign-ins can neither starve
 * messages nor fill the memory. Thread-safe.
 */
public final class HashingExecutor implements Managed {
    private static final int WAITING = 256;

    private final ThreadPoolExecutor threads;
    private volatile boolean stopping;

    /**
     * Starts no thread yet.
     *
     * @param atOnce how many hashes are made at once, 1 or more
     */
    public HashingExecutor(int atOnce) {
        var count = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(atOnce, atOnce, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    var thread = new Thread(task, "password-hash-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Completes with what the task returns or throws; fails with {@code OVERLOADED} if too many wait. */
    public <T> CompletableFuture<T> submit(Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        if (stopping) {
                            throw ChatException.of(ErrorCode.OVERLOADED, "The service stops.");
                        }
                        return task.get();
                    },
                    threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    ChatException.of(ErrorCode.OVERLOADED, "Too many people are signing in just now."));
        }
    }

    /** Refuses what waits, and whatever comes; what has begun is finished. */
    public void refuse() {
        stopping = true;
    }

    @Override
    public void stop() {
        threads.shutdown();
    }
}

package io.messagecenter.domain.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets threads loose on something at the same moment. */
public final class Race {
    private static final long TIMEOUT_SECONDS = 100;

    private Race() {}

    /** What one thread does. */
    @FunctionalInterface
    public interface Task<T> {
        T run(int thread) throws Exception;
    }

    /**
     * Runs a task in so many threads, all starting at once.
     *
     * @return what each of them returned, in the order of their numbers
     * @throws RuntimeException what the first of them threw, if any did
     */
    public static <T> List<T> run(int threads, Task<T> task) {
        var pool = Executors.newFixedThreadPool(threads);
        try {
            var start = new CyclicBarrier(threads);
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                futures.add(pool.submit(() -> {
                    start.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                    return task.run(thread);
                }));
            }
            var results = new ArrayList<T>();
            for (var future : futures) {
                results.add(future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new CompletionException(e);
        } finally {
            pool.shutdownNow();
        }
    }
}

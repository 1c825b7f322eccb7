package io.messagecenter.app.auth;

import io.dropwizard.lifecycle.Managed;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs what hashes passwords: a few at once, some more waiting, the rest refused, so that sign-ins can neither starve
 * messages nor fill the memory. Those that wait have fair turns by where they come from, so that one network that asks for
 * thousands holds up another by one turn. Every other turn is for people who are at a known place of theirs, as long as
 * there are such. Thread-safe.
 */
public final class HashingExecutor implements Managed {
    static final int WAITING = 256;

    /** Of one address, behind which there may be a whole office. */
    static final int WAITING_OF_ONE = 128;

    private static final String STOPS = "The service stops.";

    private final int atOnce;
    private final ExecutorService threads;
    private final TurnQueue<Task<?>> waiting = new TurnQueue<>(WAITING, WAITING_OF_ONE);
    private final Object lock = new Object();
    private int working;
    private volatile boolean stopping;

    private record Task<T>(Supplier<T> supplier, CompletableFuture<T> result) {
        void run() {
            if (!result.isDone()) { // nobody waits for what was cancelled
                try {
                    result.complete(supplier.get());
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            }
        }

        void refuse(String why) {
            result.completeExceptionally(ChatException.of(ErrorCode.OVERLOADED, why));
        }
    }

    /**
     * Starts no thread yet.
     *
     * @param atOnce how many hashes are made at once, 1 or more
     */
    public HashingExecutor(int atOnce) {
        var count = new AtomicInteger();
        this.atOnce = atOnce;
        threads = Executors.newFixedThreadPool(atOnce, task -> {
            var thread = new Thread(task, "password-hash-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Completes with what the task returns or throws; fails with {@code OVERLOADED} if too many wait.
     *
     * @param networks those that who asks is in, from the narrowest on
     * @param known whether who asks is at a place where they have proven before who they are, or has proven it otherwise
     */
    public <T> CompletableFuture<T> submit(List<String> networks, boolean known, Supplier<T> supplier) {
        var task = new Task<>(supplier, new CompletableFuture<T>());
        Optional<Task<?>> refused = Optional.empty();
        synchronized (lock) {
            if (stopping) {
                task.refuse(STOPS);
            } else if (working < atOnce) { // and so nobody waits
                working++;
                threads.execute(() -> work(task));
            } else {
                refused = waiting.add(place(networks, known), task);
            }
        }
        refused.ifPresent(one -> one.refuse("Too many people are signing in just now."));
        return task.result();
    }

    /** From the widest network on: whoever has many small ones has one turn all the same. */
    private static List<String> place(List<String> networks, boolean known) {
        var place = new ArrayList<>(networks);
        place.add(known ? "known" : "new");
        Collections.reverse(place);
        return place;
    }

    private void work(Task<?> first) {
        for (Optional<Task<?>> next = Optional.of(first); next.isPresent(); next = next()) {
            if (stopping) {
                next.get().refuse(STOPS);
            } else {
                next.get().run();
            }
        }
    }

    private Optional<Task<?>> next() {
        synchronized (lock) {
            var next = waiting.poll();
            if (next.isEmpty()) {
                working--;
            }
            return next;
        }
    }

    /** Refuses what waits, and whatever comes; what has begun is finished. */
    public void refuse() {
        stopping = true;
    }

    @Override
    public void stop() {
        synchronized (lock) {
            stopping = true;
        }
        threads.shutdown();
    }
}

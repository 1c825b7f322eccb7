package io.messagecenter.domain.commit;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.telemetry.Telemetry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns many small requests into few transactions: whatever has queued up while one batch was committed becomes the
 * next. There is no timer, so a request that finds nobody else waiting is committed at once.
 *
 * <p>One thread commits; another passes the results on, in the order of the commits, while the next batch is on its way.
 * Futures complete on that second thread: what depends on them must not wait there. The queue is bounded. Thread-safe.
 *
 * @param <T> a request
 * @param <R> what became of it
 */
public final class GroupCommit<T, R> implements AutoCloseable {
    private static final Logger LOG = System.getLogger(GroupCommit.class.getName());

    /** So many committed batches may wait to be passed on before the next one has to. */
    private static final int COMMITTED_AHEAD = 4;

    /**
     * How much at once.
     *
     * @param batch the most requests in one transaction
     * @param queue the most requests that wait; one more is refused
     * @param batchWeight a transaction takes no further request once its requests weigh so much
     * @param queueWeight the most that all requests may weigh that are not answered yet; what would be more is refused,
     *     unless it is alone
     */
    public record Limits(int batch, int queue, long batchWeight, long queueWeight) {
        public static final Limits DEFAULT = new Limits(512, 4_096);

        private static final long BATCH_WEIGHT = 1_000_000;
        private static final long QUEUE_WEIGHT = 8_000_000;

        public Limits {
            if (batch < 1 || queue < 1 || batchWeight < 1 || queueWeight < 1) {
                throw new IllegalArgumentException("A batch and a queue hold at least one request");
            }
        }

        /** With weights that suit a small heap: some 16 MB of text wait at the most. */
        public Limits(int batch, int queue) {
            this(batch, queue, BATCH_WEIGHT, QUEUE_WEIGHT);
        }
    }

    private final Limits limits;
    private final ToLongFunction<T> weigher;
    private final AtomicLong weight = new AtomicLong();
    private final Function<List<T>, List<R>> commit;
    private final Consumer<List<R>> committed;
    private final Telemetry telemetry;
    private final BlockingQueue<Pending<T, R>> queue;
    private final BlockingQueue<Runnable> results = new ArrayBlockingQueue<>(COMMITTED_AHEAD);
    private final Pending<T, R> end = new Pending<>(null);
    private final Thread committer;
    private final Thread completer;
    private volatile boolean closed;

    /** Whether there will be no more results; the completer's alone. */
    private boolean passedOn;

    /**
     * Starts its two threads.
     *
     * @param weigher what a request weighs, in the unit of the limits: about what it takes in memory
     * @param commit commits a batch, whole or not at all, and answers each request in its place. If it throws, the batch
     *     is tried again in halves, until the request at fault fails alone; but if it throws {@code UNAVAILABLE}, whether
     *     the batch took effect is unknown, and all of it fails.
     * @param committed is told of each batch's answers before its futures complete
     */
    public GroupCommit(
            String name,
            Limits limits,
            ToLongFunction<T> weigher,
            Function<List<T>, List<R>> commit,
            Consumer<List<R>> committed,
            Telemetry telemetry) {
        this.limits = limits;
        this.weigher = weigher;
        this.commit = commit;
        this.committed = committed;
        this.telemetry = telemetry;
        this.queue = new ArrayBlockingQueue<>(limits.queue());
        this.committer = daemon(name + "-commit", this::commitUntilClosed);
        this.completer = daemon(name + "-complete", this::completeUntilClosed);
        committer.start();
        completer.start();
    }

    private static Thread daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Queues a request.
     *
     * @return completes once it is committed; fails with {@code OVERLOADED} if the queue is full or closed, with
     *     {@code UNAVAILABLE} if the store is, or with what the request itself made the commit throw
     */
    public CompletableFuture<R> submit(T request) {
        var pending = new Pending<T, R>(request);
        long own = weigher.applyAsLong(request);
        long all = weight.addAndGet(own);
        var unused = pending.answer.whenComplete((answer, failure) -> weight.addAndGet(-own));
        if (closed || (all > limits.queueWeight() && all > own) || !queue.offer(pending)) {
            pending.answer.completeExceptionally(overloaded());
        } else if (closed && queue.remove(pending)) {
            pending.answer.completeExceptionally(overloaded()); // it came after the last batch
        }
        return pending.answer;
    }

    /** How many requests wait. */
    public int queued() {
        return queue.size();
    }

    /** How many may wait. */
    public int capacity() {
        return limits.queue();
    }

    /**
     * Takes no more requests, commits all that were taken, passes their results on, and returns; if interrupted, it
     * returns before that is done.
     */
    @Override
    public void close() {
        closed = true;
        // Wakes the committer if it waits; where there is no room for it, it has enough to wake up for.
        queue.offer(end);
        try {
            committer.join();
            completer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void commitUntilClosed() {
        try {
            var next = take();
            while (next.isPresent()) {
                var batch = batch(next.get());
                if (!batch.isEmpty()) {
                    commitOrFail(batch);
                }
                next = take();
            }
            results.put(() -> passedOn = true);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this thread", e);
        }
    }

    /** A request, and what has queued up behind it. */
    private List<Pending<T, R>> batch(Pending<T, R> first) {
        var batch = new ArrayList<Pending<T, R>>();
        long heavy = 0;
        for (var next = first; next != null; next = full(batch, heavy) ? null : queue.poll()) {
            if (next != end) {
                batch.add(next);
                heavy += weigher.applyAsLong(next.request());
            }
        }
        return batch;
    }

    private boolean full(List<Pending<T, R>> batch, long heavy) {
        return batch.size() >= limits.batch() || heavy >= limits.batchWeight();
    }

    /** Whatever happens, the next batch has its turn. */
    private void commitOrFail(List<Pending<T, R>> batch) throws InterruptedException {
        try {
            commit(batch);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "A batch of " + batch.size() + " failed", e);
            results.put(() -> batch.forEach(pending -> pending.answer.completeExceptionally(e)));
        }
    }

    /** The next request; empty if there is none and there will not be any. */
    private Optional<Pending<T, R>> take() throws InterruptedException {
        return closed ? Optional.ofNullable(queue.poll()) : Optional.of(queue.take());
    }

    private void commit(List<Pending<T, R>> batch) throws InterruptedException {
        var requests = new ArrayList<T>(batch.size());
        for (var pending : batch) {
            requests.add(pending.request());
        }
        long start = System.nanoTime();
        List<R> answers;
        try {
            answers = commit.apply(requests);
            if (answers.size() != batch.size()) {
                throw new IllegalStateException(answers.size() + " answers to " + batch.size() + " requests");
            }
        } catch (RuntimeException | Error e) {
            commitInHalves(batch, e);
            return;
        }
        tell(batch.size(), Duration.ofNanos(System.nanoTime() - start));
        results.put(() -> complete(batch, answers));
    }

    /** What is committed stays so, whatever somebody else's telemetry makes of it. */
    private void tell(int size, Duration took) {
        try {
            telemetry.committed(size, took);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "Committed, but not measured", e);
        }
    }

    private void commitInHalves(List<Pending<T, R>> batch, Throwable why) throws InterruptedException {
        boolean outage = why instanceof ChatException e && e.code() == ErrorCode.UNAVAILABLE;
        if (batch.size() == 1 || outage || why instanceof Error) {
            LOG.log(Level.WARNING, "A batch of " + batch.size() + " failed: " + Reasons.of(why));
            results.put(() -> batch.forEach(pending -> pending.answer.completeExceptionally(why)));
        } else {
            int half = batch.size() / 2;
            commit(batch.subList(0, half));
            commit(batch.subList(half, batch.size()));
        }
    }

    private void completeUntilClosed() {
        try {
            while (!passedOn) {
                passOn(results.take());
                if (Thread.interrupted()) {
                    LOG.log(Level.WARNING, "What depends on a result left this thread interrupted");
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this thread", e);
        }
    }

    /** Whatever happens, the next results have their turn. */
    private static void passOn(Runnable result) {
        try {
            result.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "What became of a batch was not told to all", e);
        }
    }

    private void complete(List<Pending<T, R>> batch, List<R> answers) {
        try {
            committed.accept(answers);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "Committed, but not passed on", e); // whoever follows a feed finds it there
        }
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer.complete(answers.get(i));
        }
    }

    private static ChatException overloaded() {
        return ChatException.of(ErrorCode.OVERLOADED, "Too many requests are waiting.");
    }

    private static final class Pending<T, R> {
        private final @Nullable T request;
        private final CompletableFuture<R> answer = new CompletableFuture<>();

        Pending(@Nullable T request) {
            this.request = request;
        }

        T request() {
            return Objects.requireNonNull(request);
        }
    }
}

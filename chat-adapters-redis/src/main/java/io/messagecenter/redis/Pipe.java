package io.messagecenter.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Sends commands to one server, from one thread on one connection: whatever waits goes out together, and then the
 * replies are read. Nobody waits for it: the queue is bounded, and while the server is out of reach nothing is taken.
 * Reconnects for ever. Thread-safe.
 */
final class Pipe {
    private static final Logger LOG = System.getLogger(Pipe.class.getName());

    /** Enough to make a round trip cheap; so few that the replies never fill a socket while nobody reads them. */
    private static final int TOGETHER = 1_000;

    /** Such a part of the queue is open to what is fleeting. */
    private static final int FLEETING = 10;

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** Some commands. Exactly one of {@link #done} and {@link #lost} is called, on the pipe's thread. */
    interface Job {
        /** How much it takes of the queue; about the number of commands. */
        int weight();

        /** Whether it goes before all that waits. */
        default boolean isUrgent() {
            return false;
        }

        /** Whether it is not worth any other's place: it is taken only while little waits. */
        default boolean isFleeting() {
            return false;
        }

        /** Writes the commands, and says how many. */
        int send(RedisConnection connection);

        /** Their replies, an exception in the place of each that failed. */
        void done(List<Object> replies);

        /** They may or may not have reached the server. */
        void lost();
    }

    /** Is called on the pipe's thread, before and between jobs. */
    interface Owner {
        /** There is a new connection, still unused; what this throws ends it. */
        default void onConnected(RedisConnection connection) {}

        /** From here on jobs are taken. */
        default void onReady() {}

        /** Connected, and nothing waits; comes now and then again. */
        default void onIdle() {}
    }

    private final HostAndPort server;
    private final Topology topology;
    private final Duration timeout;
    private final int capacity;
    private final Health health;
    private final Owner owner;
    private final Thread thread;

    private final ArrayDeque<Job> queue = new ArrayDeque<>(); // this and the next three guarded by this
    private int queued;
    private boolean ready;
    private boolean closing;

    private volatile @Nullable RedisConnection connection;
    private volatile boolean busy;
    private volatile long busySince; // means nothing unless busy
    private volatile boolean stopped;

    /**
     * Starts its thread.
     *
     * @param capacity how much may wait
     * @param timeout how long the server may take to answer before it counts as lost
     */
    Pipe(
            HostAndPort server,
            Topology topology,
            String threadName,
            int capacity,
            Duration timeout,
            Health health,
            Owner owner) {
        this.server = server;
        this.topology = topology;
        this.capacity = capacity;
        this.timeout = timeout;
        this.health = health;
        this.owner = owner;
        this.thread = Daemons.of(threadName + "-" + server, this::run);
        health.added(this);
        thread.start();
    }

    /** Takes a job, or says at once that it cannot; then the job hears nothing. */
    synchronized boolean offer(Job job) {
        int room = job.isFleeting() ? capacity / FLEETING : capacity;
        if (closing || !ready || (queued > 0 && queued + job.weight() > room)) {
            return false;
        }
        if (job.isUrgent()) {
            queue.addFirst(job);
        } else {
            queue.addLast(job);
        }
        queued += job.weight();
        notifyAll();
        return true;
    }

    /** Ends the connection if the server has not answered for too long; a write waits for ever by itself. */
    void watch() {
        if (busy && System.nanoTime() - busySince > 2 * timeout.toNanos()) {
            kill();
        }
    }

    /** Closes pipes together: they take no more, send what waits, for two seconds at most, and end. */
    static void closeAll(Fleet<Pipe> pipes) {
        pipes.forEach(Pipe::beginToClose);
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        pipes.forEach(pipe -> {
            Daemons.join(pipe.thread, Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            pipe.stopNow();
        });
    }

    private void beginToClose() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        if (connection == null) {
            thread.interrupt();
        }
    }

    /** For a server that is no longer responsible. */
    void stopNow() {
        stopped = true;
        beginToClose();
        kill();
        thread.interrupt();
    }

    private void kill() {
        var current = connection;
        if (current != null) {
            current.kill();
        }
    }

    private void run() {
        var backoff = new Backoff();
        try {
            while (!isClosing()) {
                try {
                    connect();
                    serve(backoff);
                } catch (RuntimeException e) {
                    disconnect(e);
                }
                if (!isClosing()) {
                    TimeUnit.MILLISECONDS.sleep(backoff.nextMillis());
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "Closed", e);
        } finally {
            health.removed(this);
            disconnect(null);
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private void connect() {
        var fresh = topology.connect(server);
        connection = fresh;
        if (stopped) {
            fresh.kill();
        }
        fresh.ping();
        owner.onConnected(fresh);
        synchronized (this) {
            ready = true;
        }
        health.up(this);
        owner.onReady();
    }

    private void disconnect(@Nullable RuntimeException reason) {
        List<Job> lost;
        synchronized (this) {
            ready = false;
            lost = List.copyOf(queue);
            queue.clear();
            queued = 0;
        }
        busy = false;
        kill();
        connection = null;
        lost.forEach(Pipe::tellLost);
        if (reason != null && !isClosing()) {
            health.down(this, reason);
            topology.askSoon();
        }
    }

    private void serve(Backoff backoff) throws InterruptedException {
        owner.onIdle();
        while (true) {
            var jobs = take();
            if (jobs.isEmpty() && isClosing()) {
                return;
            }
            busySince = System.nanoTime();
            busy = true;
            if (jobs.isEmpty()) {
                connected().ping();
            } else {
                exchange(jobs);
            }
            busy = false;
            backoff.reset();
            if (jobs.isEmpty() || nothingWaits()) {
                owner.onIdle();
            }
        }
    }

    private RedisConnection connected() {
        var current = connection;
        if (current == null) {
            throw new IllegalStateException("Not connected");
        }
        return current;
    }

    private synchronized boolean nothingWaits() {
        return queue.isEmpty();
    }

    /** What waits; nothing if nothing came for a while, or never will. */
    private synchronized List<Job> take() throws InterruptedException {
        long patience = timeout.toNanos() / 2;
        long deadline = System.nanoTime() + patience;
        while (queue.isEmpty() && !closing && patience > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, patience);
            patience = deadline - System.nanoTime();
        }
        var jobs = new ArrayList<Job>();
        int weight = 0;
        while (weight < TOGETHER && !queue.isEmpty()) {
            var job = queue.remove();
            weight += job.weight();
            jobs.add(job);
        }
        queued -= weight;
        return jobs;
    }

    private void exchange(List<Job> jobs) {
        List<Object> replies;
        int[] ends = new int[jobs.size()];
        try {
            int sent = 0;
            for (int i = 0; i < jobs.size(); i++) {
                sent += jobs.get(i).send(connected());
                ends[i] = sent;
            }
            replies = connected().getMany(sent);
        } catch (RuntimeException e) {
            jobs.forEach(Pipe::tellLost);
            throw e;
        }
        for (int i = 0; i < jobs.size(); i++) {
            tellDone(jobs.get(i), replies.subList(i == 0 ? 0 : ends[i - 1], ends[i]));
        }
        for (var reply : replies) {
            if (reply instanceof JedisRedirectionException) {
                topology.askSoon();
            } else if (reply instanceof JedisDataException refusal) {
                throw refusal; // loading, read-only, not allowed: whatever it is, it is not well
            }
        }
    }

    private static void tellDone(Job job, List<Object> replies) {
        try {
            job.done(replies);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Replies of Redis were not taken in", e); // the connection is still good
        }
    }

    private static void tellLost(Job job) {
        try {
            job.lost();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A loss was not taken in", e); // and the others still hear of theirs
        }
    }
}

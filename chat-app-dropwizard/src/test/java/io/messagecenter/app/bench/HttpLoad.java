package io.messagecenter.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Requests over a number of keep-alive connections, each with a request of its own that it repeats. An answer of an
 * unexpected status fails the run. Not thread-safe.
 */
final class HttpLoad implements AutoCloseable {
    /** How long the last answers may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final List<NumberedText> requests;
    private final int expected;
    private final List<HttpConnection> connections = new ArrayList<>();
    private final ArrayDeque<HttpConnection> idle = new ArrayDeque<>();
    private final long[] started;
    private Latencies latencies = new Latencies();
    private long number;
    private long sent;
    private long answered;
    private boolean again;
    private SendListener onSend = (connection, message, scheduled) -> {};

    /** Hears of each request as it leaves. */
    @FunctionalInterface
    interface SendListener {
        /**
         * A request leaves.
         *
         * @param number what its {@link NumberedText} has in it
         * @param scheduled when it was meant to leave, as by {@link System#nanoTime()}
         */
        void sending(int connection, long number, long scheduled);
    }

    /**
     * What came of a run.
     *
     * @param elapsed from the first request until everything had arrived
     * @param latencies from a request's start, in an open loop its scheduled start, to its answer
     */
    record Result(long answers, Duration elapsed, Latencies latencies) {
        double perSecond() {
            return answers / (elapsed.toNanos() / 1e9);
        }
    }

    /**
     * Connects, once for each request.
     *
     * @param expected the status that every answer must have
     */
    HttpLoad(EventLoop loop, InetSocketAddress server, List<NumberedText> requests, int expected) throws IOException {
        this.loop = loop;
        this.requests = List.copyOf(requests);
        this.expected = expected;
        this.started = new long[requests.size()];
        for (int i = 0; i < requests.size(); i++) {
            var connection = new HttpConnection(loop, server, i, this::answered);
            connections.add(connection);
            idle.add(connection);
        }
    }

    void onSend(SendListener listener) {
        onSend = listener;
    }

    /** Requests that left so far, over all runs. */
    long sent() {
        return sent;
    }

    /**
     * As fast as answers come: each connection sends again as soon as it is answered.
     *
     * @param settled what else must have happened before the clock stops
     */
    Result closed(Duration time, BooleanSupplier settled) throws IOException {
        latencies = new Latencies();
        long before = answered;
        long start = System.nanoTime();
        again = true;
        while (!idle.isEmpty()) {
            send(idle.remove(), System.nanoTime());
        }
        loop.run(() -> false, time);
        again = false;
        return finish(start, before, settled);
    }

    /**
     * At a fixed rate, whether answers come or not; a request for which no connection is free leaves late, and its
     * latency says so.
     */
    Result open(double perSecond, Duration time, BooleanSupplier settled) {
        latencies = new Latencies();
        long before = answered;
        long start = System.nanoTime();
        long end = start + time.toNanos();
        var pace = new Pace(perSecond, start);
        loop.run(() -> sendDue(pace, end), () -> pace.due() - end >= 0, time.plus(PATIENCE));
        return finish(start, before, settled);
    }

    private long sendDue(Pace pace, long end) {
        try {
            while (!idle.isEmpty() && pace.isDue(System.nanoTime()) && pace.due() - end < 0) {
                send(idle.remove(), pace.take());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Without a free connection, only an answer can change anything, and wakes the loop.
        return idle.isEmpty() ? Long.MAX_VALUE : pace.due() - System.nanoTime();
    }

    private Result finish(long start, long before, BooleanSupplier settled) {
        if (!loop.run(() -> answered == sent && settled.getAsBoolean(), PATIENCE)) {
            throw new BenchmarkFailed("After " + PATIENCE.toSeconds() + " s, " + (sent - answered) + " of " + sent
                    + " requests are without an answer, or what they cause has not all happened");
        }
        return new Result(answered - before, Duration.ofNanos(System.nanoTime() - start), latencies);
    }

    private void send(HttpConnection connection, long scheduled) throws IOException {
        int i = connection.number();
        long message = number++;
        started[i] = scheduled;
        sent++;
        onSend.sending(i, message, scheduled);
        connection.send(requests.get(i).with(message));
    }

    private void answered(HttpConnection connection, AnswerParser answer) throws IOException {
        if (answer.status() != expected) {
            throw new BenchmarkFailed("Status " + answer.status() + " instead of " + expected + ": " + answer.body());
        }
        answered++;
        long now = System.nanoTime();
        latencies.record(now - started[connection.number()]);
        if (again) {
            send(connection, now);
        } else {
            idle.add(connection);
        }
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
    }
}

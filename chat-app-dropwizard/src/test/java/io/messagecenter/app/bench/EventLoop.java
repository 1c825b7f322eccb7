package io.messagecenter.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Drives many connections on the caller's own thread: no hand-over between threads, so that the load generator takes
 * little from the machine it shares with what it measures. Not thread-safe.
 */
final class EventLoop implements AutoCloseable {
    /** Asked again after so long when nothing comes in, for conditions that depend on time. */
    private static final long LONGEST_SELECT = Duration.ofMillis(50).toNanos();

    private final Selector selector;

    EventLoop() throws IOException {
        selector = Selector.open();
    }

    /** Does what a connection can do now. */
    @FunctionalInterface
    interface Ready {
        void ready() throws IOException;
    }

    SelectionKey register(SocketChannel channel, int operations, Ready handler) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, handler);
    }

    /**
     * Serves the connections until {@code done}, for {@code limit} at most.
     *
     * @return whether it was done in time
     * @throws UncheckedIOException if a connection failed
     */
    boolean run(BooleanSupplier done, Duration limit) {
        return run(() -> LONGEST_SELECT, done, limit);
    }

    /**
     * Likewise, with work of the caller's between the connections' turns.
     *
     * @param tick answers in how many nanoseconds it wants to be called again; it is called at every turn in any case.
     *     Waiting is exact to a millisecond.
     */
    boolean run(LongSupplier tick, BooleanSupplier done, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!done.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                long pause = Math.min(Math.min(tick.getAsLong(), LONGEST_SELECT), left);
                if (pause <= 0) {
                    selector.selectNow(EventLoop::serve);
                } else {
                    selector.select(EventLoop::serve, (pause + 999_999) / 1_000_000);
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(SelectionKey key) {
        try {
            ((Ready) key.attachment()).ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the connections, too. */
    @Override
    public void close() throws IOException {
        for (var key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}

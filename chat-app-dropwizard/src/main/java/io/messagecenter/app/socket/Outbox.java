package io.messagecenter.app.socket;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * What is on its way to one client. It counts what the client has not taken yet, says when that is too much, and calls
 * back once it is little again: that keeps the memory bounded, since events wait in the store. Thread-safe.
 */
final class Outbox {
    private static final int MANY_FRAMES = 256;
    private static final int FEW_FRAMES = 64;
    private static final long MANY_CHARS = 512 * 1024;
    private static final long FEW_CHARS = 128 * 1024;

    private final Session session;
    private final Runnable drained;
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicLong chars = new AtomicLong();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private volatile long progress = System.nanoTime();

    /**
     * Empty.
     *
     * @param drained runs, on any thread, when there is room again after {@link #hasRoom} has said no
     */
    Outbox(Session session, Runnable drained) {
        this.session = session;
        this.drained = drained;
    }

    void send(String frame) {
        if (frames.getAndIncrement() == 0) {
            progress = System.nanoTime();
        }
        chars.addAndGet(frame.length());
        session.sendText(frame, Callback.from(() -> taken(frame.length()), failure -> taken(frame.length())));
    }

    boolean hasRoom() {
        if (!full()) {
            return true;
        }
        awaited.set(true);
        return !full(); // asked again, since it may have drained before it knew that somebody waits
    }

    /** How long the client has taken nothing though something waits for it, in nanoseconds. */
    long stalledNanos() {
        return frames.get() == 0 ? 0 : System.nanoTime() - progress;
    }

    private boolean full() {
        return frames.get() >= MANY_FRAMES || chars.get() >= MANY_CHARS;
    }

    private void taken(int length) {
        progress = System.nanoTime();
        int left = frames.decrementAndGet();
        long charsLeft = chars.addAndGet(-length);
        if (left <= FEW_FRAMES && charsLeft <= FEW_CHARS && awaited.compareAndSet(true, false)) {
            drained.run();
        }
    }
}

package io.messagecenter.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether all connections of one adapter stand, and one log line each time that this changes, however many there are and
 * however often they try. Thread-safe.
 */
final class Health {
    private enum State {
        NEW,
        UP,
        DOWN
    }

    private final Logger log;
    private final String what;
    private final String consequence;

    // Guarded by this.
    private final Map<Object, State> parts = new HashMap<>();
    private boolean down;
    private boolean closed;

    /**
     * @param what is connected
     * @param consequence of its not being connected, for the log
     */
    Health(Logger log, String what, String consequence) {
        this.log = log;
        this.what = what;
        this.consequence = consequence;
    }

    synchronized void added(Object part) {
        parts.put(part, State.NEW);
    }

    synchronized void removed(Object part) {
        parts.remove(part);
        sayIfBack();
    }

    synchronized void up(Object part) {
        if (parts.replace(part, State.UP) != null) {
            sayIfBack();
        }
    }

    synchronized void down(Object part, Throwable reason) {
        if (parts.replace(part, State.DOWN) != null && !down && !closed) {
            down = true;
            log.log(Level.WARNING, what + " is out of reach, " + consequence + ": " + reason.getMessage());
        }
    }

    synchronized boolean allUp() {
        return !parts.isEmpty() && parts.values().stream().allMatch(State.UP::equals);
    }

    /** From here on nothing is worth a line. */
    synchronized void close() {
        closed = true;
    }

    private void sayIfBack() {
        if (down && !closed && allUp()) {
            down = false;
            log.log(Level.INFO, what + " is back");
        }
    }
}

package io.messagecenter.app.bench;

/**
 * A fixed rate. Each start is scheduled beforehand and does not move when things get late, so that a latency counted
 * from it includes the time that a request had to wait for its turn. Not thread-safe.
 */
final class Pace {
    private final double perSecond;
    private final long start;
    private long taken;

    /**
     * Starts its schedule.
     *
     * @param start when the first one is due, as by {@link System#nanoTime()}
     */
    Pace(double perSecond, long start) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("A rate above zero, not " + perSecond);
        }
        this.perSecond = perSecond;
        this.start = start;
    }

    /** When the next one is due. */
    long due() {
        return start + Math.round(taken * 1e9 / perSecond);
    }

    boolean isDue(long now) {
        return due() - now <= 0;
    }

    /** Takes the next one, and answers when it is, or was, due. */
    long take() {
        long due = due();
        taken++;
        return due;
    }
}

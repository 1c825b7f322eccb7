package io.messagecenter.app.limit;

import java.time.Duration;

/**
 * So many in such a time, one after another; and so many at once, after a quiet time.
 *
 * @param count how many come back in each period, 1 or more
 * @param period longer than nothing
 * @param burst the most at once, 1 or more
 */
public record Rate(long count, Duration period, long burst) {
    public Rate {
        if (count < 1 || burst < 1 || period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("A rate has a count, a period and a burst of more than nothing");
        }
    }

    /** So many times as much. */
    Rate times(int factor) {
        return new Rate(Math.multiplyExact(count, factor), period, Math.multiplyExact(burst, factor));
    }

    /** How long it takes until, after the whole burst, all of it is there again; rounded up. */
    public Duration toRecover() {
        return period.multipliedBy(burst).dividedBy(count).plusNanos(1);
    }
}

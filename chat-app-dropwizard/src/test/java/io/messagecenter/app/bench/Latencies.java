package io.messagecenter.app.bench;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** How long things took, to three digits, from a microsecond to a minute. Not thread-safe. */
final class Latencies {
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private final Histogram histogram = new Histogram(1_000, LONGEST, 3);

    /** Records nanoseconds; what is longer than a minute counts as a minute. */
    void record(long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, LONGEST)));
    }

    void addAll(Latencies others) {
        histogram.add(others.histogram);
    }

    long count() {
        return histogram.getTotalCount();
    }

    /**
     * In milliseconds, what the given share of all took at most.
     *
     * @param percentile from 0 to 100
     */
    double millis(double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }
}

package io.messagecenter.app.limit;

import java.time.Duration;

/**
 * A token bucket for each key. Never fails, and waits for nobody else for longer than a moment. Thread-safe.
 *
 * <p>A bucket that nobody has used for long is as good as new, so keys need not be created or removed.
 */
public interface RateLimiter {
    /** Lets everything pass. */
    RateLimiter UNLIMITED = new RateLimiter() {
        @Override
        public Duration take(String key) {
            return Duration.ZERO;
        }

        @Override
        public void giveBack(String key) {
            // It took nothing.
        }
    };

    /** Takes one. Zero if it was there; else nothing was taken, and it is how long to wait until there may be one. */
    Duration take(String key);

    /** Puts one back that was taken; a bucket never holds more than its burst. */
    void giveBack(String key);
}

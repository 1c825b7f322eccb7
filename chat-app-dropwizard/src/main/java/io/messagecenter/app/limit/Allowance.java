package io.messagecenter.app.limit;

import io.messagecenter.domain.error.ChatException;

/** Something of which everybody may do so much in a time. Thread-safe. */
public final class Allowance {
    /** No limit. */
    public static final Allowance UNLIMITED = new Allowance(RateLimiter.UNLIMITED, "");

    private final RateLimiter limiter;
    private final String refusal;

    /** @param refusal a sentence for whoever has used theirs up */
    public Allowance(RateLimiter limiter, String refusal) {
        this.limiter = limiter;
        this.refusal = refusal;
    }

    /**
     * Uses one of somebody's.
     *
     * @throws ChatException {@code TOO_MANY_REQUESTS}, with how long to wait
     */
    public void use(String whose) {
        var wait = limiter.take(whose);
        if (!wait.isZero()) {
            throw ChatException.tooMany(refusal, wait);
        }
    }
}

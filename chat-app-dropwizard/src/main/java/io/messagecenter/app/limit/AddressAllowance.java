package io.messagecenter.app.limit;

import io.messagecenter.app.edge.ClientAddress;
import io.messagecenter.domain.error.ChatException;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Something of which so much may come from one address in a time. Of IPv6, a customer has 64 bits to themselves, but may
 * have many such networks: 4 times as much may come from those that have 56 bits in common, and 16 times as much from those
 * that have 48. Thread-safe.
 */
public final class AddressAllowance {
    /** No limit. */
    public static final AddressAllowance UNLIMITED = new AddressAllowance(List.of(), "");

    private final List<RateLimiter> byWidth;
    private final String refusal;

    private AddressAllowance(List<RateLimiter> byWidth, String refusal) {
        this.byWidth = byWidth;
        this.refusal = refusal;
    }

    /**
     * All of it left.
     *
     * @param limiters makes the limiter of a name, and a rate
     * @param refusal a sentence for whoever has used theirs up
     */
    static AddressAllowance of(String name, Rate rate, BiFunction<String, Rate, RateLimiter> limiters, String refusal) {
        return new AddressAllowance(
                List.of(
                        limiters.apply(name, rate),
                        limiters.apply(name + " in 56 bits", rate.times(4)),
                        limiters.apply(name + " in 48 bits", rate.times(16))),
                refusal);
    }

    /**
     * Uses one.
     *
     * @throws ChatException {@code TOO_MANY_REQUESTS}, with how long to wait; then nothing is used
     */
    public void use(ClientAddress from) {
        var networks = from.networks();
        for (int i = 0; i < byWidth.size() && i < networks.size(); i++) {
            var wait = byWidth.get(i).take(networks.get(i));
            if (!wait.isZero()) {
                giveBack(networks.subList(0, i));
                throw ChatException.tooMany(refusal, wait);
            }
        }
    }

    /** Puts one back that was used. */
    public void giveBack(ClientAddress from) {
        giveBack(from.networks());
    }

    private void giveBack(List<String> networks) {
        for (int i = 0; i < byWidth.size() && i < networks.size(); i++) {
            byWidth.get(i).giveBack(networks.get(i));
        }
    }
}

package io.messagecenter.domain.lease;

import java.util.Optional;

/**
 * Keeps who holds which lease. It knows no time: whoever waits for a lease watches whether its holder still renews it, so
 * no two clocks are ever compared. Every method is one atomic step; an outage throws as in every store. Thread-safe.
 */
public interface LeaseStore {
    /**
     * Takes a lease that nobody holds, renews one that the holder has, or takes away one that is still as it was seen;
     * otherwise leaves it as it is.
     *
     * @param stale as the lease was seen so long ago that its holder must be gone, if it has not been renewed since
     * @return the lease as it is now
     */
    LeaseState take(LeaseName name, LeaseHolder holder, Optional<LeaseState> stale);

    /** Gives a lease back, if the holder has it. */
    void release(LeaseName name, LeaseHolder holder);
}

package io.messagecenter.domain.memory;

import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.lease.LeaseName;
import io.messagecenter.domain.lease.LeaseState;
import io.messagecenter.domain.lease.LeaseStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

final class LeaseTable implements LeaseStore {
    private final Tables tables;
    private final Map<LeaseName, LeaseState> leases = new HashMap<>();

    LeaseTable(Tables tables) {
        this.tables = tables;
    }

    @Override
    public LeaseState take(LeaseName name, LeaseHolder holder, Optional<LeaseState> stale) {
        synchronized (tables.lock) {
            var taken = leases.getOrDefault(name, LeaseState.FREE).taken(holder, stale);
            leases.put(name, taken);
            return taken;
        }
    }

    @Override
    public void release(LeaseName name, LeaseHolder holder) {
        synchronized (tables.lock) {
            leases.computeIfPresent(name, (same, now) -> now.released(holder));
        }
    }

    /** Whether the holder has the lease now; for who holds the lock. */
    boolean isHeld(LeaseName name, LeaseHolder holder) {
        return leases.getOrDefault(name, LeaseState.FREE).holder().equals(Optional.of(holder));
    }
}

package io.messagecenter.domain.lease;

import java.util.Optional;

/**
 * A lease at one moment.
 *
 * @param holder empty while nobody has it
 * @param version grows with each time that it is taken or renewed
 */
public record LeaseState(Optional<LeaseHolder> holder, long version) {
    /** Before anybody has ever had it. */
    public static final LeaseState FREE = new LeaseState(Optional.empty(), 0);

    /** The lease after {@link LeaseStore#take}; the same if it stays as it is. */
    public LeaseState taken(LeaseHolder by, Optional<LeaseState> stale) {
        boolean canTake = holder.isEmpty() || holder.get().equals(by) || stale.equals(Optional.of(this));
        return canTake ? new LeaseState(Optional.of(by), version + 1) : this;
    }

    /** The lease after {@link LeaseStore#release}; the same if somebody else has it. */
    public LeaseState released(LeaseHolder by) {
        return holder.equals(Optional.of(by)) ? new LeaseState(Optional.empty(), version) : this;
    }
}

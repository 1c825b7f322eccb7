package io.messagecenter.domain.lease;

import java.util.UUID;

/** A node, from its start to its end. */
public record LeaseHolder(UUID id) {
    /** One that no other node is. */
    public static LeaseHolder random() {
        return new LeaseHolder(UUID.randomUUID());
    }

    @Override
    public String toString() {
        return id.toString();
    }
}

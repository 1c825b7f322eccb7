package io.messagecenter.domain.user;

import io.messagecenter.domain.seq.JsonNumber;

/**
 * Identifies a session without giving access to it; the token does that.
 *
 * @param value from 1 to 2^53 - 1
 */
public record SessionId(long value) implements Comparable<SessionId> {
    public SessionId {
        JsonNumber.requirePositive(value);
    }

    @Override
    public int compareTo(SessionId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

package io.messagecenter.domain.user;

import io.messagecenter.domain.seq.JsonNumber;

/**
 * Identifies a user for ever, also after the account is erased.
 *
 * @param value from 1 to 2^53 - 1
 */
public record UserId(long value) implements Comparable<UserId> {
    public UserId {
        JsonNumber.requirePositive(value);
    }

    @Override
    public int compareTo(UserId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

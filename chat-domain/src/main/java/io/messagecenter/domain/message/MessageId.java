package io.messagecenter.domain.message;

import io.messagecenter.domain.seq.JsonNumber;

/**
 * Identifies a message across all conversations. Later ids are not always newer: nodes draw them in blocks.
 *
 * @param value from 1 to 2^53 - 1
 */
public record MessageId(long value) implements Comparable<MessageId> {
    public MessageId {
        JsonNumber.requirePositive(value);
    }

    @Override
    public int compareTo(MessageId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

package io.messagecenter.domain.seq;

/**
 * A place in a conversation: 1 is the first message, 0 is before it.
 *
 * @param value from 0 to 2^53 - 1, so that a JSON number holds it
 */
public record MessageSeq(long value) implements Comparable<MessageSeq> {
    /** Before everything. */
    public static final MessageSeq ZERO = new MessageSeq(0);

    public MessageSeq {
        JsonNumber.require(value);
    }

    public MessageSeq next() {
        return new MessageSeq(value + 1);
    }

    @Override
    public int compareTo(MessageSeq other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

package io.messagecenter.domain.seq;

/**
 * A place among all messages that a user has sent or received: 1 is the first, 0 is before it.
 *
 * @param value from 0 to 2^53 - 1, so that a JSON number holds it
 */
public record MailboxSeq(long value) implements Comparable<MailboxSeq> {
    /** Before everything. */
    public static final MailboxSeq ZERO = new MailboxSeq(0);

    public MailboxSeq {
        JsonNumber.require(value);
    }

    public MailboxSeq next() {
        return new MailboxSeq(value + 1);
    }

    @Override
    public int compareTo(MailboxSeq other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

package io.messagecenter.domain.seq;

/**
 * A place in a user's feed: 1 is the first event, 0 is before it.
 *
 * @param value from 0 to 2^53 - 1, so that a JSON number holds it
 */
public record FeedSeq(long value) implements Comparable<FeedSeq> {
    /** Before everything. */
    public static final FeedSeq ZERO = new FeedSeq(0);

    public FeedSeq {
        JsonNumber.require(value);
    }

    public FeedSeq next() {
        return new FeedSeq(value + 1);
    }

    @Override
    public int compareTo(FeedSeq other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

package io.messagecenter.domain.seq;

/** The integers that every JSON reader keeps exact. */
public final class JsonNumber {
    /** 2^53 - 1: the largest integer to which a double is exact, as is every smaller one. */
    public static final long MAX = (1L << 53) - 1;

    private JsonNumber() {}

    /**
     * The value itself.
     *
     * @throws IllegalArgumentException outside 0 to {@link #MAX}
     */
    public static long require(long value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("Outside 0 to 2^53 - 1: " + value);
        }
        return value;
    }

    /**
     * The value itself.
     *
     * @throws IllegalArgumentException outside 1 to {@link #MAX}
     */
    public static long requirePositive(long value) {
        if (value == 0) {
            throw new IllegalArgumentException("An identity starts at 1");
        }
        return require(value);
    }
}

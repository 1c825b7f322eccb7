package io.messagecenter.app.bench;

import java.nio.charset.StandardCharsets;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Bytes that are made once, with places for a number that changes. It hands out its own array, which the next call
 * changes. Not thread-safe.
 */
final class NumberedText {
    /** Stands for the number; exactly as long as the digits that replace it. */
    static final String PLACE = "##########";

    private static final int DIGITS = PLACE.length();

    private final byte[] bytes;
    private final int[] places;

    /**
     * Makes the bytes.
     *
     * @param text ASCII, with {@link #PLACE} wherever the number goes
     */
    NumberedText(String text) {
        bytes = text.getBytes(StandardCharsets.US_ASCII);
        places = Pattern.compile(PLACE, Pattern.LITERAL)
                .matcher(text)
                .results()
                .mapToInt(MatchResult::start)
                .toArray();
    }

    /**
     * The bytes with this number.
     *
     * @param number from 0 to 9,999,999,999
     */
    byte[] with(long number) {
        for (int place : places) {
            long rest = number;
            for (int i = place + DIGITS - 1; i >= place; i--) {
                bytes[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        return bytes;
    }
}

package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;
import java.text.Normalizer;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A user's name: 1 to 150 letters, digits and {@code _ . @ + -}, in Unicode's compatibility form (NFKC).
 *
 * <p>Names that differ in case alone are one name: they are equal, and {@link #key()} is what a store keeps unique.
 * {@link #value()} keeps the case that its owner chose.
 *
 * <p>An account may have a name from before that a new one does not get, see {@link #chosen}: {@code .} and {@code ..},
 * and names that cannot be told from others because some of their characters do not show.
 */
public record Username(String value) {
    public static final int MAX_LENGTH = 150;

    /**
     * What does not show, of what a name may have: Unicode's default ignorable code points, fillers and blanks. JDKs have
     * no class for it.
     */
    private static final Pattern INVISIBLE = Pattern.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164"
            + "\ufe00-\ufe0f\uffa0\\x{13441}\\x{13442}\\x{16fe4}\\x{1bc9d}\\x{e0000}-\\x{e0fff}]");

    /** A mark without a letter; or more of them than any language puts on one, of those that take no room and of all. */
    private static final Pattern MARKED = Pattern.compile("^\\p{M}|[\\p{Mn}\\p{Me}]{5}|\\p{M}{9}");

    private static final Set<String> FOLDERS = Set.of(".", "..");
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{M}\\p{N}_.@+-]{1," + MAX_LENGTH + "}");

    public Username {
        value = Normalizer.normalize(value, Normalizer.Form.NFKC);
        if (!ALLOWED.matcher(value).matches()) {
            throw ChatException.invalid(
                    "username",
                    "Enter a valid username: 1 to 150 letters, numbers, and @/./+/-/_ characters, nothing else.");
        }
    }

    /**
     * A name for a new account.
     *
     * @throws ChatException {@code INVALID} also if it is not {@link #addressable()}, has characters that cannot be seen,
     *     begins with a mark, or has heaps of them
     */
    public static Username chosen(String text) {
        var name = new Username(text);
        if (!name.addressable()) {
            throw ChatException.invalid("username", "Enter a username other than . and .., which no address can have.");
        }
        if (INVISIBLE.matcher(name.value()).find()
                || MARKED.matcher(name.value()).find()) {
            throw ChatException.invalid(
                    "username",
                    "Enter a username whose characters can all be seen, with no more than a few marks on a letter.");
        }
        return name;
    }

    /** The name that somebody typed; empty for what cannot be one, and so is nobody's. */
    public static Optional<Username> typed(String text) {
        try {
            return Optional.of(new Username(text));
        } catch (ChatException e) {
            return Optional.empty();
        }
    }

    /** Whether it can be part of a URL: there {@code .} and {@code ..} are folders, however they are written. */
    public boolean addressable() {
        return !FOLDERS.contains(value);
    }

    /**
     * Whether a text is this name as it is written, but for the case of its letters. That is less than to be equal: what is
     * in another form says something else, and so does an {@code ı} or an {@code İ} in the place of an {@code i}, or an
     * {@code ſ} in that of an {@code s}, though they share a capital or a small letter with it. Of the two small letters
     * that a {@code Σ} has, either is written as it.
     */
    public boolean isWritten(String text) {
        var own = value.codePoints().toArray();
        var others = text.codePoints().toArray();
        return own.length == others.length
                && IntStream.range(0, own.length).allMatch(i -> differInCaseAtMost(own[i], others[i]));
    }

    private static boolean differInCaseAtMost(int one, int other) {
        return Character.toUpperCase(one) == Character.toUpperCase(other)
                && (Character.toLowerCase(one) == Character.toLowerCase(other)
                        || (one == 'Σ' && other == 'ς')
                        || (one == 'ς' && other == 'Σ'));
    }

    private static String eachLetter(String text, IntUnaryOperator change) {
        return text.codePoints()
                .map(change)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The name as it is compared and sorted. */
    public String key() {
        return keyOf(value);
    }

    /**
     * What {@link #key()} is for a name, or the beginning of one, that may not be valid. Letter by letter, so that a key
     * is no longer than its name and a beginning's key begins the name's: full lower-casing makes two letters of some,
     * and another of a sigma at the end. Upwards first, since two small letters may share a capital.
     */
    public static String keyOf(String name) {
        var folded = eachLetter(
                Normalizer.normalize(name, Normalizer.Form.NFKC),
                letter -> Character.toLowerCase(Character.toUpperCase(letter)));
        return Normalizer.normalize(folded, Normalizer.Form.NFKC); // some compose in lower case alone
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Username name && name.key().equals(key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;
import java.text.Normalizer;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A user's name: 1 to 150 letters, digits and {@code _ . @ + -}, in Unicode's compatibility form (NFKC).
 *
 * <p>Names that differ in case alone are one name: they are equal, and {@link #key()} is what a store keeps unique.
 * {@link #value()} keeps the case that its owner chose.
 *
 * <p>{@code .} and {@code ..} are names that an account may have from before, and none that a new one gets; see
 * {@link #addressable()}.
 */
public record Username(String value) {
    public static final int MAX_LENGTH = 150;

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
     * @throws ChatException {@code INVALID} also if it is not {@link #addressable()}
     */
    public static Username chosen(String text) {
        var name = new Username(text);
        if (!name.addressable()) {
            throw ChatException.invalid("username", "Enter a username other than . and .., which no address can have.");
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
        var folded = Normalizer.normalize(name, Normalizer.Form.NFKC)
                .codePoints()
                .map(letter -> Character.toLowerCase(Character.toUpperCase(letter)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
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

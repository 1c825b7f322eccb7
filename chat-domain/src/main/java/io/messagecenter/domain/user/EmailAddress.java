package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;
import java.util.regex.Pattern;

/**
 * An e-mail address, checked for its shape alone: only a mail that arrives proves more. At most 254 characters.
 *
 * <p>An account may have one from before that a new one does not get, see {@link #chosen}.
 */
public record EmailAddress(String value) {
    private static final Pattern SHAPE =
            Pattern.compile("[^@\\p{Z}\\p{Cc}\\p{Cs}]{1,64}@[^@\\p{Z}\\p{Cc}\\p{Cs}]+\\.[^@\\p{Z}\\p{Cc}\\p{Cs}]+");

    /** Without what would make more of it than an address where a mail is addressed, unless it is in quotes. */
    private static final Pattern BARE =
            Pattern.compile("(?:\"[^\"\\\\]+\"|[^<>()\\[\\]:;,\\\\\"]+)@[^<>()\\[\\]:;,\\\\\"]+");

    public EmailAddress {
        if (value.length() > 254 || !SHAPE.matcher(value).matches()) {
            throw invalid();
        }
    }

    /**
     * An address for an account.
     *
     * @throws ChatException {@code INVALID} also if it has brackets, commas or the like, as in {@code <a@example.org>}
     */
    public static EmailAddress chosen(String text) {
        var address = new EmailAddress(text);
        if (!BARE.matcher(text).matches()) {
            throw invalid();
        }
        return address;
    }

    private static ChatException invalid() {
        return ChatException.invalid("email", "Enter a valid email address.");
    }

    /** The address as it is looked for: letter by letter in lower case, so that it is no longer than the address. */
    public String key() {
        return value.codePoints()
                .map(Character::toLowerCase)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public String toString() {
        return value;
    }
}

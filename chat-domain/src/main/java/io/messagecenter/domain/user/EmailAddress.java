package io.messagecenter.domain.user;

import io.messagecenter.domain.error.ChatException;
import java.util.regex.Pattern;

/** An e-mail address, checked for its shape alone: only a mail that arrives proves more. At most 254 characters. */
public record EmailAddress(String value) {
    private static final Pattern SHAPE =
            Pattern.compile("[^@\\p{Z}\\p{Cc}\\p{Cs}]{1,64}@[^@\\p{Z}\\p{Cc}\\p{Cs}]+\\.[^@\\p{Z}\\p{Cc}\\p{Cs}]+");

    public EmailAddress {
        if (value.length() > 254 || !SHAPE.matcher(value).matches()) {
            throw ChatException.invalid("email", "Enter a valid email address.");
        }
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

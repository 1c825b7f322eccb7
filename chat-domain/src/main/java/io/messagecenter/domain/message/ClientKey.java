package io.messagecenter.domain.message;

import io.messagecenter.domain.error.ChatException;
import java.util.regex.Pattern;

/**
 * A client's idempotency key for one message: whoever repeats a send with the same key gets the first message again.
 * Unique per sender, for ever.
 *
 * @param value 1 to 64 visible ASCII characters; compared exactly
 */
public record ClientKey(String value) {
    public static final int MAX_LENGTH = 64;

    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1," + MAX_LENGTH + "}");

    public ClientKey {
        if (!VISIBLE.matcher(value).matches()) {
            throw ChatException.invalid("client_id", "Use 1 to " + MAX_LENGTH + " visible ASCII characters.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.messagecenter.redis;

import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.user.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The names of users' channels and keys. A cluster looks at what stands in braces alone, so all of one user's are together. */
final class Channels {
    private static final int MAX_PREFIX = 64;

    private final byte[] start;

    /** @param prefix keeps installations apart that share a Redis: 1 to 64 visible ASCII characters, no braces */
    Channels(String prefix) {
        this.start = (requirePrefix(prefix) + "{").getBytes(StandardCharsets.US_ASCII);
    }

    static String requirePrefix(String prefix) {
        if (!prefix.matches("[!-z|~]{1," + MAX_PREFIX + "}")) {
            throw new IllegalArgumentException(
                    "A prefix has 1 to " + MAX_PREFIX + " visible ASCII characters, and no braces");
        }
        return prefix;
    }

    byte[] of(UserId user) {
        var id = (user.value() + "}").getBytes(StandardCharsets.US_ASCII);
        var name = Arrays.copyOf(start, start.length + id.length);
        System.arraycopy(id, 0, name, start.length, id.length);
        return name;
    }

    /** Whose it is; empty if it is none of these. */
    Optional<UserId> user(byte[] name) {
        int last = name.length - 1;
        if (last <= start.length
                || last - start.length > 16
                || name[last] != '}'
                || !Arrays.equals(name, 0, start.length, start, 0, start.length)) {
            return Optional.empty();
        }
        long id = 0;
        for (int i = start.length; i < last; i++) {
            int digit = name[i] - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            id = 10 * id + digit;
        }
        return id == 0 || id > JsonNumber.MAX ? Optional.empty() : Optional.of(new UserId(id));
    }
}

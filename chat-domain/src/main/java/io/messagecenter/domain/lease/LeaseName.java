package io.messagecenter.domain.lease;

import java.util.regex.Pattern;

/** What a lease is for: 1 to 64 lower-case ASCII letters, digits, dots, colons, dashes and underscores. */
public record LeaseName(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9.:_-]{1,64}");

    public LeaseName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException("No name for a lease: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

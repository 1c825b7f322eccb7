package io.messagecenter.domain.user;

/**
 * A password's salted hash, with the parameters that made it, in the text form of its algorithm. At most 255
 * characters. Hidden from logs: {@link #toString()} does not show it.
 */
public record PasswordHash(String encoded) {
    /** Matches no password: for users whom another system signs in. */
    public static final PasswordHash UNUSABLE = new PasswordHash("!");

    public PasswordHash {
        if (encoded.isEmpty() || encoded.length() > 255) {
            throw new IllegalArgumentException("A password hash has 1 to 255 characters, not " + encoded.length());
        }
    }

    @Override
    public String toString() {
        return "PasswordHash[hidden]";
    }
}

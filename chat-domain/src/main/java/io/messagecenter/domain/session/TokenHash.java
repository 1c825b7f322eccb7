package io.messagecenter.domain.session;

/**
 * The SHA-256 of a {@link SessionToken}.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record TokenHash(String hex) {
    public TokenHash {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("A token hash is 64 hexadecimal digits");
        }
    }
}

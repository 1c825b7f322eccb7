package io.messagecenter.app.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import org.junit.jupiter.api.Test;

class Argon2PasswordHasherTest {
    private final Argon2PasswordHasher hasher = new Argon2PasswordHasher();
    private final Password password = new Password("correct horse");
    private final Password other = new Password("correct horsf");

    @Test
    void aPasswordMatchesItsOwnHashAlone() {
        var hash = hasher.hash(password);
        assertThat(hash.encoded()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hasher.matches(password, hash)).isTrue();
        assertThat(hasher.matches(other, hash)).isFalse();
    }

    @Test
    void aHashOfDjangosMatchesItsPasswordAlone() {
        var hash = new Pbkdf2PasswordHasher(1_000).hash(password);
        assertThat(hasher.matches(password, hash)).isTrue();
        assertThat(hasher.matches(other, hash)).isFalse();
    }

    @Test
    void noHashMatchesNothing() {
        assertThat(hasher.matches(new Password("!"), PasswordHash.UNUSABLE)).isFalse();
    }
}

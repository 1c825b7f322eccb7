package io.messagecenter.app.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.auth.Argon2PasswordHasher.Cost;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2PasswordHasherTest {
    private static final Password PASSWORD = new Password("correct horse 👋");
    private static final Argon2PasswordHasher HASHER = new Argon2PasswordHasher(new Cost(64, 3, 2));

    @Test
    void aHashNamesTheCostThatItWasMadeAt() {
        assertThat(HASHER.hash(PASSWORD).encoded())
                .matches("\\$argon2id\\$v=19\\$m=64,t=3,p=2\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
        assertThat(Cost.DEFAULT).isEqualTo(new Cost(19 * 1024, 2, 1));
    }

    @ParameterizedTest
    @CsvSource({"64,3,2", "32,1,1", "256,4,4"})
    void aHashOfAnyCostMatchesItsPasswordAlone(int memory, int passes, int lanes) {
        var hash = new Argon2PasswordHasher(new Cost(memory, passes, lanes)).hash(PASSWORD);

        assertThat(HASHER.matches(PASSWORD, hash)).isTrue();
        assertThat(HASHER.matches(new Password("correct horse"), hash)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "64,3,2,false",
        "64,3,1,false",
        "65,3,2,false",
        "64,4,2,false",
        "63,3,2,true",
        "64,2,2,true",
        "1024,2,2,true",
        "32,9,2,true"
    })
    void aHashThatCostLessInAnythingIsToBeMadeAfresh(int memory, int passes, int lanes, boolean weak) {
        var hash = new Argon2PasswordHasher(new Cost(memory, passes, lanes)).hash(PASSWORD);

        assertThat(HASHER.needsRehash(hash)).isEqualTo(weak);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!",
                "$argon2id$",
                "$argon2id$v=19$m=64,t=3,p=2$x",
                "$argon2i$v=19$m=64,t=3,p=2$c2FsdHNhbHQ$aGFzaA"
            })
    void whatIsNoHashOfThisKindMatchesNothingAndIsToBeMadeAfresh(String encoded) {
        assertThat(HASHER.matches(PASSWORD, new PasswordHash(encoded))).isFalse();
        assertThat(HASHER.needsRehash(new PasswordHash(encoded))).isTrue();
    }

    @Test
    void aHashOfDjangosMatchesItsPasswordAloneAndIsToBeMadeAfresh() {
        var hash = new Pbkdf2PasswordHasher(1_000).hash(PASSWORD);
        assertThat(HASHER.matches(PASSWORD, hash)).isTrue();
        assertThat(HASHER.matches(new Password("correct horse"), hash)).isFalse();
        assertThat(HASHER.needsRehash(hash)).isTrue();
    }
}

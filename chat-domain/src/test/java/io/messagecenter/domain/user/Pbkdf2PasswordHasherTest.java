package io.messagecenter.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pbkdf2PasswordHasherTest {
    private final Pbkdf2PasswordHasher hasher = new Pbkdf2PasswordHasher(10);

    @Test
    void aPasswordMatchesItsOwnHashAlone() {
        var hash = hasher.hash(new Password("correct horse"));

        assertThat(hasher.matches(new Password("correct horse"), hash)).isTrue();
        assertThat(hasher.matches(new Password("correct horsf"), hash)).isFalse();
        assertThat(hasher.matches(new Password(""), hash)).isFalse();
        assertThat(hasher.matches(new Password("Correct horse"), hash)).isFalse();
    }

    @Test
    void twoHashesOfOnePasswordDiffer() {
        assertThat(hasher.hash(new Password("correct horse"))).isNotEqualTo(hasher.hash(new Password("correct horse")));
    }

    @Test
    void aHashOfFewerIterationsOrAnotherKindIsToBeMadeAfresh() {
        assertThat(hasher.needsRehash(new Pbkdf2PasswordHasher(9).hash(new Password("x"))))
                .isTrue();
        assertThat(hasher.needsRehash(new Pbkdf2PasswordHasher(10).hash(new Password("x"))))
                .isFalse();
        assertThat(hasher.needsRehash(new Pbkdf2PasswordHasher(11).hash(new Password("x"))))
                .isFalse();
        assertThat(hasher.needsRehash(new PasswordHash("$argon2id$"))).isTrue();
    }

    @Test
    void hashesHaveDjangosTextForm() {
        assertThat(hasher.hash(new Password("x")).encoded())
                .matches("pbkdf2_sha256\\$10\\$[A-Za-z0-9_-]{22}\\$[A-Za-z0-9+/]{43}=");
        assertThat(new Pbkdf2PasswordHasher().hash(new Password("x")).encoded()).startsWith("pbkdf2_sha256$600000$");
    }

    /** Test vectors of PBKDF2 with HMAC-SHA256 (RFC 7914, section 11: the first 32 of 64 bytes). */
    @Test
    void knownHashesOfTheStandardMatch() {
        assertThat(hasher.matches(
                        new Password("passwd"),
                        django(1, "salt", "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc")))
                .isTrue();
        assertThat(hasher.matches(
                        new Password("Password"),
                        django(80_000, "NaCl", "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56")))
                .isTrue();
        assertThat(hasher.matches(
                        new Password("passwd"),
                        django(2, "salt", "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc")))
                .isFalse();
    }

    private static PasswordHash django(int iterations, String salt, String hex) {
        var bytes = HexFormat.of().parseHex(hex);
        return new PasswordHash("pbkdf2_sha256$" + iterations + "$" + salt + "$"
                + Base64.getEncoder().encodeToString(bytes));
    }

    @Test
    void passwordsBeyondAsciiMatch() {
        var hash = hasher.hash(new Password("пароль😀é"));

        assertThat(hasher.matches(new Password("пароль😀e\u0301"), hash)).isTrue();
        assertThat(hasher.matches(new Password("пароль😁é"), hash)).isFalse();
    }

    /** What Django makes of {@code ½ cup of ﬁne sugar}, which NFKC changes twice. */
    @Test
    void aPasswordThatDjangoHashedWithoutNormalisingItMatchesAsItWasTyped() {
        var hash = new PasswordHash("pbkdf2_sha256$1000$mUtEhnPC1U$FLbrJxcIyBUJyd7o6RUomeN/9S1F278tD108sCKrry8=");

        assertThat(hasher.matches(new Password("½ cup of ﬁne sugar"), hash)).isTrue();
        assertThat(hasher.matches(new Password("½ cup of ﬁne salt"), hash)).isFalse();
        assertThat(hasher.matches(new Password("1⁄2 cup of fine sugar"), hash)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!",
                "pbkdf2_sha256",
                "pbkdf2_sha256$10$salt$short",
                "pbkdf2_sha256$0$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2_sha256$-1$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2_sha256$99999999999$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2_sha256$5000001$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2_sha256$10$$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2_sha1$10$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "$argon2id$v=19$m=15360,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"
            })
    void aHashOfAnUnknownFormMatchesNothing(String encoded) {
        assertThat(Pbkdf2PasswordHasher.canVerify(encoded)).isFalse();
        assertThat(hasher.matches(new Password("x"), new PasswordHash(encoded))).isFalse();
        assertThat(hasher.matches(new Password(encoded), new PasswordHash(encoded)))
                .isFalse();
    }

    @Test
    void aHashOfAsManyIterationsAsAreAllowedCanBeVerified() {
        assertThat(Pbkdf2PasswordHasher.canVerify(
                        "pbkdf2_sha256$5000000$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
                .isTrue();
    }

    @Test
    void itTakesAtLeastOneIterationAndNoUnreasonableNumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Pbkdf2PasswordHasher(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Pbkdf2PasswordHasher(5_000_001));
    }
}

package io.messagecenter.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.Accounts.NewAccount;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserValuesTest {
    @Test
    void aChosenPasswordHasEightToTwoHundredAndFiftySixCodePoints() {
        assertThat(Password.chosen("12345678").value()).isEqualTo("12345678");
        assertThat(Password.chosen("😀".repeat(8)).value()).hasSize(16);
        assertThat(Password.chosen("😀".repeat(256)).value()).hasSize(512);
        assertPasswordRefused("1234567");
        assertPasswordRefused("😀".repeat(7));
        assertPasswordRefused("😀".repeat(257));
    }

    @Test
    void aPasswordThatIsTriedMayBeShort() {
        assertThat(new Password("").value()).isEmpty();
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> new Password("x".repeat(257)));
    }

    @Test
    void passwordsAreOneWhereTheirCompatibilityFormIs() {
        assertThat(new Password("ｐａｓｓe\u0301")).isEqualTo(new Password("pass\u00e9"));
        assertThat(new Password("Pass")).isNotEqualTo(new Password("pass"));
        assertThat(new Password(" pass ").value()).isEqualTo(" pass ");
    }

    @Test
    void secretsAreHiddenFromLogs() {
        assertThat(new Password("swordfish")).hasToString("Password[hidden]");
        assertThat(new PasswordHash("pbkdf2")).hasToString("PasswordHash[hidden]");
        assertThat(new NewAccount("alice", "swordfish", Optional.of("a@example.org"), false))
                .hasToString("NewAccount[alice]");
    }

    @Test
    void aPasswordHashHasOneToTwoHundredAndFiftyFiveCharacters() {
        assertThat(new PasswordHash("x".repeat(255)).encoded()).hasSize(255);
        assertThatIllegalArgumentException().isThrownBy(() -> new PasswordHash(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new PasswordHash("x".repeat(256)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b.c", "alice+tag@mail.example.org", "élodie@exämple.org"})
    void anEmailAddressIsCheckedForItsShape(String address) {
        assertThat(new EmailAddress(address)).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a@b",
                "@b.c",
                "a@",
                "a b@c.d",
                "a@b@c.d",
                "a@b.",
                "a@.",
                "a\n@b.c",
                "a@b.c\n",
                "\u0000@b.c"
            })
    void whatCannotBeAnEmailAddressIsRefused(String address) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> new EmailAddress(address))
                .satisfies(e -> assertThat(e.fields()).containsOnlyKeys("email"));
    }

    @Test
    void anEmailAddressHasAtMostTwoHundredAndFiftyFourCharacters() {
        var domain = "@" + "d".repeat(246) + ".org";
        assertThat(new EmailAddress("abc" + domain).value()).hasSize(254);
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> new EmailAddress("abcd" + domain));
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> new EmailAddress("a".repeat(65) + "@example.org"));
    }

    @Test
    void aListOfPeopleHasALimitOfAtLeastOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PeopleQuery(new UserId(1), "", Optional.empty(), 0));
    }

    private static void assertPasswordRefused(String password) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> Password.chosen(password))
                .satisfies(e -> assertThat(e.fields()).containsOnlyKeys("password"));
    }
}

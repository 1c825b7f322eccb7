package io.messagecenter.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.Accounts.NewAccount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserValuesTest {
    @Test
    void aChosenPasswordHasEightToTwoHundredAndFiftySixCodePoints() {
        assertThat(chosen("12345678").value()).isEqualTo("12345678");
        assertThat(chosen("😀".repeat(8)).value()).hasSize(16);
        assertThat(chosen("😀".repeat(256)).value()).hasSize(512);
        assertPasswordRefused("1234567");
        assertPasswordRefused("😀".repeat(7));
        assertPasswordRefused("😀".repeat(257));
    }

    /** One character may stand for eighteen, and two for one. */
    @Test
    void whatAPasswordHasIsCountedAsItIsTypedAndAsItIsNormalised() {
        assertPasswordRefused("\ufdfa"); // eighteen, once normalised
        assertPasswordRefused("e\u0301".repeat(7)); // seven
        assertPasswordRefused("\ufdfa".repeat(15)); // 270
        assertPasswordRefused("e\u0301".repeat(129)); // 258, as it is typed
        assertThat(chosen("\ufdfa".repeat(8)).value()).hasSize(144);
        assertThat(chosen("e\u0301".repeat(128)).value()).hasSize(128);
    }

    @Test
    void aPasswordKnowsHowItWasTyped() {
        assertThat(new Password("ｐａｓｓ").typed()).isEqualTo("ｐａｓｓ");
        assertThat(new Password("ｐａｓｓ")).isEqualTo(new Password("pass")).hasSameHashCodeAs(new Password("pass"));
        assertThat(new Password("pass").equals((Object) "pass")).isFalse();
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.c",
                "alice+tag@mail.example.org",
                "élodie@exämple.org",
                "o'hara_!#$%&*/=?^`{|}~-@x.org",
                "\"a(b),:;<c>[d]\"@e.org"
            })
    void anAddressIsChosenWithWhateverAnAddressMayHave(String address) {
        assertThat(EmailAddress.chosen(address)).isEqualTo(new EmailAddress(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a@b.c>",
                "Ada<a@b.c>",
                "a@b.c>",
                "a,d@b.c",
                "a@b.c,d.e",
                "a:d@b.c",
                "a@b.c;",
                "a(d)@b.c",
                "a@b.c(d)",
                "a\\d@b.c",
                "\"a\\d\"@b.c",
                "a\"d@b.c",
                "\"a@b.c",
                "a@[b.c]",
                "a@b",
                ""
            })
    void whatMoreThanAnAddressHasIsNotChosenAsOne(String address) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> EmailAddress.chosen(address))
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
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeopleQuery(Optional.of(new UserId(1)), "", Optional.empty(), 0));
    }

    @Test
    void anEmailAddressIsLookedForInLowerCaseAndAsLongAsItIs() {
        assertThat(new EmailAddress("Ada.LOVELACE@Example.ORG").key()).isEqualTo("ada.lovelace@example.org");
        assertThat(new EmailAddress("ÉLODIE@x.org").key()).isEqualTo("élodie@x.org");
        assertThat(new EmailAddress("İ@x.org").key()).hasSize(7);
        assertThat(new EmailAddress("mıke@x.org").key()).isNotEqualTo("mike@x.org"); // another letter, another person
    }

    @Test
    void aChosenPasswordIsNoneThatEverybodyTriesFirst() {
        var rules = new PasswordRules(password -> password.value().equals("password1"));

        assertThat(rules.choose("password", "password2").value()).isEqualTo("password2");
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> rules.choose("new_password", "ｐａｓｓword1"))
                .satisfies(e -> assertThat(e.fields())
                        .isEqualTo(Map.of("new_password", List.of("This password is too common."))));
    }

    @Test
    void aRefusalNamesTheFieldThatThePasswordWasTypedInto() {
        for (var bad : List.of("short", "x".repeat(257), "12345678\ud83d")) {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> PasswordRules.LENGTH_ALONE.choose("new_password", bad))
                    .satisfies(e -> assertThat(e.fields()).containsOnlyKeys("new_password"));
        }
    }

    @Test
    void noAccountIsOpenedUnderANameThatIsAFolderInAUrl() {
        for (var name : List.of(".", "..")) {
            assertThat(new Username(name).addressable()).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new NewUser(
                            new Username(name), Optional.empty(), PasswordHash.UNUSABLE, Instant.EPOCH, false));
        }
    }

    private static Password chosen(String text) {
        return PasswordRules.LENGTH_ALONE.choose("password", text);
    }

    private static void assertPasswordRefused(String password) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> chosen(password))
                .satisfies(e -> assertThat(e.fields()).containsOnlyKeys("password"));
    }
}

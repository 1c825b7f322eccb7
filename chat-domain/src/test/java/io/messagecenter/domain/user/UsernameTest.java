package io.messagecenter.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.messagecenter.domain.error.ChatException;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "alice", "Alice.B+c-d_e@example.org", "1", "_", "漢字", "𠀀", "Ελένη", "שלום", "e\u0323\u0302"
            })
    void aNameHasLettersDigitsAndAFewSigns(String name) {
        assertThat(new Username(name).key()).isEqualTo(Username.keyOf(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\n",
                "\na",
                "a/b",
                "a%",
                "a'",
                "a\"",
                "a\\",
                "a\u0000",
                "😀",
                "\ud83d",
                "\u200b",
                "a\u00a0b",
                "a,b",
                "#",
                "!"
            })
    void aNameHasNothingElse(String name) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> new Username(name))
                .satisfies(e -> assertThat(e.fields()).containsOnlyKeys("username"));
    }

    /** One may have them from before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "victim\u034f",
                "vic\ufe0ftim",
                "victim\udb40\udd00",
                "victim\u3164",
                "victim\uffa0",
                "victim\u115f",
                "victim\u17b4",
                "victim\u17b5",
                "victim\u180b",
                "victim\u180d",
                "\u3164",
                "\u034f",
                "\ufe0f",
                "\u115f\u1160",
                "\u0301",
                "\u0301victim",
                "\u20ddvictim",
                "x\u0321\u0321\u0321\u0321\u0321",
                "x\u0903\u0903\u0903\u0903\u0903\u0903\u0903\u0903\u0903"
            })
    void aNewNameHasNothingThatCannotBeSeenAndNoHeapsOfMarks(String name) {
        assertThat(new Username(name).key()).isNotEmpty();
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> Username.chosen(name))
                .satisfies(e -> assertThat(e.fields()).containsOnlyKeys("username"));
    }

    @Test
    void aHundredAndFortyMarksAreNoName() {
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> Username.chosen("x" + "\u0301".repeat(140)));
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> Username.chosen("\u0301".repeat(140)));
    }

    /** With vowels, tones and stacks: Hebrew, Vietnamese in parts, Burmese, Tibetan, Hindi, Khmer, Thai. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "בְּרֵאשִׁ֖ית",
                "Nguye\u0302\u0303n",
                "လျှော့",
                "རྒྱུད",
                "हिन्दी",
                "ស្ត្រី",
                "ผู้ใหญ่",
                "محمّد",
                "漢字",
                "x\u0321\u0321\u0321\u0321"
            })
    void aNewNameMayBeInAnyLanguage(String name) {
        assertThat(Username.chosen(name)).isEqualTo(new Username(name));
    }

    @ParameterizedTest
    @CsvSource({
        "Alice,alice",
        "Alice,ALICE",
        "alice,Alice",
        "Élodie,élodie",
        "Straße,straße",
        "a_1,A_1",
        "𐐀,𐐨",
        "νικος,ΝΙΚΟΣ",
        "ΝΙΚΟΣ,νικος",
        "νικοσ,ΝΙΚΟΣ",
        "ς,Σ"
    })
    void aNameIsWrittenInAnyCase(String name, String text) {
        assertThat(new Username(name).isWritten(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "alice,ａｌｉｃｅ",
        "Alice,ＡLICE",
        "irma,ırma",
        "irma,İrma",
        "IRMA,ırma",
        "boss,bosſ",
        "fine,ﬁne",
        "kim,\u212aim",
        "é,e\u0301",
        "νικος,νικοσ",
        "σ,ς",
        "ς,S",
        "alice,alice1",
        "alice,bob"
    })
    void whatOnlyFoldsToTheSameIsNotHowANameIsWritten(String name, String text) {
        assertThat(new Username(name).isWritten(text)).isFalse();
    }

    @Test
    void aNameHasAtMostAHundredAndFiftyCodePointsAndSoHasItsKey() {
        for (var letter : new String[] {"a", "İ", "𠀀", "ß", "ΐ"}) {
            var longest = new Username(letter.repeat(150));
            assertThat(longest.key().codePointCount(0, longest.key().length())).isEqualTo(150);
            assertThatExceptionOfType(ChatException.class).isThrownBy(() -> new Username(letter.repeat(151)));
        }
    }

    @Test
    void aNameKeepsTheCaseOfItsOwnerAndIsInCompatibilityForm() {
        assertThat(new Username("AliCe").value()).isEqualTo("AliCe");
        assertThat(new Username("ＡliＣe").value()).isEqualTo("AliCe");
        assertThat(new Username("e\u0301").value()).isEqualTo("\u00e9");
        assertThat(new Username("AliCe")).hasToString("AliCe");
    }

    @ParameterizedTest
    @CsvSource({"Alice,ALICE", "élodie,ÉLODIE", "ΝΙΚΟΣ,νικος", "νικοσ,νικος", "ﬁne,FINE", "h\u0331,H\u0331", "ǆ,Ǆ"})
    void namesThatDifferInCaseAloneAreOne(String one, String other) {
        assertThat(new Username(one)).isEqualTo(new Username(other)).hasSameHashCodeAs(new Username(other));
        assertThat(new Username(one).key()).isEqualTo(new Username(other).key());
    }

    @ParameterizedTest
    @CsvSource({"jose,josé", "strasse,straße", "a,á", "оlga,olga", "a_b,a-b", "alice,alice1"})
    void otherNamesAreNot(String one, String other) {
        assertThat(new Username(one)).isNotEqualTo(new Username(other));
    }

    @Test
    void aNameIsNotAString() {
        assertThat(new Username("alice").equals((Object) "alice")).isFalse();
    }

    @Test
    void theKeyOfABeginningIsTheBeginningOfTheKey() {
        assertThat(Username.keyOf("ΟΔΥΣΣΕΥΣ")).startsWith(Username.keyOf("ΟΔΥΣ"));
        assertThat(Username.keyOf("ALICE")).startsWith(Username.keyOf("AL"));
        assertThat(Username.keyOf("% \\")).isEqualTo("% \\");
    }

    @Property
    void theKeyOfAKeyIsItself(@ForAll @StringLength(max = 20) String text) {
        assertThat(Username.keyOf(Username.keyOf(text))).isEqualTo(Username.keyOf(text));
    }

    @Property
    void aKeyDoesNotDependOnTheCaseOfAnyLetter(@ForAll @StringLength(max = 20) String text) {
        var letters = letters(text);

        assertThat(Username.keyOf(eachUpper(letters))).isEqualTo(Username.keyOf(letters));
    }

    /** Marks aside: an iota that is written below its letter becomes one of its own in capitals. */
    private static String letters(String text) {
        return text.codePoints()
                .filter(Character::isLetter)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static String eachUpper(String text) {
        return text.codePoints()
                .map(Character::toUpperCase)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}

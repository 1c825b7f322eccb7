package io.messagecenter.domain.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.search.SearchQuery.Term;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchQueryTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello            | Hello, world!",
                "HELLO wor        | hello WORLD",
                "world hello      | hello world",
                "hello hello      | hello",
                "cafe             | Café",
                "CAFÉ             | cafe\u0301 au lait",
                "strasse          | Straße",
                "STRAẞE           | strasse",
                "σοφος            | ΣΟΦΟΣ",
                "ΣΟΦ              | σοφός",
                "ещё              | ЕЩЕ",
                "istanbul         | İstanbul",
                "ﬁne             | fine",
                "ＡＢＣ１          | abc1",
                "don't            | don't",
                "t don            | don't",
                "2026             | 20.11.2026",
                "a_b              | a b",
                "東京              | 東京都",
                "京都              | 東京都",
                "都                | 東京都",
                "ｶﾞ               | ガム",
                "ラーメン           | 豚骨ラーメンです",
                "만나              | 내일만나요",
                "กรุง              | ที่กรุงเทพ",
                "iPhoneを買        | iphoneを買った",
                "हिन्दी               | हिन्दी में",
                "👍                | ok 👍",
                "👍🏽 o             | ok👍",
                "co op             | co\u00adop co oper",
                "मैं                 | मैंने मैं",
                "🫠                | melting🫠face",
                "🩷 o              | ok🩷",
                "❤                | ❤️",
                "1⃣               | 1️⃣",
                "c++              | C",
                "c#               | plain c, no sharp",
                "∑                | a∑b",
                "€                | 5€",
                "שלום             | שָׁלוֹם",
                "محمد             | مُحَمَّدٌ",
                "مُحَمَّد             | محمد",
                "احمد             | أحمد",
                "น้ำ               | นํ้า",
                "ນ້ຳ               | ນໍ້າ",
                "ꦱꦫ              | ꦲꦏ꧀ꦱꦫ",
                "𲎯                | 𠀀𲎯",
                "葛               | 葛󠄀",
                "한                | \u1112\u1161\u11AB"
            })
    void textIsFound(String query, String text) {
        assertThat(SearchQuery.of(query).matches(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hell world       | hello world",
                "ello             | hello",
                "hello world      | hello",
                "helloo           | hello",
                "東京都            | 東京 京都",
                "京東              | 東京",
                "か                | が",
                "東 hello          | 東京",
                "-hello           | world",
                "hello OR world   | hello",
                "hel*  world      | hello world",
                "👍                | 👎",
                "🫠                | 🫶",
                "€                | $",
                "👍 東             | 👍",
                "סוס              | ססוס"
            })
    void textIsNotFound(String query, String text) {
        assertThat(SearchQuery.of(query).matches(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "+-*", "%_ \\", "\"\"", "\u200d", "\u0301"})
    void withoutAWordThereIsNoQuery(String typed) {
        assertThatThrownBy(() -> SearchQuery.of(typed))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.fields()).containsOnlyKeys("q"));
    }

    @Test
    void aQueryHasItsBounds() {
        assertThat(SearchQuery.of("a ".repeat(40)).matches("a")).isTrue();
        assertThat(SearchQuery.of("😀".repeat(181) + "                   ").matches("😀"))
                .isTrue();
        assertThat(SearchQuery.of("x".repeat(200)).matches("x".repeat(201))).isTrue();
        assertThat(SearchQuery.of("京".repeat(200)).matches("京".repeat(199))).isFalse();
        for (var typed : List.of("a ".repeat(41), "😀a".repeat(21), "x".repeat(201), "x" + " ".repeat(200))) {
            assertThatThrownBy(() -> SearchQuery.of(typed)).isInstanceOf(ChatException.class);
        }
    }

    @Test
    void anIndexIsAskedForRareTermsFirstAndForABeginningLast() {
        assertThat(SearchQuery.of("to wa").terms()).containsExactly(new Term("to", false), new Term("wa", true));
        assertThat(SearchQuery.of("a bcd a").terms())
                .containsExactly(new Term("bcd", false), new Term("a", false), new Term("a", true));
        assertThat(SearchQuery.of("東京都").terms()).containsExactly(new Term("東京", false), new Term("京都", false));
        assertThat(SearchQuery.of("東").terms()).containsExactly(new Term("東", false));
        assertThat(SearchQuery.of("あいうえおかきくけこ".repeat(20)).terms()).hasSizeLessThan(12);
        assertThat(SearchQuery.of("東京都庁で ".repeat(20) + "x").terms()).hasSizeLessThanOrEqualTo(16);
    }

    @Test
    void whatSomebodyLooksForIsNotTold() {
        assertThat(SearchQuery.of("my secret")).hasToString("SearchQuery[2 words]");
        assertThat(SearchQuery.of("One two")).isEqualTo(SearchQuery.of("one  TWO"));
        assertThat(SearchQuery.of("one two")).isNotEqualTo(SearchQuery.of("two one"));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "a",
                        "b",
                        "ab",
                        "É",
                        "ß",
                        "ς",
                        "Σ",
                        " ",
                        " ",
                        "-",
                        "東",
                        "京",
                        "都",
                        "ー",
                        "ガ",
                        "\u3099",
                        "ก",
                        "\u0e38",
                        "👍",
                        "𠮷",
                        "1",
                        "\u0301",
                        "ﬃ",
                        "x".repeat(40))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    /** Texts that are within the bounds of a query. */
    @Provide
    Arbitrary<String> queries() {
        return texts().filter(text -> {
            int words = SearchText.pieces(text).size();
            return text.codePointCount(0, text.length()) <= SearchQuery.MAX_CODE_POINTS
                    && words > 0
                    && words <= SearchQuery.MAX_WORDS;
        });
    }

    /** Otherwise an index would hide what matches. */
    @Property(tries = 3_000)
    void whateverMatchesHasTheTermsThatAnIndexIsAskedFor(
            @ForAll("texts") String text, @ForAll("queries") String typed) {
        var query = SearchQuery.of(typed);
        for (var one : List.of(text, typed, text + typed, typed + text, text + " " + typed + " " + text)) {
            var terms = SearchText.terms(one);
            if (query.matches(one)) {
                assertThat(query.terms())
                        .allMatch(term -> term.prefix()
                                ? terms.stream().anyMatch(there -> there.startsWith(term.text()))
                                : terms.contains(term.text()));
            }
        }
        assertThat(query.matches(typed)).isTrue();
    }

    @Property(tries = 3_000)
    void foldingATextTwiceChangesNothing(@ForAll("texts") String text) {
        assertThat(SearchText.fold(SearchText.fold(text))).isEqualTo(SearchText.fold(text));
    }

    /** It would be ordered in the square of their number. */
    @Test
    void aLetterWithThousandsOfMarksTakesNoLongerThanOthers() {
        var marked = "ཀ" + "\u0F74".repeat(50_000) + "\u0F71".repeat(50_000);
        assertThat(SearchText.fold(marked)).hasSize(31);
        assertThat(SearchQuery.of("ཀ\u0F74").matches(marked)).isTrue();
    }

    @Property(tries = 1_000)
    void everyTermFitsAnIndex(@ForAll String text) {
        assertThat(SearchText.terms(text)).allSatisfy(term -> {
            assertThat(term).isNotEmpty();
            assertThat(term.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(128);
        });
    }

    @Test
    void aTextOfTooManyWordsIsOneThatMayMatchAnything() {
        var words = java.util.stream.IntStream.range(0, 20_001)
                .mapToObj(i -> "w" + i)
                .collect(Collectors.joining(" "));
        assertThat(SearchText.terms(words)).containsExactly(SearchText.MANY);
        assertThat(SearchText.terms(words.substring(0, words.lastIndexOf(' ')))).hasSize(20_000);
    }
}

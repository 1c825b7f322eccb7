package io.messagecenter.domain.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageBodyTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n\r", "\u00a0", "\u2007\u202f\u3000", "\u0085\u2028\u2029", "\u001c\u001f"})
    void aBlankTextIsRefused(String text) {
        assertRefused(text, "This field may not be blank.");
    }

    @ParameterizedTest
    @ValueSource(strings = {" x ", "\u00a0x\u00a0", "\u3000\tx\r\n", "\u0085x\u0085", "\u2028x\u2029", "\fx\u000b"})
    void outerWhiteSpaceIsStrippedNoBreakSpacesIncluded(String text) {
        assertThat(new MessageBody(text).text()).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a  b",
                "a\u00a0b",
                "a\nb\r\nc\td",
                "😀",
                "\u200b",
                "\ufeff",
                "\u200e\u200f",
                "e\u0301",
                "\ufffd",
                "'\"\\%_"
            })
    void everythingElseStaysAsItIs(String text) {
        assertThat(new MessageBody(text).text()).isEqualTo(text);
        assertThat(new MessageBody(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u0000b",
                "a\u0001b",
                "a\u0008b",
                "a\u000bb",
                "a\u000cb",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                "a\u009fb",
                "\u0000"
            })
    void controlCharactersWithinAreRefused(String text) {
        assertRefused(text, "Control characters are not allowed.");
    }

    @Test
    void loneSurrogatesAreRefusedWhereverTheyStand() {
        for (var text :
                List.of("\ud83d", "\ude00", "a\ud83d", "\ude00a", "\ude00\ud83d", "\ud83d\ud83d\ude00", "😀\ude00")) {
            assertRefused(text, "Lone surrogates are not allowed.");
        }
    }

    @Test
    void aLimitCountsCodePointsAfterStripping() {
        assertThat(MessageBody.of("  " + "😀".repeat(10) + "  ", 10).text()).isEqualTo("😀".repeat(10));
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> MessageBody.of("😀".repeat(11), 10))
                .satisfies(e -> assertThat(e.fields())
                        .containsExactly(entry("body", List.of("Ensure this field has no more than 10 characters."))));
        assertThat(MessageBody.of("x".repeat(10), 10).text()).hasSize(10);
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> MessageBody.of("x".repeat(11), 10));
    }

    @Test
    void noBodyIsLongerThanEveryStoreMustHold() {
        assertThat(new MessageBody("漢".repeat(MessageBody.MAX_CODE_POINTS)).text())
                .hasSize(MessageBody.MAX_CODE_POINTS);
        assertRefused(
                "漢".repeat(MessageBody.MAX_CODE_POINTS + 1), "Ensure this field has no more than 100000 characters.");
    }

    private static void assertRefused(String text, String why) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> new MessageBody(text))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID);
                    assertThat(e.fields()).containsExactly(entry("body", List.of(why)));
                });
    }
}

package io.messagecenter.domain.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.UserId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "!", "~", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "\"'\\%_"})
    void aClientKeyIsVisibleAscii(String key) {
        assertThat(new ClientKey(key)).hasToString(key);
    }

    @Test
    void aClientKeyHasOneToSixtyFourCharacters() {
        assertThat(new ClientKey("x".repeat(64)).value()).hasSize(64);
        assertRefused("");
        assertRefused("x".repeat(65));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a\n", "\na", "a\u0000", "\u007f", "é", "😀", "\ud83d"})
    void aClientKeyHasNothingElse(String key) {
        assertRefused(key);
    }

    @Test
    void clientKeysAreComparedExactly() {
        assertThat(new ClientKey("key")).isNotEqualTo(new ClientKey("KEY")).isEqualTo(new ClientKey("key"));
    }

    @Test
    void aConversationIsTheSameFromBothSides() {
        var low = new UserId(1);
        var high = new UserId(2);

        assertThat(ConversationKey.of(high, low)).isEqualTo(ConversationKey.of(low, high));
        assertThat(ConversationKey.of(high, low).low()).isEqualTo(low);
        assertThat(ConversationKey.of(low, low)).isEqualTo(new ConversationKey(low, low));
        assertThatIllegalArgumentException().isThrownBy(() -> new ConversationKey(high, low));
    }

    @Test
    void conversationsAreOrderedByTheirLowerAndThenByTheirHigherUser() {
        assertThat(new ConversationKey(new UserId(1), new UserId(9)))
                .isLessThan(new ConversationKey(new UserId(2), new UserId(2)))
                .isLessThan(new ConversationKey(new UserId(1), new UserId(10)))
                .isEqualByComparingTo(new ConversationKey(new UserId(1), new UserId(9)));
    }

    private static void assertRefused(String key) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> new ClientKey(key))
                .satisfies(e -> assertThat(e.fields()).containsOnlyKeys("client_id"));
    }
}

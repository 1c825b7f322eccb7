package io.messagecenter.app.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.user.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListedPasswordsTest {
    private static final ListedPasswords LISTED = ListedPasswords.load();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "12345678",
                "password1",
                "iloveyou",
                "qwertyuiop",
                "PassWord1",
                "ｐａｓｓｗｏｒｄ",
                "1qaz2wsx"
            })
    void whatEverybodyTriesFirstIsListedWhateverItsCase(String password) {
        assertThat(LISTED.contains(new Password(password))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse", "battery staple", "password ", " password", "geheim 👋 geheim", ""})
    void whatIsNotListedIsNot(String password) {
        assertThat(LISTED.contains(new Password(password))).isFalse();
    }

    @Test
    void ofTheListWhatCouldBeChosenIsKept() {
        assertThat(LISTED.contains(new Password("123456"))).isFalse(); // too short anyway
    }
}

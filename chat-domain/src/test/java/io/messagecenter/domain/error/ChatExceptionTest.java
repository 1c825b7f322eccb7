package io.messagecenter.domain.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatExceptionTest {
    @Test
    void aRefusalCarriesNoStackTrace() {
        assertThat(ChatException.notFound().getStackTrace()).isEmpty();
        assertThat(ChatException.notFound()).hasMessage("Not found.").hasNoCause();
    }

    @Test
    void anOutageCarriesItsCauseAndItsStackTrace() {
        var cause = new IOException("reset by peer");

        var outage = ChatException.unavailable("The database does not answer", cause);

        assertThat(outage.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(outage).hasCause(cause).hasMessage("The database does not answer");
        assertThat(outage.getStackTrace()).isNotEmpty();
    }

    @Test
    void aCursorTooOldSaysWhereTheFeedStandsAndNothingElseDoes() {
        assertThat(ChatException.cursorTooOld(7).feedLast()).hasValue(7);
        assertThat(ChatException.cursorTooOld(0).feedLast()).hasValue(0);
        assertThat(ChatException.notFound().feedLast()).isEmpty();
    }

    @Test
    void faultsAreCollectedInTheirOrder() {
        var faults = new ChatException.Faults();
        faults.check(() -> {
            throw ChatException.invalid("b", "wrong");
        });
        assertThat(faults.check(() -> "fine")).isEqualTo("fine");
        faults.check(() -> {
            throw ChatException.invalid("a", "also wrong");
        });

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(faults::throwIfAny)
                .satisfies(e -> assertThat(e.fields())
                        .containsExactly(entry("b", List.of("wrong")), entry("a", List.of("also wrong"))));
    }

    @Test
    void whereNoFaultIsFoundNothingIsThrown() {
        var faults = new ChatException.Faults();
        faults.check(() -> "fine");

        faults.throwIfAny();
    }

    @Test
    void anOutageDuringACheckIsNoFaultOfTheCaller() {
        var outage = ChatException.unavailable("gone", new IOException());

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> new ChatException.Faults().check(() -> {
                    throw outage;
                }))
                .isSameAs(outage);
    }
}

package io.messagecenter.domain.seq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class SequencesTest {
    private static final long MAX = 9_007_199_254_740_991L;

    private static final List<LongFunction<Object>> PLACES = List.of(FeedSeq::new, MessageSeq::new, MailboxSeq::new);
    private static final List<LongFunction<Object>> IDS = List.of(MessageId::new, UserId::new, SessionId::new);

    @Test
    void aPlaceIsAnyIntegerFromZeroThatEveryJsonReaderKeepsExact() {
        for (var place : PLACES) {
            assertThat(place.apply(0)).hasToString("0");
            assertThat(place.apply(MAX)).hasToString("9007199254740991");
            assertThatIllegalArgumentException().isThrownBy(() -> place.apply(-1));
            assertThatIllegalArgumentException().isThrownBy(() -> place.apply(MAX + 1));
        }
    }

    @Test
    void anIdIsAnyIntegerFromOneThatEveryJsonReaderKeepsExact() {
        for (var id : IDS) {
            assertThat(id.apply(1)).hasToString("1");
            assertThat(id.apply(MAX)).hasToString("9007199254740991");
            assertThatIllegalArgumentException().isThrownBy(() -> id.apply(0));
            assertThatIllegalArgumentException().isThrownBy(() -> id.apply(-1));
            assertThatIllegalArgumentException().isThrownBy(() -> id.apply(MAX + 1));
        }
    }

    @Test
    void theNextPlaceIsOneFurther() {
        assertThat(FeedSeq.ZERO.next()).isEqualTo(new FeedSeq(1));
        assertThat(MessageSeq.ZERO.next()).isEqualTo(new MessageSeq(1));
        assertThat(MailboxSeq.ZERO.next()).isEqualTo(new MailboxSeq(1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FeedSeq(MAX).next());
    }

    @Test
    void placesAndIdsAreOrderedByTheirNumber() {
        assertThat(new FeedSeq(9)).isLessThan(new FeedSeq(10)).isEqualByComparingTo(new FeedSeq(9));
        assertThat(new MessageSeq(9)).isLessThan(new MessageSeq(10)).isEqualByComparingTo(new MessageSeq(9));
        assertThat(new MailboxSeq(9)).isLessThan(new MailboxSeq(10)).isEqualByComparingTo(new MailboxSeq(9));
        assertThat(new UserId(9)).isLessThan(new UserId(10));
        assertThat(new MessageId(9)).isLessThan(new MessageId(10));
        assertThat(new SessionId(9)).isLessThan(new SessionId(10));
    }
}

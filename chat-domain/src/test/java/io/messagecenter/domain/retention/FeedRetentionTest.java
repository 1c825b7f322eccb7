package io.messagecenter.domain.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.spy;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeedRetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:45:26.450886Z");
    private static final Duration KEEP = Duration.ofDays(30);
    private static final Instant OLDEST = NOW.minus(KEEP);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final RetentionStore store = spy(storage.retention());
    private final List<Integer> told = new ArrayList<>();
    private final FeedRetention retention =
            new FeedRetention(store, KEEP, Clock.fixed(NOW, ZoneOffset.UTC), new Telemetry() {
                @Override
                public void entriesPruned(int count) {
                    told.add(count);
                }
            });

    private Person person(String name) {
        return storage.users()
                .create(new NewUser(new Username(name), Optional.empty(), PasswordHash.UNUSABLE, OLDEST, false))
                .person();
    }

    private void note(Person person, Instant at, int count) {
        var batch = new ArrayList<NewMessage>();
        for (int i = 0; i < count; i++) {
            batch.add(new NewMessage(
                    storage.ids().next(),
                    person,
                    person,
                    new MessageBody("note"),
                    at.plusNanos(1_000L * i),
                    Optional.empty()));
        }
        storage.messages().write(batch);
    }

    private void goRound() {
        for (int i = 0; retention.step(); i++) {
            assertThat(i).isLessThan(100);
        }
    }

    private List<Long> kept(Person person, long after) {
        return storage.feeds().read(person.id(), new FeedSeq(after), 10_000).events().stream()
                .map(Event::seq)
                .map(FeedSeq::value)
                .toList();
    }

    @Test
    void whatIsAsOldAsIsPromisedIsKeptAndWhatIsOlderIsNot() {
        var alice = person("alice");
        note(alice, OLDEST.minusNanos(1_000), 2);

        goRound();

        assertThat(kept(alice, 1)).containsExactly(2L);
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> kept(alice, 0));
        assertThat(told).containsExactly(1);
    }

    @Test
    void aLongFeedIsDroppedInBatchesBetweenThoseOfOthers() {
        var alice = person("alice");
        var bob = person("bob");
        note(alice, OLDEST.minusSeconds(9), 2 * FeedRetention.BATCH + 1);
        note(bob, OLDEST.minusSeconds(9), 1);
        note(bob, NOW, 1);

        goRound();

        assertThat(told).containsExactly(FeedRetention.BATCH, 1, FeedRetention.BATCH, 1);
        assertThat(kept(alice, 2 * FeedRetention.BATCH + 1)).isEmpty();
        assertThat(kept(bob, 1)).containsExactly(2L);
    }

    @Test
    void aFeedThatFailsIsDroppedInTheNextRoundAndOthersDoNotWait() {
        var alice = person("alice");
        var bob = person("bob");
        note(alice, OLDEST.minusSeconds(9), 3);
        note(bob, OLDEST.minusSeconds(9), 2);
        doThrow(ChatException.unavailable("gone", new IOException()))
                .doCallRealMethod()
                .when(store)
                .prune(any(), any(), anyInt());

        assertThat(retention.step()).isTrue();
        assertThatExceptionOfType(ChatException.class).isThrownBy(retention::step);
        goRound();
        assertThat(kept(alice, 0)).hasSize(3);
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> kept(bob, 0));

        goRound();
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> kept(alice, 0));
        assertThat(told).containsExactly(2, 3);
    }
}

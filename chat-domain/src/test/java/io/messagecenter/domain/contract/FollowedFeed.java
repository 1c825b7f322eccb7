package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.FeedListener;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.FeedSeq;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Remembers the stream that a follower delivers, and every way in which it was not one. Thread-safe. */
public final class FollowedFeed implements FeedListener {
    private final List<Event> events = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private OptionalLong last = OptionalLong.empty();

    @Override
    public synchronized void onStart(FeedSeq from) {
        if (last.isPresent()) {
            faults.add("started again at " + from);
        }
        last = OptionalLong.of(from.value());
    }

    @Override
    public synchronized void onEvent(Event event) {
        if (last.isEmpty() || event.seq().value() != last.getAsLong() + 1) {
            faults.add(event.seq() + " after " + last);
        }
        last = OptionalLong.of(event.seq().value());
        events.add(event);
    }

    @Override
    public synchronized void onReset(FeedSeq after) {
        faults.add("reset to " + after);
    }

    /** The place of the last event, or where the stream began; empty until it has begun. */
    public synchronized OptionalLong last() {
        return last;
    }

    public synchronized List<Message> messages() {
        assertThat(faults).isEmpty();
        return events.stream().map(event -> ((MessageSent) event).message()).toList();
    }

    public void awaitStart() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> last().isPresent());
    }

    public void awaitLast(long seq) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(last()).hasValue(seq));
    }
}

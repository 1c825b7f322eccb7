package io.messagecenter.domain.feed;

import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import java.util.Optional;

/**
 * Word that a user's feed has reached a place. It may be lost, repeated, or come late: the store is the truth.
 *
 * @param event what stands at that place, when the notifier could carry it
 */
public record Hint(UserId user, FeedSeq seq, Optional<Event> event) {
    public Hint {
        if (event.isPresent() && !event.get().seq().equals(seq)) {
            throw new IllegalArgumentException(
                    "The event stands at " + event.get().seq() + ", not at " + seq);
        }
    }

    public static Hint of(UserId user, Event event) {
        return new Hint(user, event.seq(), Optional.of(event));
    }

    /** The place alone; whoever wants the event reads the store. */
    public static Hint of(UserId user, FeedSeq seq) {
        return new Hint(user, seq, Optional.empty());
    }
}

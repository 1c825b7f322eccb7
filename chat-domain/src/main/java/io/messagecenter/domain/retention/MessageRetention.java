package io.messagecenter.domain.retention;

import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.send.RetireMessages;
import io.messagecenter.domain.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Deletes the messages of all conversations that are older than they may be, a few at a time, as if their senders had:
 * tombstones take their place, and the feeds of both say so. One thread at a time.
 */
final class MessageRetention {
    /** How many conversations are looked at in one query. */
    static final int LOOK = 1_000;

    /** How many messages are deleted at once: few, since whoever sends waits for the same commit. */
    static final int BATCH = 50;

    private final RetentionStore store;
    private final RetireMessages retireMessages;
    private final Duration keep;
    private final Clock clock;
    private final Telemetry telemetry;
    private final Queue<ConversationKey> due = new ArrayDeque<>();
    private Optional<ConversationKey> last = Optional.empty();

    MessageRetention(
            RetentionStore store, RetireMessages retireMessages, Duration keep, Clock clock, Telemetry telemetry) {
        this.store = store;
        this.retireMessages = retireMessages;
        this.keep = keep;
        this.clock = clock;
        this.telemetry = telemetry;
    }

    /**
     * Does a little; false once all conversations were gone through. Of one that fails, the next round takes care, and
     * finds tombstones where something was done already.
     */
    boolean step() {
        if (!retireMessages.hasRoomFor(BATCH)) {
            return true;
        }
        var before = clock.instant().minus(keep);
        var conversation = due.poll();
        if (conversation == null) {
            var stretch = store.oldConversations(last, before, LOOK);
            due.addAll(stretch.due());
            last = stretch.last();
            return last.isPresent();
        }
        var expired = store.expired(conversation, before, BATCH);
        if (!expired.isEmpty()) {
            int retired = retireMessages.retire(expired).join();
            store.done(conversation, expired.get(expired.size() - 1).seq());
            telemetry.messagesRetired(retired);
        }
        if (expired.size() == BATCH) {
            due.add(conversation);
        }
        return true;
    }
}

package io.messagecenter.domain.send;

import io.messagecenter.domain.commit.GroupCommit;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.Changed;
import io.messagecenter.domain.message.WriteResult.Marked;
import io.messagecenter.domain.telemetry.Telemetry;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The one queue of a node in which everything waits that is said in conversations: whatever waits becomes one
 * transaction, and whom it concerns is told. Thread-safe.
 */
public final class WriteQueue implements AutoCloseable {
    private final MessageStore messages;
    private final Notifier notifier;
    private final Clock clock;
    private final Telemetry telemetry;
    private final GroupCommit<Request, WriteResult> groupCommit;
    private final LongAdder written = new LongAdder();

    public WriteQueue(
            MessageStore messages, Notifier notifier, Clock clock, GroupCommit.Limits limits, Telemetry telemetry) {
        this.messages = messages;
        this.notifier = notifier;
        this.clock = clock;
        this.telemetry = telemetry;
        this.groupCommit = new GroupCommit<>("send", limits, Request::weight, this::write, this::publish, telemetry);
    }

    private record Request(long weight, Function<Instant, Write> write) {}

    /**
     * Queues a write.
     *
     * @param weight about how many characters it has
     * @param write makes it, at the moment of its commit
     * @return as {@link GroupCommit#submit} has it
     */
    CompletableFuture<WriteResult> submit(long weight, Function<Instant, Write> write) {
        return groupCommit.submit(new Request(weight, write));
    }

    /** How many writes wait to be stored. */
    public int queued() {
        return groupCommit.queued();
    }

    /** How many may wait. */
    public int capacity() {
        return groupCommit.capacity();
    }

    /** How many writes were stored, since this node began. */
    public long written() {
        return written.sum();
    }

    /** Takes no more, and returns once all that was taken is stored and told. */
    @Override
    public void close() {
        groupCommit.close();
    }

    private List<WriteResult> write(List<Request> requests) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var batch = new ArrayList<Write>(requests.size());
        for (var request : requests) {
            batch.add(request.write().apply(now));
        }
        return messages.write(batch);
    }

    private void publish(List<WriteResult> results) {
        var hints = new ArrayList<Hint>(2 * results.size());
        int sent = 0;
        written.add(results.size());
        for (var result : results) {
            if (result instanceof Appended appended) {
                sent++;
                hint(appended, hints);
            } else if (result instanceof Changed changed) {
                changed.places()
                        .forEach((user, seq) -> hints.add(Hint.of(user, Event.ofChange(seq, changed.message()))));
            } else if (result instanceof Marked marked) {
                marked.places()
                        .forEach((user, seq) -> hints.add(Hint.of(user, Event.ofMark(seq, user, marked.mark()))));
            }
        }
        telemetry.messagesSent(sent);
        if (!hints.isEmpty()) {
            notifier.publish(hints);
        }
    }

    private static void hint(Appended appended, List<Hint> hints) {
        var message = appended.message();
        hints.add(Hint.of(message.sender().id(), new MessageSent(appended.senderFeed(), message)));
        if (!message.sender().id().equals(message.recipient().id())) {
            hints.add(Hint.of(message.recipient().id(), new MessageSent(appended.recipientFeed(), message)));
        }
    }
}

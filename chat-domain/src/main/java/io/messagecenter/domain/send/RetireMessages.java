package io.messagecenter.domain.send;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Changed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Deletes messages that were kept long enough, just as if their senders had. Thread-safe. */
public final class RetireMessages {
    /** Those who send have the rest of the queue to themselves. */
    private static final int SHARE_OF_QUEUE = 4;

    private final WriteQueue queue;

    public RetireMessages(WriteQueue queue) {
        this.queue = queue;
    }

    /** Whether so little waits to be written that so many more, or one at least, would keep nobody from sending. */
    public boolean hasRoomFor(int count) {
        int waiting = queue.queued();
        return waiting == 0 || waiting + count <= queue.capacity() / SHARE_OF_QUEUE;
    }

    /**
     * Deletes messages: their places stay, and nothing else. Blocks do not count.
     *
     * @return completes with how many were deleted now, once all are; fails, and some may have been, as
     *     {@link WriteQueue#submit} does
     */
    public CompletableFuture<Integer> retire(List<Message> messages) {
        var results = new ArrayList<CompletableFuture<WriteResult>>();
        for (var message : messages) {
            if (!message.deleted()) {
                results.add(queue.submit(
                        MarkConversation.WEIGHT, now -> new MessageChange(message, Optional.empty(), now)));
            }
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> (int) results.stream()
                        .filter(result -> result.join() instanceof Changed)
                        .count());
    }
}

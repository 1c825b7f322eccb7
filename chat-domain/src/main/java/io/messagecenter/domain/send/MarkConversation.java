package io.messagecenter.domain.send;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets people say how far they have read, and what has been delivered to them. The other one is told, unless they are
 * blocked. No thread waits for the store. Thread-safe.
 */
public final class MarkConversation {
    /** Of what has no text. */
    static final long WEIGHT = 64;

    private final UserStore users;
    private final WriteQueue queue;

    public MarkConversation(UserStore users, WriteQueue queue) {
        this.users = users;
        this.queue = queue;
    }

    /**
     * How far somebody has come.
     *
     * @param peer a user name as it was typed
     * @param upto past the end it means the end
     */
    public record Command(Mark.Kind kind, Person reader, String peer, MessageSeq upto) {}

    /**
     * Moves a mark forward; one that would go back stays where it is.
     *
     * @return completes once that is stored durably; fails with a {@link ChatException}: {@code NOT_FOUND} if nobody has
     *     that name, {@code OVERLOADED} or {@code UNAVAILABLE}
     */
    public CompletableFuture<@Nullable Void> mark(Command command) {
        try {
            var peer = Username.typed(command.peer()).flatMap(users::find).orElseThrow(ChatException::notFound);
            return queue.submit(WEIGHT, now -> new Mark(command.kind(), command.reader(), peer, command.upto(), now))
                    .thenApply(result -> {
                        if (result instanceof Nobody) {
                            throw ChatException.notFound();
                        }
                        return null;
                    });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}

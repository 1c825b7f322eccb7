package io.messagecenter.app.api;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import jakarta.ws.rs.container.AsyncResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Answers requests whose result comes later, on threads that may wait for a client to read. */
final class Answers {
    private static final int PATIENCE_SECONDS =
            20; // less than a connection may be idle, or the answer would come too late

    private final Executor executor;

    Answers(Executor executor) {
        this.executor = executor;
    }

    /** Answers with what comes of the result, or with its failure; after {@value #PATIENCE_SECONDS} s with 503. */
    <T> void answer(CompletableFuture<T> result, AsyncResponse response, Function<T, Object> entity) {
        response.setTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
        response.setTimeoutHandler(late -> {
            late.resume(ChatException.of(ErrorCode.OVERLOADED, "This takes longer than it should. Try again."));
            result.cancel(false); // what has not begun need not begin any more
        });
        var unused = result.whenCompleteAsync(
                (value, failure) -> {
                    if (failure == null) {
                        response.resume(entity.apply(value));
                    } else {
                        response.resume(failure);
                    }
                },
                executor);
    }
}

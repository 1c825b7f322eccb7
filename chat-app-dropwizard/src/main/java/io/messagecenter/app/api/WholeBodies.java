package io.messagecenter.app.api;

import io.messagecenter.app.json.Fields;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ConditionalHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the whole body of a request before a servlet sees it, without a thread: however many clients are slow to send
 * what they announced, everybody else is served.
 *
 * <p>Of a body that is too large it keeps a little more than is allowed, so that the servlet refuses it, and throws the
 * rest away, within bounds: a client that is still sending when the connection ends never sees why. Thread-safe.
 */
public final class WholeBodies extends ConditionalHandler.ElseNext {
    private static final int KEPT = Fields.LONGEST + 1;
    private static final long THROWN_AWAY = 4L * 1024 * 1024;

    @Override
    protected boolean onConditionsMet(Request request, Response response, Callback callback) throws Exception {
        var next = getHandler();
        if (next == null) {
            return false;
        }
        if (isTooMuchToRead(request)) {
            return next.handle(request, response, callback);
        }
        new Loading(next, request, response, callback).read(false);
        return true;
    }

    /** It is refused unread where its client waits for a word before sending it, or where it is too much to throw away. */
    private static boolean isTooMuchToRead(Request request) {
        return request.getLength() > Fields.LONGEST
                && (request.getLength() > THROWN_AWAY || request.getHeaders().contains(HttpHeader.EXPECT));
    }

    /** One request whose body is on its way. Read by one thread at a time. */
    private static final class Loading implements Invocable.Task {
        private final Handler next;
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
        private long thrownAway;

        Loading(Handler next, Request request, Response response, Callback callback) {
            this.next = next;
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        public void run() {
            read(true);
        }

        /** @param borrowed whether the thread is Jetty's for reading, and must not wait for a servlet */
        void read(boolean borrowed) {
            while (true) {
                var chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    handle(chunk, borrowed);
                    return;
                }
                keep(chunk);
                chunk.release();
                if (chunk.isLast() || thrownAway > THROWN_AWAY) {
                    handle(Content.Chunk.from(ByteBuffer.wrap(kept.toByteArray()), true), borrowed);
                    return;
                }
            }
        }

        private void keep(Content.Chunk chunk) {
            var bytes = chunk.getByteBuffer();
            var piece = new byte[Math.min(bytes.remaining(), KEPT - kept.size())];
            bytes.get(piece);
            kept.writeBytes(piece);
            thrownAway += bytes.remaining();
        }

        private void handle(Content.Chunk body, boolean borrowed) {
            if (borrowed) {
                request.getContext().execute(() -> handle(body));
            } else {
                handle(body);
            }
        }

        private void handle(Content.Chunk body) {
            try {
                if (!next.handle(new Loaded(request, body), response, callback)) {
                    Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
                }
            } catch (Exception e) {
                Response.writeError(request, response, callback, e);
            }
        }
    }

    /** A request whose body is there. */
    private static final class Loaded extends Request.Wrapper {
        private Content.@Nullable Chunk body;

        Loaded(Request request, Content.Chunk body) {
            super(request);
            this.body = body;
        }

        @Override
        public Content.@Nullable Chunk read() {
            var chunk = body;
            body = Content.Chunk.next(chunk);
            return chunk == null ? super.read() : chunk;
        }
    }
}

package io.messagecenter.app.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.ExpectedUser;
import io.messagecenter.app.auth.Tokens;
import io.messagecenter.app.json.Fields;
import io.messagecenter.app.json.MessageWriter;
import io.messagecenter.app.problem.Problem;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.send.SendMessage;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /message/} past Jersey: the one request that everybody waits for. It takes JSON and forms, and leaves
 * everything else to the resource; what a send means is the same for both.
 *
 * <p>The answer is written on the thread that has it, without waiting for the client, so no other thread is woken for it.
 */
final class DirectSend {
    private static final Logger LOG = LoggerFactory.getLogger(DirectSend.class);
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String UTF_8 = ";charset=utf-8";
    private static final long PATIENCE_MILLIS = 20_000; // see Answers

    private final Sending sending;
    private final Authentication authentication;
    private final MessageWriter messages;
    private final ObjectMapper mapper;

    DirectSend(Sending sending, Authentication authentication, MessageWriter messages, ObjectMapper mapper) {
        this.sending = sending;
        this.authentication = authentication;
        this.messages = messages;
        this.mapper = mapper;
    }

    /** Whether the request is a send that came as JSON or as a form. */
    boolean takes(HttpServletRequest request) {
        var path = request.getPathInfo();
        var type = ApiServlet.contentType(request);
        return "POST".equals(request.getMethod())
                && ("/message/".equals(path) || "/message".equals(path))
                && (is(JSON, type) || is(FORM, type))
                && request.getContentLengthLong() >= 0
                && request.getContentLengthLong() <= Fields.LONGEST;
    }

    private static boolean is(String type, @Nullable String given) {
        if (given == null || given.equals(type)) {
            return given != null;
        }
        var folded = given.toLowerCase(Locale.ROOT).replace(" ", "");
        return folded.equals(type) || folded.equals(type + UTF_8);
    }

    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var answer = new Answer(request.startAsync(request, response), response);
        try {
            var caller = authentication.caller(Tokens.of(request));
            ExpectedUser.require(caller, Collections.list(request.getHeaders(ExpectedUser.HEADER)));
            var fields = FieldsReader.fields(
                    mapper,
                    is(FORM, ApiServlet.contentType(request)),
                    request.getInputStream().readNBytes((int) request.getContentLengthLong()));
            var unused = sending.send(caller.person(), request.getHeader(Sending.KEY_HEADER), fields)
                    .whenComplete(answer::complete);
        } catch (Fields.Malformed e) {
            answer.write(Problem.of(400, "Bad Request", String.valueOf(e.getMessage())));
        } catch (IOException e) {
            answer.write(Problem.unreadable(e).orElseGet(() -> Problem.unexpected(e, LOG)));
        } catch (ChatException e) {
            answer.write(Problem.of(e));
        }
    }

    /** One answer, written once: by whichever comes first, the result or the end of patience. */
    private final class Answer implements AsyncListener {
        private final AsyncContext async;
        private final HttpServletResponse response;
        private final AtomicBoolean written = new AtomicBoolean();

        Answer(AsyncContext async, HttpServletResponse response) {
            this.async = async;
            this.response = response;
            async.setTimeout(PATIENCE_MILLIS);
            async.addListener(this);
        }

        void complete(SendMessage.@Nullable Sent sent, @Nullable Throwable failure) {
            if (sent != null) {
                write(HttpServletResponse.SC_CREATED, JSON, messages.json(sent.message()));
            } else if (failure != null) {
                var reason = SendMessage.reason(failure);
                write(reason instanceof ChatException refusal ? Problem.of(refusal) : Problem.unexpected(reason, LOG));
            }
        }

        void write(Problem problem) {
            if (!written.get()) {
                problem.headers().forEach(response::setHeader);
                write(problem.status(), Problem.MEDIA_TYPE, json(problem));
            }
        }

        private void write(int status, String type, String json) {
            if (!written.compareAndSet(false, true)) {
                return;
            }
            var body = json.getBytes(StandardCharsets.UTF_8);
            response.setStatus(status);
            response.setContentType(type);
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("Allow", AllowFilter.MESSAGE_ALLOW);
            response.setContentLength(body.length);
            try {
                if (response.getOutputStream() instanceof HttpOutput output) {
                    output.sendContent(ByteBuffer.wrap(body), Callback.from(async::complete, this::failed));
                } else {
                    response.getOutputStream().write(body); // somebody's filter stands between
                    async.complete();
                }
            } catch (IOException e) {
                failed(e);
            }
        }

        private void failed(Throwable failure) {
            LOG.debug("An answer did not reach its client", failure);
            async.complete();
        }

        private String json(Problem problem) {
            try {
                return mapper.writeValueAsString(problem.members());
            } catch (IOException e) {
                throw new UncheckedIOException("A problem is plain data", e);
            }
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            write(Problem.of(ChatException.of(ErrorCode.OVERLOADED, "This takes longer than it should. Try again.")));
        }

        @Override
        public void onComplete(AsyncEvent event) {
            // Written and gone.
        }

        @Override
        public void onError(AsyncEvent event) {
            written.set(true); // Jetty answers
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Once is all.
        }
    }
}

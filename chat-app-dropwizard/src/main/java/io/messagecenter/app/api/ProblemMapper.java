package io.messagecenter.app.api;

import io.messagecenter.app.problem.Problem;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.send.SendMessage;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every failure of a request with a problem, and tells the log what the client need not know. */
final class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);

    @Context
    private @Nullable HttpHeaders headers;

    @Context
    private @Nullable Request request;

    @Override
    public Response toResponse(Throwable failure) {
        var reason = SendMessage.reason(failure);
        if (reason instanceof ChatException refusal) {
            if (refusal.code() == ErrorCode.UNAVAILABLE) {
                LOG.warn("Answered 503: {}", refusal.getMessage());
            }
            return response(Problem.of(refusal));
        } else if (reason instanceof WebApplicationException http
                && http.getResponse().getStatus() < 500) {
            return ofHttp(http);
        }
        return response(Problem.unreadable(reason).orElseGet(() -> Problem.unexpected(reason, LOG)));
    }

    private Response ofHttp(WebApplicationException http) {
        var status = http.getResponse().getStatusInfo();
        var problem = Problem.of(status.getStatusCode(), status.getReasonPhrase(), detail(http));
        if (status.getStatusCode() == Status.REQUEST_ENTITY_TOO_LARGE.getStatusCode()) {
            problem = problem.withHeader("Connection", "close"); // the rest of it may never be read
        }
        var response = response(problem);
        var allow = http.getResponse().getHeaderString(HttpHeaders.ALLOW);
        return allow == null
                ? response
                : Response.fromResponse(response)
                        .header(HttpHeaders.ALLOW, allow)
                        .build();
    }

    private String detail(WebApplicationException http) {
        if (http instanceof NotFoundException) {
            return "Not found.";
        } else if (http instanceof NotAllowedException && request != null) {
            return "Method \"" + request.getMethod() + "\" not allowed.";
        } else if (http instanceof NotSupportedException && headers != null) {
            var type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
            return "Unsupported media type \"" + (type == null ? "" : type) + "\" in request.";
        }
        var message = http.getMessage();
        return message == null ? Status.BAD_REQUEST.getReasonPhrase() : message;
    }

    private static Response response(Problem problem) {
        var response = Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(problem.members());
        problem.headers().forEach(response::header);
        return response.build();
    }
}

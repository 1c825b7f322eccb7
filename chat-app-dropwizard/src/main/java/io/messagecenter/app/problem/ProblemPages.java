package io.messagecenter.app.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.messagecenter.app.edge.ClientAddresses;
import io.messagecenter.app.edge.SecurityHeaders;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with a problem what Jetty itself refuses, since it never reaches a resource: an address or a header that HTTP
 * does not allow, or one that is too long. Says nothing of the inside. Thread-safe.
 */
public final class ProblemPages extends ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemPages.class);

    private final ObjectMapper mapper = JsonMapper.builder().build();
    private final ClientAddresses clients;

    /** @param clients knows who uses TLS; what Jetty cannot read has no scheme */
    public ProblemPages(ClientAddresses clients) {
        this.clients = clients;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback)
            throws IOException {
        var problem = problem(request, code, message, cause);
        response.setStatus(problem.status());
        problem.headers().forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        SecurityHeaders.add(response.getHeaders(), clients.isTls(request));
        if (code == HttpStatus.URI_TOO_LONG_414) {
            // Jetty ends the connection here, and does not say so.
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        var body = mapper.writeValueAsBytes(problem.members());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, BufferUtil.toBuffer(body), callback);
    }

    /** Jetty looks at the charset of a request before anybody asks it to. */
    private static boolean isCharset(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsupportedCharsetException || cause instanceof IllegalCharsetNameException) {
                return true;
            }
        }
        return false;
    }

    /** Whatever fails then fails because of it. */
    private static boolean isStopping(Request request, int code) {
        var server = request.getConnectionMetaData().getConnector().getServer();
        return code == HttpStatus.INTERNAL_SERVER_ERROR_500 && (!server.isRunning() || server.isStopping());
    }

    private static Problem problem(Request request, int code, @Nullable String message, @Nullable Throwable cause) {
        if (isCharset(cause)) {
            var type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
            return Problem.of(415, "Unsupported Media Type", "Unsupported media type \"" + type + "\" in request.");
        } else if (code == HttpStatus.SERVICE_UNAVAILABLE_503 || isStopping(request, code)) {
            return Problem.of(ChatException.of(ErrorCode.OVERLOADED, "The service stops."));
        } else if (code == HttpStatus.INTERNAL_SERVER_ERROR_500) {
            return Problem.unexpected(cause == null ? new IllegalStateException(String.valueOf(message)) : cause, LOG);
        }
        var title = HttpStatus.getMessage(code);
        // Jetty's words, but not those of whatever was thrown.
        return Problem.of(
                code, title, message == null || code > HttpStatus.INTERNAL_SERVER_ERROR_500 ? title : message);
    }
}

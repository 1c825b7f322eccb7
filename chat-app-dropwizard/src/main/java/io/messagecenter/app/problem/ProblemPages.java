package io.messagecenter.app.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers with a problem what Jetty itself refuses, since it never reaches a resource: an address or a header that HTTP
 * does not allow, or one that is too long. Says nothing of the inside. Thread-safe.
 */
public final class ProblemPages extends ErrorHandler {
    private final ObjectMapper mapper = JsonMapper.builder().build();

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
        var title = HttpStatus.getMessage(code);
        // Jetty's words, but not those of whatever was thrown.
        var detail = message == null || code >= HttpStatus.INTERNAL_SERVER_ERROR_500 ? title : message;
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (code == HttpStatus.URI_TOO_LONG_414) {
            // Jetty ends the connection here, and does not say so.
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        var problem = mapper.writeValueAsBytes(Problem.of(code, title, detail).members());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, problem.length);
        response.write(true, BufferUtil.toBuffer(problem), callback);
    }
}

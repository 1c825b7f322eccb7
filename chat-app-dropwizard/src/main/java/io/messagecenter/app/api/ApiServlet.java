package io.messagecenter.app.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.app.edge.Origins;
import io.messagecenter.app.json.Fields;
import io.messagecenter.app.json.MessageWriter;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.app.problem.Problem;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;

/**
 * The API's servlet. It refuses by itself what a foreign page sends and what is too large, before anything looks at it, and
 * what is no media type, which Jersey would answer with nothing.
 */
public final class ApiServlet extends ServletContainer {
    private static final long serialVersionUID = 1L;

    /** Whatever comes is read as UTF-8. */
    private static final Set<Charset> READ = Set.of(StandardCharsets.UTF_8, StandardCharsets.US_ASCII);

    private final transient DirectSend directSend;
    private final transient Origins origins;
    private final transient ObjectMapper mapper;

    /**
     * The whole API.
     *
     * @param authentication knows who makes a request
     * @param sessions the service's own sessions
     * @param messagesToLoad how many messages a page has
     * @param signUp whether anybody may open an account
     */
    public static ApiServlet of(
            MessageCenter center,
            Authentication authentication,
            SessionAuthenticator sessions,
            Origins origins,
            Limits limits,
            ApiThreads threads,
            ObjectMapper mapper,
            MessageWriter messages,
            int messagesToLoad,
            boolean signUp) {
        var sending = new Sending(center, limits.messages());
        return new ApiServlet(
                new ApiConfig(
                        center, sending, authentication, sessions, limits, threads, mapper, messagesToLoad, signUp),
                new DirectSend(sending, authentication, messages, mapper),
                origins,
                mapper);
    }

    private ApiServlet(ApiConfig config, DirectSend directSend, Origins origins, ObjectMapper mapper) {
        super(config);
        this.directSend = directSend;
        this.origins = origins;
        this.mapper = mapper;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            origins.checkChange(request);
        } catch (ChatException e) {
            write(Problem.of(e), response);
            return;
        }
        if (directSend.takes(request)) {
            directSend.handle(request, response);
            return;
        }
        var type = contentType(request);
        if (request.getContentLengthLong() > Fields.LONGEST) {
            var problem = Problem.of(413, "Request Entity Too Large", FieldsReader.TOO_LARGE);
            write(problem.withHeader("Connection", "close"), response);
        } else if (!isMediaType(type)) {
            write(
                    Problem.of(415, "Unsupported Media Type", "Unsupported media type \"" + type + "\" in request."),
                    response);
        } else {
            super.service(request, response);
        }
    }

    /** As it stands there: what Jetty makes of it throws where it names a charset that is none, and fills the log. */
    static @Nullable String contentType(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.CONTENT_TYPE);
    }

    private void write(Problem problem, HttpServletResponse response) throws IOException {
        var body = mapper.writeValueAsBytes(problem.members());
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store");
        problem.headers().forEach(response::setHeader);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Whether it is one, and of texts that are read as what they are. */
    private static boolean isMediaType(@Nullable String type) {
        if (type == null || type.equals(MediaType.APPLICATION_JSON)) {
            return true;
        }
        try {
            var parsed = MediaType.valueOf(type);
            var charset = parsed.getParameters().get(MediaType.CHARSET_PARAMETER);
            return !parsed.isWildcardType()
                    && !parsed.isWildcardSubtype()
                    && (charset == null || READ.contains(Charset.forName(charset)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

package io.messagecenter.app.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.problem.Problem;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * {@code /docs/}: the OpenAPI description of the REST API, the AsyncAPI description of the WebSocket, and pages that show
 * them. Serves what is listed here and nothing else of the class path. Thread-safe.
 */
public final class DocsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String HTML = "text/html;charset=utf-8";
    private static final String SCRIPT = "text/javascript;charset=utf-8";
    private static final String STYLE = "text/css;charset=utf-8";
    private static final String YAML = "application/yaml"; // is UTF-8

    private final transient ObjectMapper mapper;
    private final transient Map<String, Document> documents;

    public DocsServlet(ObjectMapper mapper) {
        this.mapper = mapper;
        documents = Map.of(
                "/", new Document(HTML, Resources.own("index.html")),
                "/docs.js", new Document(SCRIPT, Resources.own("docs.js")),
                "/docs.css", new Document(STYLE, Resources.own("docs.css")),
                "/openapi.yaml", new Document(YAML, Resources.own("openapi.yaml")),
                "/swagger-ui-bundle.js", new Document(SCRIPT, Resources.swaggerUi("swagger-ui-bundle.js")),
                "/swagger-ui.css", new Document(STYLE, Resources.swaggerUi("swagger-ui.css")),
                "/asyncapi.yaml", new Document(YAML, Resources.own("asyncapi.yaml")),
                "/socket.html", new Document(HTML, SocketPage.html().getBytes(StandardCharsets.UTF_8)));
    }

    /** Something to serve. The tag is that of these very bytes: a browser that has them need not load them again. */
    private static final class Document {
        private final String type;
        private final byte[] bytes;
        private final String tag;

        Document(String type, byte[] bytes) {
            this.type = type;
            this.bytes = bytes;
            this.tag = "\"" + hash(bytes) + "\"";
        }

        private static String hash(byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has it", e);
            }
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var path = request.getPathInfo();
        var document = path == null ? null : documents.get(path);
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            var detail = "Method \"" + request.getMethod() + "\" not allowed.";
            write(Problem.of(405, "Method Not Allowed", detail).withHeader("Allow", "GET, HEAD"), response);
        } else if (path == null) {
            response.setStatus(HttpServletResponse.SC_MOVED_PERMANENTLY);
            response.setHeader("Location", "docs/"); // relative, whatever a proxy has put before it
        } else if (document == null) {
            write(Problem.of(404, "Not Found", "Not found."), response);
        } else {
            write(document, request, response);
        }
    }

    private static void write(Document document, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Cache-Control", "no-cache"); // kept, and asked for every time
        response.setHeader("ETag", document.tag);
        if (document.tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(document.type);
        response.setContentLength(document.bytes.length);
        response.getOutputStream().write(document.bytes); // of nothing, if it was asked by HEAD
    }

    private void write(Problem problem, HttpServletResponse response) throws IOException {
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        problem.headers().forEach(response::setHeader);
        response.getOutputStream().write(mapper.writeValueAsBytes(problem.members()));
    }
}

package io.messagecenter.app.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.file.FilesServlet;
import io.messagecenter.app.file.ServedFile;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /docs/}: the OpenAPI description of the REST API, the AsyncAPI description of the WebSocket, and pages that show
 * them. Serves what is listed here and nothing else of the class path. Thread-safe.
 */
public final class DocsServlet extends FilesServlet {
    private static final long serialVersionUID = 1L;
    private static final String HTML = "text/html;charset=utf-8";
    private static final String SCRIPT = "text/javascript;charset=utf-8";
    private static final String STYLE = "text/css;charset=utf-8";
    private static final String YAML = "application/yaml"; // is UTF-8

    private final transient Map<String, ServedFile> documents;

    public DocsServlet(ObjectMapper mapper) {
        super(mapper);
        documents = Map.of(
                "/", ServedFile.of(HTML, Resources.own("index.html")),
                "/docs.js", ServedFile.of(SCRIPT, Resources.own("docs.js")),
                "/docs.css", ServedFile.of(STYLE, Resources.own("docs.css")),
                "/openapi.yaml", ServedFile.of(YAML, Resources.own("openapi.yaml")),
                "/swagger-ui-bundle.js", ServedFile.of(SCRIPT, Resources.swaggerUi("swagger-ui-bundle.js")),
                "/swagger-ui.css", ServedFile.of(STYLE, Resources.swaggerUi("swagger-ui.css")),
                "/asyncapi.yaml", ServedFile.of(YAML, Resources.own("asyncapi.yaml")),
                "/socket.html", ServedFile.of(HTML, SocketPage.html().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    protected Optional<ServedFile> find(String path) {
        return Optional.ofNullable(documents.get(path));
    }
}

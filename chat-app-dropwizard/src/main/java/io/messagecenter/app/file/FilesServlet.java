package io.messagecenter.app.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.edge.SecurityHeaders;
import io.messagecenter.app.edge.UnknownMethods;
import io.messagecenter.app.problem.Problem;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** Serves files by GET and HEAD; everything else is answered with a problem. Thread-safe. */
public abstract class FilesServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient ObjectMapper mapper;

    protected FilesServlet(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * What there is at a path.
     *
     * @param path as decoded, below where the servlet is; it begins with a slash
     */
    protected abstract Optional<ServedFile> find(String path);

    /** What is answered where there is nothing. */
    protected Problem missing(String path) {
        return Problem.of(404, "Not Found", "Not found.");
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var path = request.getPathInfo();
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            var detail = "Method \"" + UnknownMethods.method(request) + "\" not allowed.";
            write(Problem.of(405, "Method Not Allowed", detail).withHeader("Allow", "GET, HEAD"), response);
        } else if (path == null) {
            response.setStatus(HttpServletResponse.SC_MOVED_PERMANENTLY);
            // Relative, whatever a proxy has put before it.
            response.setHeader("Location", request.getServletPath().substring(1) + "/");
        } else {
            // An address with parameters is nobody's.
            var file = request.getRequestURI().contains(";") ? Optional.<ServedFile>empty() : find(path);
            if (file.isPresent()) {
                file.get().write(request, response);
            } else {
                write(missing(path), response);
            }
        }
    }

    private void write(Problem problem, HttpServletResponse response) throws IOException {
        SecurityHeaders.set(response);
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        problem.headers().forEach(response::setHeader);
        response.getOutputStream().write(mapper.writeValueAsBytes(problem.members()));
    }
}

package io.messagecenter.app.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.file.FilesServlet;
import io.messagecenter.app.file.ServedFile;
import io.messagecenter.app.problem.Problem;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /}: the page that people chat with. Whatever is no file and may be an address that the page makes up for itself,
 * say {@code /c/alice}, is answered with the page, too. Thread-safe.
 */
public final class PageServlet extends FilesServlet {
    private static final long serialVersionUID = 1L;
    private static final String INDEX = "index.html";

    /**
     * What addresses of others begin with, whether or not those are there: also those of the admin port, lest a probe
     * that asks on the wrong one find everything well for ever.
     */
    private static final Set<String> NOT_THE_PAGES =
            Set.of("api", "ws", "docs", "assets", "healthcheck", "metrics", "ping", "threads");

    private final transient Optional<Site> site;

    private PageServlet(ObjectMapper mapper, Optional<Site> site) {
        super(mapper);
        this.site = site;
    }

    /** With the page that the jar brings along; one that was built without says so. */
    public static PageServlet of(ObjectMapper mapper) {
        return new PageServlet(mapper, Site.built());
    }

    /** With a page of its own. */
    static PageServlet of(ObjectMapper mapper, Optional<Site> site) {
        return new PageServlet(mapper, site);
    }

    @Override
    protected Optional<ServedFile> find(String path) {
        return site.flatMap(
                files -> files.file(path.substring(1)).or(() -> isPages(path) ? files.file(INDEX) : Optional.empty()));
    }

    @Override
    protected Problem missing(String path) {
        return site.isEmpty() && isPages(path)
                ? Problem.of(404, "Not Found", "This service was built without its page; /api/v1 and /ws are there.")
                : super.missing(path);
    }

    /** Whether the page may have made an address up. Files at the root have a dot, as has what scanners look for. */
    private static boolean isPages(String path) {
        var first = path.substring(1).split("/", 2)[0];
        return !first.contains(".") && !NOT_THE_PAGES.contains(first);
    }
}

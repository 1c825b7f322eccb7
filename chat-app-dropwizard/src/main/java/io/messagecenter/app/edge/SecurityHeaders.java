package io.messagecenter.app.edge;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ConditionalHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Tells browsers what they may do with the answers of some paths; what an answer says for itself comes after, and wins.
 * The fields are the same for every answer, and encoded once. Thread-safe.
 */
public final class SecurityHeaders extends ConditionalHandler.ElseNext {
    /** For what is data, and never a page: nothing is loaded, run, sent or framed. */
    private static final List<HttpField> DATA =
            fields("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    /** For the documents: they load and run what stands beside them, nothing inline and nothing from elsewhere. */
    private static final List<HttpField> DOCUMENTS =
            fields("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    /**
     * For the page that people chat with: it loads and runs what stands beside it, talks to where it comes from (that
     * includes a WebSocket, to every browser that can run the page), and asks for nothing that a chat does not need.
     */
    private static final List<HttpField> PAGE = page();

    /** A year. Whether it goes for other hosts below this one, too, is not this service's to say. */
    private static final HttpField HSTS = new PreEncodedHttpField("Strict-Transport-Security", "max-age=31536000");

    private final List<HttpField> fields;

    private SecurityHeaders(List<HttpField> fields) {
        this.fields = fields;
    }

    /** For paths where there is data alone. */
    public static SecurityHeaders ofData() {
        return new SecurityHeaders(DATA);
    }

    /** For paths where there are documents. */
    public static SecurityHeaders ofDocuments() {
        return new SecurityHeaders(DOCUMENTS);
    }

    /** For paths where the page is. */
    public static SecurityHeaders ofPage() {
        return new SecurityHeaders(PAGE);
    }

    private static List<HttpField> page() {
        var page = new ArrayList<>(fields(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                        + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
                        + "frame-ancestors 'none'"));
        page.add(new PreEncodedHttpField("Cross-Origin-Opener-Policy", "same-origin"));
        page.add(new PreEncodedHttpField(
                "Permissions-Policy",
                "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), "
                        + "serial=(), usb=()"));
        return List.copyOf(page);
    }

    private static List<HttpField> fields(String policy) {
        return List.of(
                new PreEncodedHttpField("Content-Security-Policy", policy),
                new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
                new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
                new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
                new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store"));
    }

    /** Adds to the fields of an answer what goes for all data; over TLS also that it is to stay so. */
    public static void add(HttpFields.Mutable fields, boolean tls) {
        add(DATA, fields, tls);
    }

    /** Puts what goes for all data in the place of what goes for the other answers of a path. */
    public static void set(HttpServletResponse response) {
        DATA.forEach(field -> response.setHeader(field.getName(), field.getValue()));
    }

    private static void add(List<HttpField> more, HttpFields.Mutable fields, boolean tls) {
        more.forEach(fields::put);
        if (tls) {
            fields.put(HSTS);
        }
    }

    @Override
    protected boolean onConditionsMet(Request request, Response response, Callback callback) throws Exception {
        Handler next = getHandler();
        if (next == null) {
            return false;
        }
        add(fields, response.getHeaders(), request.isSecure());
        return next.handle(request, response, callback);
    }
}

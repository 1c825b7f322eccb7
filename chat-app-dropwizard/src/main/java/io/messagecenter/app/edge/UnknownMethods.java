package io.messagecenter.app.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ConditionalHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Takes a request by a method that nothing here has, {@code TRACE} say, to the address that it is for, which alone can say
 * what it takes instead: as a question for its methods, with the method that it came by as an attribute. What stands
 * before the servlets, as Dropwizard's own filter does, would refuse it without {@code Allow}. Thread-safe.
 */
public final class UnknownMethods extends ConditionalHandler.ElseNext {
    /** Has that method. */
    public static final String ATTRIBUTE = UnknownMethods.class.getName();

    private static final Set<String> KNOWN = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /** The method that a request came by. */
    public static String method(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof String unknown ? unknown : request.getMethod();
    }

    @Override
    protected boolean onConditionsMet(Request request, Response response, Callback callback) throws Exception {
        if (KNOWN.contains(request.getMethod())) {
            return nextHandler(request, response, callback);
        }
        request.setAttribute(ATTRIBUTE, request.getMethod());
        return nextHandler(new Question(request), response, callback);
    }

    private static final class Question extends Request.Wrapper {
        Question(Request request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return "OPTIONS";
        }
    }
}

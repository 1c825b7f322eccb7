package io.messagecenter.app.api;

import io.messagecenter.app.edge.UnknownMethods;
import io.messagecenter.app.problem.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;

/** Refuses what came by {@link UnknownMethods}, once its address has said what it takes instead. */
final class UnknownMethodFilter implements ContainerResponseFilter {
    private static final int OK = 200;
    private static final int NOT_ALLOWED = 405;

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(UnknownMethods.ATTRIBUTE) instanceof String method && response.getStatus() == OK) {
            var problem = Problem.of(NOT_ALLOWED, "Method Not Allowed", "Method \"" + method + "\" not allowed.");
            response.setStatus(NOT_ALLOWED);
            response.setEntity(problem.members(), new Annotation[0], MediaType.valueOf(Problem.MEDIA_TYPE));
        }
    }
}

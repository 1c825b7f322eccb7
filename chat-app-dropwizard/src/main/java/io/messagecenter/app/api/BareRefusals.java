package io.messagecenter.app.api;

import io.messagecenter.app.problem.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;

/** Has every refusal say what it is: where Jersey cannot read a header, it answers with a bare status. */
final class BareRefusals implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        int status = response.getStatus();
        if (status >= 400 && !response.hasEntity()) {
            var title = response.getStatusInfo().getReasonPhrase();
            var detail = status == 400 ? "A header of the request cannot be read." : title;
            response.setEntity(
                    Problem.of(status, title, detail).members(),
                    new Annotation[0],
                    MediaType.valueOf(Problem.MEDIA_TYPE));
        }
    }
}

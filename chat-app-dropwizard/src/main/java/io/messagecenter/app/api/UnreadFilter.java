package io.messagecenter.app.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response.Status;

/**
 * Says that the connection ends, where a request is refused of which nobody knows how long it is. The server does not read
 * it to its end and closes the connection; a client that does not know would send its next request into the void.
 */
final class UnreadFilter implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() >= Status.BAD_REQUEST.getStatusCode()
                && request.getHeaderString("Transfer-Encoding") != null) {
            response.getHeaders().putSingle("Connection", "close");
        }
    }
}

package io.messagecenter.app.api;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;

/** Refuses what signs up, signs in and keeps passwords, where people do that elsewhere. Seeing one's account stays. */
@PreMatching
final class OthersAccountsFilter implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        var path = request.getUriInfo().getPath().replaceFirst("^/", "") + "/";
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (path.startsWith("session/")
                || path.startsWith("password-reset/")
                || (path.startsWith("account/") && !reads)) {
            throw ChatException.of(ErrorCode.FORBIDDEN, "Accounts and sessions are kept elsewhere.");
        }
    }
}

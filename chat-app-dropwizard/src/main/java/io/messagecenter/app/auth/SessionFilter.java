package io.messagecenter.app.auth;

import io.dropwizard.auth.AuthFilter;
import io.messagecenter.domain.session.SessionToken;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;

/** Lets a request through to what needs a {@link Caller}, or refuses it with {@code NOT_SIGNED_IN}. */
@Priority(Priorities.AUTHENTICATION)
public final class SessionFilter extends AuthFilter<List<SessionToken>, Caller> {
    public SessionFilter(Authentication authentication) {
        this.authenticator = tokens -> Optional.of(authentication.caller(tokens));
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var headers = request.getHeaders();
        var cookies = headers.getOrDefault(HttpHeaders.COOKIE, List.of());
        var tokens = Tokens.of(request.getHeaderString(HttpHeaders.AUTHORIZATION), cookies);
        authenticate(request, tokens, "SESSION"); // which throws where there is no caller
        if (request.getSecurityContext().getUserPrincipal() instanceof Caller caller) {
            ExpectedUser.require(caller, headers.getOrDefault(ExpectedUser.HEADER, List.of()));
        }
    }
}

package io.messagecenter.app.auth;

import io.dropwizard.auth.AuthFilter;
import io.messagecenter.domain.session.SessionToken;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;

/** Lets a request through to what needs a {@link Caller}, or refuses it with {@code NOT_SIGNED_IN}. */
@Priority(Priorities.AUTHENTICATION)
public final class SessionFilter extends AuthFilter<SessionToken, Caller> {
    public SessionFilter(Authentication authentication) {
        this.authenticator = authentication;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var cookie = request.getCookies().get(Tokens.COOKIE);
        var token = Tokens.ofHeader(request.getHeaderString(HttpHeaders.AUTHORIZATION))
                .or(() -> Tokens.ofCookie(cookie == null ? null : cookie.getValue()));
        if (token.isEmpty()) {
            throw Authentication.noToken();
        }
        if (!authenticate(request, token.get(), "SESSION")) {
            throw Authentication.noSession();
        }
        if (request.getSecurityContext().getUserPrincipal() instanceof Caller caller) {
            ExpectedUser.require(caller, request.getHeaders().getOrDefault(ExpectedUser.HEADER, List.of()));
        }
    }
}

package io.messagecenter.app.api;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import jakarta.annotation.Priority;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.util.Set;

/**
 * Refuses what signs up, signs in and keeps passwords, where people do that elsewhere. Seeing one's account stays.
 *
 * <p>It goes by the method that would answer, and not by the path, which can be spelt in many ways.
 */
final class OthersAccounts implements DynamicFeature {
    private static final Set<Class<?>> REFUSED = Set.of(SessionResource.class, PasswordResetResource.class);

    @Override
    public void configure(ResourceInfo endpoint, FeatureContext context) {
        var resource = endpoint.getResourceClass();
        boolean changesAccount = resource.equals(AccountResource.class)
                && !endpoint.getResourceMethod().isAnnotationPresent(GET.class);
        if (changesAccount || REFUSED.contains(resource)) {
            context.register(new Refusal());
        }
    }

    /** Before anybody asks who makes the request. */
    @Priority(Priorities.AUTHENTICATION - 1)
    private static final class Refusal implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            throw ChatException.of(ErrorCode.FORBIDDEN, "Accounts and sessions are kept elsewhere.");
        }
    }
}

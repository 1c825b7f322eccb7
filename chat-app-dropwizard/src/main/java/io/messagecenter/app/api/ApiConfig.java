package io.messagecenter.app.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.app.auth.SessionFilter;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.domain.MessageCenter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;

/**
 * The REST API as a JAX-RS application of its own, so that its JSON, its problems and its sign-in touch nothing of an
 * application that embeds it.
 */
final class ApiConfig extends ResourceConfig {
    /** Jersey warns of every resource that is registered as an object, for no reason; kept here, or it is collected. */
    private static final Logger JERSEY = Logger.getLogger("org.glassfish.jersey.internal.inject.Providers");

    static {
        JERSEY.setLevel(Level.SEVERE);
    }

    ApiConfig(
            MessageCenter center,
            Sending sending,
            Authentication authentication,
            SessionAuthenticator authenticator,
            Limits limits,
            ApiThreads threads,
            ObjectMapper mapper,
            int messagesToLoad,
            boolean signUp) {
        property(ServerProperties.WADL_FEATURE_DISABLE, true);
        property(ServerProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true);
        property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);

        register(new FieldsReader(mapper));
        register(new JsonWriter(mapper));
        register(new ProblemMapper());
        register(new NoBodyFilter());
        register(new AllowFilter());
        register(new BareRefusals());
        register(new UnknownMethodFilter());
        if (!authentication.ownAccounts()) {
            register(new OthersAccounts());
        }
        register(new AuthDynamicFeature(new SessionFilter(authentication)));
        register(new AuthValueFactoryProvider.Binder<>(Caller.class));

        var hashing = threads.hashing();
        var answers = new Answers(threads.answering());
        var ends = new SessionEnds(center.sessions(), authenticator);
        register(new AccountResource(center, authentication, ends, limits, hashing, answers, signUp));
        register(new ExportResource(
                center.exportAccount(), authentication, limits.exports(), threads.exporting(), mapper));
        register(new AdminResource(center, authentication));
        register(new SessionResource(center.sessions(), ends, limits.signIn(), hashing, answers));
        register(new PasswordResetResource(center.passwordReset(), authentication, limits, hashing, answers));
        register(new UserResource(center));
        register(new BlockResource(center.blocks(), limits.marks()));
        register(new MessageResource(center, sending, answers, messagesToLoad));
        register(new SearchResource(center, limits.searches(), limits.searchesUnderWay(), messagesToLoad));
        register(new ConversationResource(center, limits.marks(), answers));
        register(new EventResource(center.feeds()));
    }
}

package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.jackson.Discoverable;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.domain.MessageCenter;

/**
 * How a request says who makes it, chosen by its {@code type} in YAML. A jar adds its own by naming the class in
 * {@code META-INF/services/io.messagecenter.app.config.AuthFactory} and annotating it with {@code @JsonTypeName}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface AuthFactory extends Discoverable {
    /**
     * Builds it. Must not fail because what it asks is away.
     *
     * @param sessions the service's own answer
     */
    Authentication build(MessageCenter center, SessionAuthenticator sessions);
}

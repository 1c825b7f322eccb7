package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.domain.MessageCenter;

/** {@code type: session}: the service's own accounts and sessions. */
@JsonTypeName("session")
public final class SessionAuthFactory implements AuthFactory {
    @Override
    public Authentication build(MessageCenter center, SessionAuthenticator sessions) {
        return sessions;
    }
}

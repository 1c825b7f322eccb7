package io.messagecenter.app.auth;

import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.user.Person;
import java.security.Principal;

/** Whoever makes a request, and the session that they make it in. */
public record Caller(Session session) implements Principal {
    public Person person() {
        return session.person();
    }

    @Override
    public String getName() {
        return person().name().value();
    }
}

package io.messagecenter.app.api;

import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.app.auth.Tokens;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import org.jspecify.annotations.Nullable;

/** Ends sessions, which this node believes in no more from that moment on. Thread-safe. */
final class SessionEnds {
    private final Sessions sessions;
    private final SessionAuthenticator authenticator;

    SessionEnds(Sessions sessions, SessionAuthenticator authenticator) {
        this.sessions = sessions;
        this.authenticator = authenticator;
    }

    /** @throws ChatException {@code NOT_FOUND} if the person has no such session */
    void end(Person person, SessionId session) {
        sessions.end(person, session);
        authenticator.forget(session);
    }

    void endOthers(Session kept) {
        sessions.endOthers(kept.person(), kept.id());
        endedOthers(kept);
    }

    /** They were ended together with something else. */
    void endedOthers(Session kept) {
        authenticator.forgetOthers(kept);
    }

    /**
     * How somebody signs in.
     *
     * @param cookie the value that came with the request: the session that a browser had
     */
    Sessions.Arrival arrival(@Nullable String device, @Nullable String cookie) {
        return new Sessions.Arrival(device == null ? "" : device, Tokens.ofCookie(cookie), authenticator::untold);
    }

    /**
     * Ends the session that a browser had, which has no use for it once it signs in anew, whoever put it there. Where it
     * was the same person's, signing in has ended it already.
     *
     * @param cookie the value that came with the request
     */
    void replace(@Nullable String cookie) {
        Tokens.ofCookie(cookie).ifPresent(this::replace);
    }

    private void replace(SessionToken before) {
        authenticator.forget(before);
        sessions.authenticate(before).ifPresent(session -> {
            try {
                end(session.person(), session.id());
            } catch (ChatException e) {
                if (e.code() != ErrorCode.NOT_FOUND) { // somebody else has ended it in the meantime
                    throw e;
                }
            }
        });
    }
}

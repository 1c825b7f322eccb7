package io.messagecenter.app.api;

import io.messagecenter.app.auth.ExpectedUser;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import java.util.Collection;
import java.util.List;
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
     * @param before of the cookies that came with the request: the sessions that a browser had
     */
    Sessions.Arrival arrival(@Nullable String device, List<SessionToken> before) {
        var replaced = before.stream().reduce((earlier, last) -> last);
        return new Sessions.Arrival(device == null ? "" : device, replaced, authenticator::untold);
    }

    /**
     * Ends the sessions that came with a request to sign out, be they several people's.
     *
     * @param expected whose it means to be, under {@link ExpectedUser#HEADER}
     * @throws ChatException {@code NOT_SIGNED_IN} if there are none that hold, or none of whom it means to be
     */
    void signOut(List<SessionToken> had, Collection<String> expected) {
        ExpectedUser.requireOneOf(authenticator.callers(had), expected);
        endAll(had);
    }

    /**
     * Ends the sessions that a browser had, which has no use for them once it signs in anew or out, whoever put them there.
     * Where one was the same person's, signing in has ended it already.
     */
    void endAll(List<SessionToken> had) {
        had.forEach(this::end);
    }

    private void end(SessionToken before) {
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

package io.messagecenter.app.auth;

import io.dropwizard.auth.Authenticator;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Knows who holds a token, whoever has issued it: this service, or the host whose users write here. Asked at every
 * request, so it answers from memory when it can. Thread-safe.
 */
public interface Authentication extends Authenticator<SessionToken, Caller> {
    /** Whoever holds the token; empty if it proves nothing, or nothing any more. */
    @Override
    Optional<Caller> authenticate(SessionToken token);

    /** Whether people sign up and in with this service; otherwise its API refuses that. */
    boolean ownAccounts();

    /**
     * Learns what was ended lately, on any node. To be called every {@link SessionAuthenticator#ROUND}, by one thread.
     *
     * @return tells which sessions were ended, for a minute from then on
     * @throws ChatException {@code UNAVAILABLE} if that cannot be known just now
     */
    Predicate<Session> round();

    /** Says that a session is in use; answers with what it is now. */
    Session use(Session session, Instant now);

    /**
     * Keeps what {@link #use} was told, where that is to be kept. It waits for a write, so no round must wait for it.
     *
     * @throws ChatException {@code UNAVAILABLE} if that cannot be kept just now; then it is tried again the next time
     */
    default void keepUses() {
        // Nothing to keep.
    }

    /**
     * Which of these sessions still hold: what a node asks about its open sockets now and then.
     *
     * @throws ChatException {@code UNAVAILABLE} if that cannot be known just now
     */
    Set<SessionId> live(Collection<Session> sessions);

    /** Believes in no session of somebody any more, once all of them were ended here. */
    void forget(Person person);

    /**
     * Whoever holds the tokens that came with a request, by the last that holds. Those that prove nothing are passed over, so
     * that another host of the same site signs nobody out by a cookie of its own; nor does it make somebody another person
     * by one that does hold, since then nobody is believed.
     *
     * @throws ChatException {@code NOT_SIGNED_IN} if there is no token, none that proves anything any more, or more than
     *     {@link Tokens#MOST}, or if they are several people's
     */
    default Caller caller(List<SessionToken> tokens) {
        if (tokens.size() > Tokens.MOST) {
            throw several("Too many session cookies came with the request.");
        }
        var callers = callers(tokens);
        if (callers.stream().map(Caller::person).distinct().count() > 1) {
            throw several("Session cookies of several people came with the request. Sign in again.");
        }
        return callers.get(callers.size() - 1);
    }

    /**
     * All who hold one of the tokens that came with a request, be they several people; at least one.
     *
     * @throws ChatException {@code NOT_SIGNED_IN} if there is no token, or none that proves anything any more
     */
    default List<Caller> callers(List<SessionToken> tokens) {
        if (tokens.isEmpty()) {
            throw noToken();
        }
        var callers = tokens.stream()
                .map(this::authenticate)
                .flatMap(Optional::stream)
                .toList();
        if (callers.isEmpty()) {
            throw noSession();
        }
        return callers;
    }

    private static ChatException several(String detail) {
        return ChatException.of(ErrorCode.NOT_SIGNED_IN, detail);
    }

    static ChatException noToken() {
        return ChatException.of(ErrorCode.NOT_SIGNED_IN, "Authentication credentials were not provided.");
    }

    static ChatException noSession() {
        return ChatException.of(ErrorCode.NOT_SIGNED_IN, "The session has ended, or never was.");
    }
}

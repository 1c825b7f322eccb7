package io.messagecenter.domain.session;

import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import java.time.Instant;

/**
 * Somebody signed in on some device.
 *
 * @param expires from this moment on it is refused
 * @param device what the client called itself, at most {@value #MAX_DEVICE} characters; may be empty
 */
public record Session(SessionId id, Person person, Instant created, Instant expires, String device) {
    public static final int MAX_DEVICE = 200;

    public Session {
        if (device.length() > MAX_DEVICE) {
            throw new IllegalArgumentException("A device's name has at most " + MAX_DEVICE + " characters");
        }
    }

    public boolean expired(Instant now) {
        return !now.isBefore(expires);
    }
}

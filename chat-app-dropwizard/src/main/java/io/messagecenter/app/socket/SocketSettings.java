package io.messagecenter.app.socket;

import java.time.Duration;
import java.util.Set;

/**
 * How sockets behave.
 *
 * @param ping how often the server pings; a client that has not been heard for two and a half of these is gone
 * @param slowReader how long a client may take nothing of what waits for it
 * @param allowedOrigins origins of other sites whose pages may connect, as browsers send them
 */
public record SocketSettings(Duration ping, Duration slowReader, Set<String> allowedOrigins) {
    public SocketSettings {
        allowedOrigins = Set.copyOf(allowedOrigins);
    }
}

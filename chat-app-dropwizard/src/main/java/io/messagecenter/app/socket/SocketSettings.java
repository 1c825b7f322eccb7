package io.messagecenter.app.socket;

import java.time.Duration;

/**
 * How sockets behave.
 *
 * @param ping how often the server pings; a client that has not been heard for two and a half of these is gone
 * @param slowReader how long a client may take nothing of what waits for it
 * @param compression whether messages are compressed for clients that offer it
 */
public record SocketSettings(Duration ping, Duration slowReader, boolean compression) {}

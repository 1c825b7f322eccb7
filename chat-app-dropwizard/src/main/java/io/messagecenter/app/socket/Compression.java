package io.messagecenter.app.socket;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.websocket.api.ExtensionConfig;

/**
 * Compression of messages, as RFC 7692 has it. Each that the server sends is compressed by itself: a connection keeps no
 * window between two of them, which would cost it some 300 KB, and what is secret in one cannot be guessed from the length
 * of another.
 *
 * <p>A client may do as it likes, and its window, once it uses one, costs some 50 KB. It is not asked to do without, since
 * Jetty would then forget the window also when a ping or pong comes in the middle of a message.
 */
final class Compression {
    /**
     * How many characters or bytes may come of one compressed message. A thousandfold of what the client sends may, so
     * that skipping the rest of it, as is done where nothing is compressed, would be a gift to whoever means harm.
     */
    static final long MAX_INFLATED = 1024 * 1024;

    private static final String NAME = "permessage-deflate";
    private static final ExtensionConfig ACCEPTED = ExtensionConfig.parse(NAME + "; server_no_context_takeover");

    /** Parameters of an offer that need nothing of the server but what it does anyway. */
    private static final Set<String> KNOWN =
            Set.of("server_no_context_takeover", "client_no_context_takeover", "client_max_window_bits");

    private Compression() {}

    /** What to answer to a client's offers; nothing if it offers no compression that is spoken here. */
    static Optional<ExtensionConfig> accept(List<ExtensionConfig> offers) {
        return offers.stream()
                .filter(offer -> offer.getName().equalsIgnoreCase(NAME))
                .filter(offer -> KNOWN.containsAll(offer.getParameterKeys()))
                .findFirst()
                .map(offer -> ACCEPTED);
    }
}

package io.messagecenter.app.socket;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.ExtensionConfig;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.core.AbstractExtension;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketComponents;

/**
 * Lets a connection that is closed for a reason live until the client has answered, as RFC 6455 has it.
 *
 * <p>Jetty waits for that answer only where the code is 1000, or one of an application's own. For 1001, 1008 or 1013 it
 * cuts the connection as soon as the frame is written; whatever the client has sent in the meantime then makes the kernel
 * reset the connection, and the client never learns why. So the code is given to Jetty as one of our own, and becomes the
 * real one in the last moment. Inside the server alone: nothing of this is negotiated with a client.
 *
 * <p>Public for Jetty alone, which makes one for each connection.
 */
public final class AnsweredClose extends AbstractExtension {
    private static final String NAME = "@answered-close";
    /** Added to a code on its way through Jetty. */
    static final int OWN = 3_000;

    private volatile boolean clientCloses;

    /** Makes it known to the server's WebSockets. */
    static void register(WebSocketComponents components) {
        components.getExtensionRegistry().register(NAME, AnsweredClose.class);
    }

    /** What a connection needs for {@link #close}. */
    static ExtensionConfig extension() {
        return ExtensionConfig.parse(NAME);
    }

    /** Sends the close frame; the session ends when the client has answered it, or is disconnected. */
    static void close(Session session, int code, String reason) {
        session.close(OWN + code, reason, org.eclipse.jetty.websocket.api.Callback.NOOP);
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        if (frame.getOpCode() == OpCode.CLOSE) {
            clientCloses = true; // Jetty echoes its code, which may be one of the client's own
        }
        nextIncomingFrame(frame, callback);
    }

    @Override
    public void sendFrame(OutgoingEntry entry) {
        boolean close = entry.getFrame().getOpCode() == OpCode.CLOSE && !clientCloses;
        nextOutgoingFrame(close ? withRealCode(entry) : entry);
    }

    private static OutgoingEntry withRealCode(OutgoingEntry entry) {
        var status = CloseStatus.getCloseStatus(entry.getFrame());
        if (status == null || status.getCode() < OWN) {
            return entry; // Jetty closes by itself: the client broke the protocol, or was silent
        }
        ByteBuffer payload = CloseStatus.asPayloadBuffer(status.getCode() - OWN, status.getReason());
        return new OutgoingEntry.Builder(entry)
                .frame(new Frame(OpCode.CLOSE, payload))
                .build();
    }
}

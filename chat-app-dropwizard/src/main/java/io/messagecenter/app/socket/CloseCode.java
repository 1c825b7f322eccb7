package io.messagecenter.app.socket;

/** Why the server closes a socket, as RFC 6455 and its registry number it. */
final class CloseCode {
    /** The server stops; connect again at once, to whichever node answers. */
    static final int GOING_AWAY = 1001;
    /** The session has ended, or the client does not speak the protocol. */
    static final int POLICY = 1008;
    /** The client reads too slowly; connect again and resume. */
    static final int TRY_AGAIN = 1013;

    private CloseCode() {}
}

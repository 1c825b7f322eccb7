package io.messagecenter.app.socket;

import java.util.Collection;

/** What a client speaks. */
public enum Protocol {
    /** The original's channel: the id of each new message, and nothing else. */
    ORIGINAL,
    /** Events, resume, send and acknowledge. */
    V1;

    static final String V1_NAME = "message-center.v1";

    /** The protocol for what a client offers; the original's for anything unknown. */
    static Protocol of(Collection<String> offered) {
        return offered.contains(V1_NAME) ? V1 : ORIGINAL;
    }
}

package io.messagecenter.app.socket;

import io.messagecenter.domain.error.ChatException;

/** What a client of {@code message-center.v1} may ask for. */
enum FrameType {
    SEND("send"),
    READ("read"),
    DELIVERED("delivered"),
    TYPING("typing");

    private static final int MAX_SHOWN = 40;

    private final String text;

    FrameType(String text) {
        this.text = text;
    }

    /** As it stands in a frame. */
    String text() {
        return text;
    }

    /**
     * The type that a frame names.
     *
     * @throws ChatException {@code INVALID} if there is no such type
     */
    static FrameType of(String text) {
        for (var type : values()) {
            if (type.text.equals(text)) {
                return type;
            }
        }
        throw ChatException.invalid("frame", "\"" + shortened(text) + "\" is no type of frame.");
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}

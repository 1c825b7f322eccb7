package io.messagecenter.app.bench;

/** What people say in a benchmark: as long as a usual chat message, beginning with a number to recognise it by. */
final class Texts {
    /** 64 characters, like most of what is said in chats; with a place for a number. */
    static final String BODY = NumberedText.PLACE + " Shall we meet at the usual place at seven, or later?!";

    private Texts() {}

    /** The JSON of {@code POST /message/}. */
    static String message(String recipient) {
        return "{\"recipient\":\"" + recipient + "\",\"client_id\":\"post-" + NumberedText.PLACE + "\",\"body\":\""
                + BODY + "\"}";
    }

    /** The frame of a WebSocket's {@code send}. */
    static String sendFrame(String recipient) {
        return "{\"type\":\"send\",\"client_id\":\"" + NumberedText.PLACE + "\",\"recipient\":\"" + recipient
                + "\",\"body\":\"" + BODY + "\"}";
    }

    static String body(long number) {
        return BODY.replace(NumberedText.PLACE, String.format("%010d", number));
    }
}

package io.messagecenter.app.bench;

import java.nio.ByteBuffer;

/** What RFC 6455 (section 5.2) says of frames: their kinds, and how a client writes one. */
final class Frame {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    static final int FINAL = 0x80;
    static final int MASKED = 0x80;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;

    /** How many bytes a client's frame has beside its payload, at most. */
    static final int LARGEST_HEAD = 14;

    private Frame() {}

    /** Writes one masked frame that is a whole message; there must be room for it. */
    static void write(ByteBuffer out, int opcode, byte[] payload, int mask) {
        out.put((byte) (FINAL | opcode));
        if (payload.length < LENGTH_16) {
            out.put((byte) (MASKED | payload.length));
        } else if (payload.length <= 0xFFFF) {
            out.put((byte) (MASKED | LENGTH_16)).putShort((short) payload.length);
        } else {
            out.put((byte) (MASKED | LENGTH_64)).putLong(payload.length);
        }
        out.putInt(mask);
        int start = out.position();
        out.put(payload);
        var bytes = out.array();
        int offset = out.arrayOffset() + start;
        for (int i = 0; i < payload.length; i++) {
            bytes[offset + i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
        }
    }
}

package io.messagecenter.app.bench;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads a server's frames, however their bytes are cut, and puts fragmented messages together. Not thread-safe. */
final class FrameReader {
    private static final int LARGEST = 8 * 1024 * 1024;
    private static final byte[] NOTHING = {};

    /** Hears of whole messages and of control frames. The bytes are the reader's, and change after the call. */
    @FunctionalInterface
    interface Listener {
        void message(int opcode, byte[] bytes, int from, int to) throws IOException;
    }

    private final Listener listener;
    private byte[] fragments = NOTHING;
    private int fragmentsOpcode = -1;

    FrameReader(Listener listener) {
        this.listener = listener;
    }

    /**
     * Takes all whole frames, and leaves the beginning of one that is not complete.
     *
     * @param in in reading mode, with an array behind it
     */
    void read(ByteBuffer in) throws IOException {
        while (in.remaining() >= 2) {
            int first = in.get(in.position());
            int second = in.get(in.position() + 1);
            int headLength = headLength(second);
            if (in.remaining() < headLength) {
                return;
            }
            long length = length(in, second);
            if ((second & Frame.MASKED) != 0 || length < 0 || length > LARGEST) {
                throw new ProtocolException("A server's frame is not masked, and has at most " + LARGEST + " bytes");
            }
            if (in.remaining() < headLength + length) {
                return;
            }
            int from = in.arrayOffset() + in.position() + headLength;
            in.position(in.position() + headLength + (int) length);
            frame((first & Frame.FINAL) != 0, first & 0x0F, in.array(), from, from + (int) length);
        }
    }

    private static int headLength(int second) {
        return switch (second & 0x7F) {
            case Frame.LENGTH_16 -> 4;
            case Frame.LENGTH_64 -> 10;
            default -> 2;
        };
    }

    private static long length(ByteBuffer in, int second) {
        int length = second & 0x7F;
        return switch (length) {
            case Frame.LENGTH_16 -> in.getShort(in.position() + 2) & 0xFFFF;
            case Frame.LENGTH_64 -> in.getLong(in.position() + 2);
            default -> length;
        };
    }

    private void frame(boolean last, int opcode, byte[] bytes, int from, int to) throws IOException {
        boolean control = opcode >= Frame.CLOSE;
        boolean continues = opcode == Frame.CONTINUATION;
        if (control ? !last : continues != (fragmentsOpcode >= 0)) {
            throw new ProtocolException("A frame of kind " + opcode + " does not belong here");
        }
        if (control || last && !continues) {
            listener.message(opcode, bytes, from, to);
            return;
        }
        int before = fragments.length;
        fragments = Arrays.copyOf(fragments, before + to - from);
        System.arraycopy(bytes, from, fragments, before, to - from);
        if (!continues) {
            fragmentsOpcode = opcode;
        }
        if (last) {
            var whole = fragments;
            int kind = fragmentsOpcode;
            fragments = NOTHING;
            fragmentsOpcode = -1;
            listener.message(kind, whole, 0, whole.length);
        }
    }
}

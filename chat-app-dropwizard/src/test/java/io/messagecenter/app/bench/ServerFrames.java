package io.messagecenter.app.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The server's side of RFC 6455, written plainly, to hold the client against. */
final class ServerFrames {
    private ServerFrames() {}

    /** A frame from a client, unmasked. */
    record ClientFrame(int opcode, byte[] payload) {}

    static void write(DataOutputStream out, boolean last, int opcode, byte[] payload) throws IOException {
        out.write(last ? 0x80 | opcode : opcode);
        if (payload.length <= 125) {
            out.write(payload.length);
        } else if (payload.length <= 65_535) {
            out.write(126);
            out.writeShort(payload.length);
        } else {
            out.write(127);
            out.writeLong(payload.length);
        }
        out.write(payload);
    }

    static ClientFrame read(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        if ((second & 0x80) == 0) {
            throw new IOException("A client's frame is masked");
        }
        long length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        var mask = new byte[4];
        in.readFully(mask);
        var payload = new byte[(int) length];
        in.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new ClientFrame(first & 0x0F, payload);
    }
}

package io.messagecenter.app.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** Sends in packets of odd sizes, so that frames arrive cut anywhere. */
final class Dribble extends OutputStream {
    private static final int[] SIZES = {1, 7, 2, 31, 3, 4_000};

    private final OutputStream out;
    private int packet;

    Dribble(Socket socket) throws IOException {
        out = socket.getOutputStream();
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int size = Math.min(SIZES[packet++ % SIZES.length], length - done);
            out.write(bytes, from + done, size);
            done += size;
        }
    }
}

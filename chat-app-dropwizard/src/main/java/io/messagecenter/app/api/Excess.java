package io.messagecenter.app.api;

import io.messagecenter.app.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What comes after the most that a request may have. It is read and thrown away, within bounds: a client that is still
 * sending when the connection ends never sees why.
 */
final class Excess {
    private static final long MOST = 4L * 1024 * 1024;
    private static final int BUFFER = 8 * 1024;

    private Excess() {}

    static Problem problem() {
        return Problem.of(413, "Request Entity Too Large", message()).withHeader("Connection", "close");
    }

    static String message() {
        return "The request is larger than " + FieldsReader.MAX_BYTES + " bytes.";
    }

    /** Throws the rest away, unless there is too much of it. */
    static void discard(InputStream rest) throws IOException {
        var buffer = new byte[BUFFER];
        long left = MOST;
        for (int read = rest.read(buffer); read >= 0 && left > 0; read = rest.read(buffer)) {
            left -= read;
        }
    }

    /**
     * Whether whoever sends so much does so without waiting for a word.
     *
     * @param expect the header {@code Expect}: with it, they wait
     */
    static boolean isOnItsWay(long length, @Nullable String expect) {
        return length <= MOST && expect == null;
    }
}

package io.messagecenter.app.bench;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A running service, and who uses it.
 *
 * @param users an even number: neighbours write to each other
 */
record Stage(InetSocketAddress server, List<BenchUser> users, Cpu.Meter cpu) {
    /** Whom a user writes to. */
    BenchUser peer(int user) {
        return users.get(peerOf(user));
    }

    static int peerOf(int user) {
        return user ^ 1;
    }
}

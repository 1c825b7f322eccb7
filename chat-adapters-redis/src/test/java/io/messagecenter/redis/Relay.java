package io.messagecenter.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line to a server. Once it is cut, whoever is at its end is as good as dead for everybody at the other. */
final class Relay implements AutoCloseable {
    private final int port;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Relay(int port) {
        this.port = port;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Daemons.of("relay", this::accept).start();
    }

    String url() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    @SuppressWarnings("resource") // closed by the pumps, or when the line is cut
    private void accept() {
        try {
            while (true) {
                var near = listener.accept();
                open.add(near);
                var far = new Socket(InetAddress.getLoopbackAddress(), port);
                open.add(far);
                pump(near, far);
                pump(far, near);
            }
        } catch (IOException e) {
            cut();
        }
    }

    private void pump(Socket from, Socket to) {
        Daemons.of("relay-pump", () -> {
                    try (from;
                            to) {
                        from.getInputStream().transferTo(to.getOutputStream());
                    } catch (IOException e) {
                        open.remove(from);
                    }
                })
                .start();
    }

    void cut() {
        close(listener);
        open.forEach(Relay::close);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        cut();
    }
}

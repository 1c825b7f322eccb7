package io.messagecenter.app.support;

import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line to a server, on a port of 127.0.0.1 of its own, that can be cut and mended: connections end, and new ones are
 * refused at once, while the server itself goes on. Thread-safe.
 */
public final class Cable implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("(jdbc:\\w+://)([^:/]+)(:(\\d+))?(/.*)");

    private final String host;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int localPort;
    private volatile ServerSocket listener;

    public Cable(String host, int port) {
        this.host = host;
        this.port = port;
        this.listener = listen(0);
        this.localPort = listener.getLocalPort();
        accept(listener);
    }

    /** A line to the server of a database. */
    public static Cable to(TestDatabase database) {
        var address = address(database);
        return new Cable(address.group(2), address.group(4) == null ? 3306 : Integer.parseInt(address.group(4)));
    }

    /** The same database, at the other end of this line. */
    public TestDatabase through(TestDatabase database) {
        var address = address(database);
        return new TestDatabase(
                address.group(1) + "127.0.0.1:" + localPort + address.group(5), database.user(), database.password());
    }

    private static Matcher address(TestDatabase database) {
        var address = ADDRESS.matcher(database.url());
        if (!address.matches()) {
            throw new IllegalArgumentException("No server at " + database.url());
        }
        return address;
    }

    public int port() {
        return localPort;
    }

    public synchronized void cut() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(Cable::close);
    }

    public synchronized void mend() {
        listener = listen(localPort);
        accept(listener);
    }

    @Override
    public void close() {
        cut();
    }

    private static ServerSocket listen(int port) {
        try {
            return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) {
        run("cable-accept", () -> {
            while (!from.isClosed()) {
                connect(from.accept(), from);
            }
        });
    }

    private void connect(Socket near, ServerSocket from) throws IOException {
        open.add(near);
        var far = new Socket(host, port);
        open.add(far);
        if (from.isClosed()) {
            close(near); // cut in between
            close(far);
        }
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        copy(near, far);
        copy(far, near);
    }

    private void copy(Socket one, Socket other) throws IOException {
        InputStream in = one.getInputStream();
        OutputStream out = other.getOutputStream();
        run("cable-copy", () -> {
            try {
                in.transferTo(out);
            } finally {
                close(one);
                close(other);
                open.remove(one);
                open.remove(other);
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    /** A line that breaks ends its threads; that is what it is for. */
    private static void run(String name, Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        System.getLogger(Cable.class.getName()).log(System.Logger.Level.DEBUG, "The line ends", e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

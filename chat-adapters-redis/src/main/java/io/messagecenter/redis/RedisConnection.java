package io.messagecenter.redis;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * A connection that ends when it is lost, where its parent would silently open another. One thread may write while
 * another reads; {@link #kill} may come from any, and releases both.
 */
final class RedisConnection extends Connection {
    /** Connects and signs in; throws a {@code JedisException} if that fails. */
    RedisConnection(HostAndPort server, JedisClientConfig config) {
        super(new OneSocket(new DefaultJedisSocketFactory(server, config)), config);
    }

    void flushNow() {
        flush();
    }

    /** Closes the socket at once, without waiting for what is being written. */
    void kill() {
        try {
            forceDisconnect();
        } catch (IOException e) {
            throw new JedisConnectionException("Cannot be closed", e);
        }
    }

    private static final class OneSocket implements JedisSocketFactory {
        private final JedisSocketFactory sockets;
        private final AtomicBoolean opened = new AtomicBoolean();

        OneSocket(JedisSocketFactory sockets) {
            this.sockets = sockets;
        }

        @Override
        public Socket createSocket() {
            if (!opened.compareAndSet(false, true)) {
                throw new JedisConnectionException("Connection closed");
            }
            var socket = sockets.createSocket();
            if (socket instanceof SSLSocket) {
                hurryWhenClosed(socket);
            }
            return socket;
        }

        /** A TLS socket says good-bye when it is closed, and would wait behind a writer that is stuck. */
        private static void hurryWhenClosed(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
            } catch (SocketException e) {
                throw new JedisConnectionException("Connection lost", e);
            }
        }
    }
}

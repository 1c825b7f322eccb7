package io.messagecenter.redis;

import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Keeps the channels of one server subscribed: those of users who have listeners here, as long as the server is
 * responsible for them.
 *
 * <p>One thread connects and reads; another writes, and compares what should be subscribed with what is, so that
 * callers only leave word, and a thousand of them become a few commands. The writer also pings, and a server that says
 * nothing for too long counts as lost. Thread-safe.
 */
final class Subscriber implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Subscriber.class.getName());

    /** In one command; a cluster takes channels of one slot only, so there it is one. */
    private static final int TOGETHER = 500;

    /** What it subscribes, and whom it tells. Called on both threads. */
    interface Audience {
        /** Users with a listener. */
        Collection<UserId> users();

        boolean listens(UserId user);

        void onPayload(UserId user, byte[] payload);

        /** The user's channel is subscribed from now on, and may not have been before. */
        void onSubscribed(UserId user);
    }

    private final HostAndPort server;
    private final Topology topology;
    private final Channels channels;
    private final Duration timeout;
    private final Health health;
    private final Audience audience;
    private final Thread reader;
    private final Thread writer;
    private final Set<UserId> changed = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<UserId> dropped = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Boolean> wake = new ArrayBlockingQueue<>(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Backoff backoff = new Backoff(); // of the reader
    private volatile boolean compareAll;
    private volatile @Nullable RedisConnection connection;

    /**
     * Starts its threads.
     *
     * @param timeout how long the server may be silent before it counts as lost
     */
    Subscriber(
            HostAndPort server,
            Topology topology,
            Channels channels,
            String threadName,
            Duration timeout,
            Health health,
            Audience audience) {
        this.server = server;
        this.topology = topology;
        this.channels = channels;
        this.timeout = timeout;
        this.health = health;
        this.audience = audience;
        this.reader = Daemons.of(threadName + "-read-" + server, this::readUntilClosed);
        this.writer = Daemons.of(threadName + "-subscribe-" + server, this::writeUntilClosed);
        health.added(this);
        reader.start();
        writer.start();
    }

    /** Whether the user has listeners may have changed. */
    void changed(UserId user) {
        changed.add(user);
        wake();
    }

    /** Who is responsible for whom may have changed. */
    void compareAll() {
        compareAll = true;
        wake();
    }

    private void wake() {
        wake.offer(Boolean.TRUE); // refused if a call waits already, and that one will do
    }

    @Override
    public void close() {
        stopNow();
        Daemons.join(reader, 500);
        Daemons.join(writer, 500);
    }

    void stopNow() {
        closed.countDown();
        wake();
        kill();
        reader.interrupt();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void kill() {
        var current = connection;
        if (current != null) {
            current.kill();
        }
    }

    private void readUntilClosed() {
        try {
            while (!isClosed()) {
                try {
                    readUntilLost();
                } catch (RuntimeException e) {
                    kill();
                    connection = null;
                    if (!isClosed()) {
                        health.down(this, e);
                        topology.askSoon();
                    }
                }
                if (closed.await(backoff.nextMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "Closed", e);
        } finally {
            health.removed(this);
            kill();
        }
    }

    private void readUntilLost() {
        var fresh = topology.connect(server);
        connection = fresh;
        if (isClosed()) {
            throw new JedisConnectionException("Closed");
        }
        wake();
        while (true) {
            Object reply;
            try {
                reply = fresh.getUnflushedObject();
            } catch (JedisMovedDataException e) {
                dropSlot(e.getSlot());
                topology.askSoon(); // and then everything is compared
                continue;
            }
            if (reply instanceof List<?> push) {
                take(push);
            } else {
                onPong(); // a server answers so while nothing is subscribed
            }
        }
    }

    private void take(List<?> push) {
        var kind = push.get(0) instanceof byte[] name ? new String(name, StandardCharsets.US_ASCII) : "";
        if (kind.equals("pong")) {
            onPong();
            return;
        }
        var user = push.size() > 1 && push.get(1) instanceof byte[] channel
                ? channels.user(channel)
                : Optional.<UserId>empty();
        if (user.isEmpty()) {
            return;
        }
        switch (kind) {
            case "message", "smessage" -> {
                if (push.size() > 2 && push.get(2) instanceof byte[] payload) {
                    audience.onPayload(user.get(), payload);
                }
            }
            case "subscribe", "ssubscribe" -> audience.onSubscribed(user.get());
            case "unsubscribe", "sunsubscribe" -> onUnsubscribed(user.get());
            default -> LOG.log(Level.DEBUG, "Redis says {0}", kind);
        }
    }

    /** All that was written before the ping has been answered. */
    private void onPong() {
        backoff.reset();
        health.up(this);
    }

    /** On demand, or because the channel has moved to another server. */
    private void onUnsubscribed(UserId user) {
        if (audience.listens(user) && isOurs(channels.of(user))) {
            dropped.add(user);
            if (topology.sharded()) {
                topology.askSoon(); // and then everything is compared
            } else {
                changed(user); // gone, and back while the goodbye was on its way
            }
        }
    }

    private void dropSlot(int slot) {
        for (var user : audience.users()) {
            if (JedisClusterCRC16.getSlot(channels.of(user)) == slot) {
                dropped.add(user);
            }
        }
    }

    private void writeUntilClosed() {
        RedisConnection current = null;
        var subscribed = new HashSet<UserId>();
        try {
            while (!isClosed()) {
                wake.poll(timeout.toNanos() / 3, TimeUnit.NANOSECONDS);
                var now = connection;
                if (now == null) {
                    changed.clear(); // a new connection begins with everything
                    continue;
                }
                boolean all = compareAll || now != current;
                compareAll = false;
                if (now != current) {
                    current = now;
                    subscribed.clear();
                }
                write(now, subscribed, all);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "Closed", e);
        }
    }

    private void write(RedisConnection to, Set<UserId> subscribed, boolean all) {
        for (var user = dropped.poll(); user != null; user = dropped.poll()) {
            subscribed.remove(user);
        }
        var candidates = new HashSet<UserId>();
        for (var one = changed.iterator(); one.hasNext(); ) {
            candidates.add(one.next());
            one.remove(); // before it is looked at, so that a later change is seen later
        }
        if (all) {
            candidates.addAll(subscribed);
            candidates.addAll(audience.users());
        }
        var more = new ArrayList<byte[]>();
        var less = new ArrayList<byte[]>();
        for (var user : candidates) {
            var channel = channels.of(user);
            boolean wanted = audience.listens(user) && isOurs(channel);
            if (wanted && subscribed.add(user)) {
                more.add(channel);
            } else if (!wanted && subscribed.remove(user)) {
                less.add(channel);
            }
        }
        try {
            send(to, topology.sharded() ? Command.SUNSUBSCRIBE : Command.UNSUBSCRIBE, less);
            send(to, topology.sharded() ? Command.SSUBSCRIBE : Command.SUBSCRIBE, more);
            to.sendCommand(Command.PING);
            to.flushNow();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "The connection is lost", e); // the reader will see it, and says so
            to.kill();
        }
    }

    private boolean isOurs(byte[] channel) {
        return topology.shards()
                .flatMap(shards -> shards.of(channel))
                .filter(server::equals)
                .isPresent();
    }

    private void send(RedisConnection to, Command command, List<byte[]> names) {
        int together = topology.sharded() ? 1 : TOGETHER;
        for (int i = 0; i < names.size(); i += together) {
            to.sendCommand(
                    command,
                    names.subList(i, Math.min(names.size(), i + together)).toArray(byte[][]::new));
        }
    }
}

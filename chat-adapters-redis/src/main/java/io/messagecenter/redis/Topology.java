package io.messagecenter.redis;

import io.messagecenter.redis.RedisAddress.Kind;
import io.messagecenter.redis.RedisAddress.Login;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Knows which servers stand behind an address, and opens connections to them. A thread of its own asks the sentinels or
 * the cluster again and again, soon after trouble and now and then without, and reports each answer. Thread-safe.
 */
final class Topology implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Topology.class.getName());
    private static final long SHORT_PERIOD_MILLIS = 500;
    private static final long LONG_PERIOD_MILLIS = 30_000;

    /** However much trouble there is, the cluster is not asked more often. */
    private static final long REST_MILLIS = 100;

    private final RedisAddress address;
    private final JedisClientConfig serverConfig;
    private final JedisClientConfig sentinelConfig;
    private final Health health;
    private final Runnable onAnswer;
    private final Semaphore trouble = new Semaphore(0);
    private final Optional<Thread> asking;
    private volatile Optional<Shards> shards = Optional.empty();
    private volatile boolean closed;
    private @Nullable RedisConnection sentinel; // of the asking thread

    /**
     * Asks nothing yet.
     *
     * @param onAnswer runs after each answer, also if it changed nothing
     */
    Topology(RedisAddress address, Duration timeout, String threadName, Health health, Runnable onAnswer) {
        this.address = address;
        this.serverConfig = config(address, address.login(), address.database(), timeout);
        this.sentinelConfig = config(address, address.sentinelLogin(), 0, timeout);
        this.health = health;
        this.onAnswer = onAnswer;
        if (address.kind() == Kind.SINGLE) {
            this.asking = Optional.empty();
        } else {
            this.asking = Optional.of(Daemons.of(threadName, this::askUntilClosed));
            health.added(this);
        }
    }

    private static JedisClientConfig config(
            RedisAddress address, Optional<Login> login, int database, Duration timeout) {
        var config = DefaultJedisClientConfig.builder()
                .serverDefaultProtocol() // RESP2 without asking, as sentinels and old servers know it
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .clientName("message-center")
                .timeoutMillis((int) timeout.toMillis())
                .database(database);
        login.ifPresent(one -> config.user(one.user().orElse(null)).password(one.password()));
        if (address.tls()) {
            config.sslOptions(
                    SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build());
        }
        return config.build();
    }

    static Duration requireTimeout(Duration timeout) {
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("A timeout is 100 ms to 1 minute");
        }
        return timeout;
    }

    static Duration requirePatience(Duration patience) {
        if (patience.compareTo(Duration.ofMillis(1)) < 0 || patience.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("Patience is 1 ms to 1 minute");
        }
        return patience;
    }

    /** Begins to report. */
    void start() {
        if (asking.isPresent()) {
            asking.get().start();
        } else {
            shards = Optional.of(Shards.single(address.hosts().get(0)));
            onAnswer.run();
        }
    }

    /** The last answer; empty before the first. */
    Optional<Shards> shards() {
        return shards;
    }

    boolean sharded() {
        return address.kind() == Kind.CLUSTER;
    }

    /** Something is not as it was known to be: asks soon, and reports. */
    void askSoon() {
        if (asking.isPresent()) {
            trouble.release();
        } else {
            onAnswer.run();
        }
    }

    /** Connects and signs in; throws a {@code JedisException} if that fails, or if the server is not what it should be. */
    RedisConnection connect(HostAndPort server) {
        var connection = new RedisConnection(server, serverConfig);
        try {
            if (address.kind() == Kind.SENTINEL) {
                requireMaster(connection);
            }
            return connection;
        } catch (JedisException e) {
            connection.kill();
            throw e;
        }
    }

    /** A master that was replaced while it was away does not know it at first. */
    private static void requireMaster(RedisConnection connection) {
        connection.sendCommand(Command.ROLE);
        var role = text(connection.getObjectMultiBulkReply().get(0));
        if (!role.equals("master")) {
            throw new JedisConnectionException("It is not the master now, but a " + role);
        }
    }

    /** Stops asking. Connections are their owners' to close. */
    @Override
    public void close() {
        closed = true;
        trouble.release();
        asking.ifPresent(thread -> {
            thread.interrupt();
            Daemons.join(thread, 1_000);
        });
    }

    private void askUntilClosed() {
        var backoff = new Backoff();
        try {
            while (!closed) {
                boolean answered = ask();
                if (answered) {
                    backoff.reset();
                    TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
                } else {
                    TimeUnit.MILLISECONDS.sleep(Math.max(REST_MILLIS, backoff.nextMillis()));
                }
                if (answered && trouble.tryAcquire(periodMillis(), TimeUnit.MILLISECONDS)) {
                    trouble.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "Closed", e);
        } finally {
            forgetSentinel();
        }
    }

    private long periodMillis() {
        return address.kind() == Kind.SENTINEL || !health.allUp() ? SHORT_PERIOD_MILLIS : LONG_PERIOD_MILLIS;
    }

    private boolean ask() {
        try {
            shards = Optional.of(address.kind() == Kind.SENTINEL ? askSentinels() : askCluster());
            onAnswer.run(); // first, so that nobody takes all to be up before the connections are known of
            health.up(this);
            return true;
        } catch (RuntimeException e) {
            if (shards.isEmpty()) {
                health.down(this, e);
            } else {
                // What was known still holds, for all that is known; whether it works is for the connections to say.
                LOG.log(Level.DEBUG, "Cannot ask who is responsible", e);
            }
            return false;
        }
    }

    private Shards askSentinels() {
        var failures = new ArrayList<JedisException>();
        var current = sentinel;
        if (current != null) {
            try {
                return masterBy(current);
            } catch (JedisException e) {
                failures.add(e);
                forgetSentinel();
            }
        }
        for (var host : shuffled(address.hosts())) {
            try {
                var connection = new RedisConnection(host, sentinelConfig);
                sentinel = connection;
                return masterBy(connection);
            } catch (JedisException e) {
                failures.add(e);
                forgetSentinel();
            }
        }
        throw nobody("sentinel", failures);
    }

    private static JedisException nobody(String who, List<JedisException> failures) {
        var last = failures.get(failures.size() - 1);
        return new JedisConnectionException("No " + who + " answers: " + last.getMessage(), last);
    }

    private void forgetSentinel() {
        var connection = sentinel;
        sentinel = null;
        if (connection != null) {
            connection.kill();
        }
    }

    private Shards masterBy(RedisConnection connection) {
        connection.sendCommand(Command.SENTINEL, "GET-MASTER-ADDR-BY-NAME", address.master());
        var answer = connection.getObjectMultiBulkReply();
        if (answer == null || answer.size() != 2) {
            throw new JedisConnectionException("The sentinels know no master named " + address.master());
        }
        return Shards.single(new HostAndPort(text(answer.get(0)), Integer.parseInt(text(answer.get(1)))));
    }

    private Shards askCluster() {
        var failures = new ArrayList<JedisException>();
        var nodes = new ArrayList<HostAndPort>();
        shards.ifPresent(known -> nodes.addAll(shuffled(List.copyOf(known.servers()))));
        for (var host : shuffled(address.hosts())) {
            if (!nodes.contains(host)) {
                nodes.add(host);
            }
        }
        for (var node : nodes) {
            try {
                // A new connection each time: a node that was taken out of the cluster goes on answering for ever.
                var connection = new RedisConnection(node, serverConfig);
                try {
                    return shardsBy(connection, node);
                } finally {
                    connection.kill();
                }
            } catch (JedisException e) {
                failures.add(e);
            }
        }
        throw nobody("node of the cluster", failures);
    }

    private static Shards shardsBy(RedisConnection connection, HostAndPort asked) {
        connection.sendCommand(Command.CLUSTER, "SLOTS");
        var shards = Shards.cluster();
        var ranges = connection.getObjectMultiBulkReply();
        if (ranges.isEmpty()) {
            throw new JedisConnectionException("It is no node of a cluster with slots");
        }
        for (var range : ranges) {
            var parts = (List<?>) range;
            var master = (List<?>) parts.get(2);
            // A node that does not know its own name means the one by which it was reached.
            var host = master.get(0) instanceof byte[] name && name.length > 0 ? text(name) : asked.getHost();
            var server = new HostAndPort(host, (int) number(master.get(1)));
            shards.slots((int) number(parts.get(0)), (int) number(parts.get(1)), server);
        }
        return shards.build();
    }

    private static List<HostAndPort> shuffled(List<HostAndPort> hosts) {
        var shuffled = new ArrayList<>(hosts);
        Collections.shuffle(shuffled);
        return shuffled;
    }

    private static long number(Object reply) {
        if (reply instanceof Long number) {
            return number;
        }
        throw new JedisConnectionException("Not the answer of a Redis");
    }

    private static String text(Object reply) {
        if (reply instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        throw new JedisConnectionException("Not the answer of a Redis");
    }
}

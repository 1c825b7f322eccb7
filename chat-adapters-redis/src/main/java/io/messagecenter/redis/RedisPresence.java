package io.messagecenter.redis;

import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Knows who is connected by a sorted set for each user: a member for each node that has connections of theirs, and as
 * its score the time at which that word expires unless the node renews it. A node that crashes is forgotten so.
 *
 * <p>Only questions wait for Redis, and not for long; an outage answers with what this node knows. Times are those of
 * the Redis server, so nodes' clocks do not matter. Thread-safe.
 */
public final class RedisPresence implements Presence {
    private static final Logger LOG = System.getLogger(RedisPresence.class.getName());

    /** Announcements and questions that may wait for a server, in users. */
    private static final int QUEUE = 1_000_000;

    private static final int USERS_A_JOB = 500;

    /** So many users who left during an outage are said to have left after it; the rest is forgotten with time. */
    private static final int FAREWELLS = 10_000;

    /** After a question was not answered in time, the next ones are not asked for so long. */
    private static final Duration REST = Duration.ofSeconds(1);

    private final Channels keys;
    private final byte[] node = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    private final Duration lifetime;
    private final Duration patience;
    private final Map<UserId, Integer> connections = new ConcurrentHashMap<>();
    private final Set<UserId> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean announcing = new AtomicBoolean();
    private final Map<HostAndPort, Long> clocks = new ConcurrentHashMap<>(); // what the server's clock is ahead of ours
    private final Map<HostAndPort, Long> restUntil = new ConcurrentHashMap<>();
    private final Health health;
    private final Topology topology;
    private final Fleet<Pipe> pipes;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(task -> Daemons.of("redis-presence", task));

    private RedisPresence(Builder builder) {
        this.keys = new Channels(builder.prefix + "online:");
        this.lifetime = builder.refresh.multipliedBy(3);
        this.patience = builder.patience;
        this.health = new Health(LOG, "Redis at " + builder.address, "who is online on other nodes is unknown");
        this.topology =
                new Topology(builder.address, builder.timeout, "redis-presence-topology", health, this::onTopology);
        this.pipes = new Fleet<>(
                server -> new Pipe(
                        server, topology, "redis-presence", QUEUE, builder.timeout, health, new Greeter(server)),
                Pipe::stopNow);
        Daemons.repeat(scheduler, builder.refresh, this::announceAll);
        Daemons.repeat(scheduler, builder.timeout, () -> pipes.forEach(Pipe::watch));
    }

    /** A presence on the Redis of this address; the rest is as it is by default. */
    public static Builder builder(RedisAddress address) {
        return new Builder(address);
    }

    @Override
    public void connected(UserId user) {
        if (connections.merge(user, 1, Integer::sum) == 1) {
            announce(user);
        }
    }

    @Override
    public void disconnected(UserId user) {
        if (connections.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1) == null) {
            announce(user);
        }
    }

    @Override
    public Set<UserId> online(Collection<UserId> users) {
        var online = new HashSet<UserId>();
        var elsewhere = new HashSet<UserId>();
        for (var user : users) {
            (connections.containsKey(user) ? online : elsewhere).add(user);
        }
        var questions = new ArrayList<Question>();
        byServer(elsewhere).forEach((server, some) -> ask(server, some).ifPresent(questions::add));
        long deadline = System.nanoTime() + patience.toNanos();
        for (var question : questions) {
            online.addAll(question.await(deadline));
        }
        return Set.copyOf(online);
    }

    /** Whether every connection to Redis stands, as far as is known; waits for nothing. */
    public boolean isConnected() {
        return topology.shards().isPresent() && health.allUp();
    }

    /** Takes this node's users offline, as long as Redis answers within two seconds, and ends its connections and threads. */
    @Override
    public void close() {
        health.close();
        topology.close();
        pipes.freeze();
        scheduler.shutdownNow();
        var leaving = Set.copyOf(connections.keySet());
        connections.clear();
        tell(leaving);
        Pipe.closeAll(pipes);
    }

    private void onTopology() {
        topology.shards().ifPresent(shards -> pipes.follow(shards.servers()));
    }

    /** Callers leave word alone; what has come together by the time the scheduler looks is told at once. */
    private void announce(UserId user) {
        changed.add(user);
        if (announcing.compareAndSet(false, true)) {
            run(this::announceChanged);
        }
    }

    private void announceChanged() {
        announcing.set(false); // whoever comes from here on gets a run of their own
        var users = new ArrayList<UserId>();
        for (var one = changed.iterator(); one.hasNext(); ) {
            users.add(one.next());
            one.remove();
        }
        tell(users);
    }

    private void announceAll() {
        tell(connections.keySet());
        announceChanged();
    }

    private void run(Runnable task) {
        try {
            scheduler.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Closed", e);
        }
    }

    private Map<HostAndPort, List<UserId>> byServer(Collection<UserId> users) {
        var byServer = new HashMap<HostAndPort, List<UserId>>();
        topology.shards().ifPresent(shards -> {
            for (var user : users) {
                shards.of(keys.of(user)).ifPresent(server -> byServer.computeIfAbsent(server, key -> new ArrayList<>())
                        .add(user));
            }
        });
        return byServer;
    }

    /** What a server does not take now it learns once it is connected, or at the next refresh. */
    private void tell(Collection<UserId> users) {
        byServer(users).forEach((server, some) -> pipes.at(server).ifPresent(pipe -> {
            for (int i = 0; i < some.size(); i += USERS_A_JOB) {
                var job = new Announcement(server, some.subList(i, Math.min(some.size(), i + USERS_A_JOB)));
                if (!pipe.offer(job)) {
                    job.lost();
                }
            }
        }));
    }

    private Optional<Question> ask(HostAndPort server, List<UserId> users) {
        var rest = restUntil.get(server);
        if (rest != null && System.nanoTime() - rest < 0) {
            return Optional.empty();
        }
        var question = new Question(server, users);
        return pipes.at(server).filter(pipe -> pipe.offer(question)).map(pipe -> question);
    }

    private long millisAt(HostAndPort server) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) + clocks.getOrDefault(server, 0L);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a server's clock, and tells it everything: it may have been restarted empty. */
    private final class Greeter implements Pipe.Owner {
        private final HostAndPort server;

        Greeter(HostAndPort server) {
            this.server = server;
        }

        @Override
        public void onConnected(RedisConnection connection) {
            connection.sendCommand(Command.TIME);
            var time = connection.getBinaryMultiBulkReply();
            if (time == null || time.size() != 2) {
                throw new JedisConnectionException("Redis does not tell the time");
            }
            long millis = 1_000 * number(time.get(0)) + number(time.get(1)) / 1_000;
            clocks.put(server, millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        }

        @Override
        public void onReady() {
            run(RedisPresence.this::announceAll);
        }

        private static long number(byte[] text) {
            return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
        }
    }

    /** Tells of each user whether they are connected here at the moment when it is sent. */
    private final class Announcement implements Pipe.Job {
        private final HostAndPort server;
        private final List<UserId> users;

        Announcement(HostAndPort server, List<UserId> users) {
            this.server = server;
            this.users = users;
        }

        @Override
        public int weight() {
            return users.size();
        }

        @Override
        public int send(RedisConnection connection) {
            int sent = 0;
            long now = millisAt(server);
            for (var user : users) {
                var key = keys.of(user);
                if (connections.containsKey(user)) {
                    connection.sendCommand(Command.ZADD, key, text(now + lifetime.toMillis()), node);
                    connection.sendCommand(Command.ZREMRANGEBYSCORE, key, text(0), text(now));
                    connection.sendCommand(Command.PEXPIRE, key, text(lifetime.toMillis()));
                    sent += 3;
                } else {
                    connection.sendCommand(Command.ZREM, key, node);
                    sent++;
                }
            }
            return sent;
        }

        @Override
        public void done(List<Object> replies) {
            // A refusal ends the connection, and with the next one everything is told again.
        }

        @Override
        public void lost() {
            for (var user : users) {
                if (!connections.containsKey(user) && changed.size() < FAREWELLS) {
                    changed.add(user);
                }
            }
        }
    }

    private final class Question implements Pipe.Job {
        private final HostAndPort server;
        private final List<UserId> users;
        private final CompletableFuture<Set<UserId>> answer = new CompletableFuture<>();

        Question(HostAndPort server, List<UserId> users) {
            this.server = server;
            this.users = users;
        }

        Set<UserId> await(long deadline) {
            try {
                return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                restUntil.put(server, System.nanoTime() + REST.toNanos());
            } catch (ExecutionException e) {
                LOG.log(Level.DEBUG, "Redis does not say who is online", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Set.of();
        }

        @Override
        public int weight() {
            return users.size();
        }

        /** Somebody waits for it, while announcements of thousands may be on their way. */
        @Override
        public boolean isUrgent() {
            return true;
        }

        @Override
        public int send(RedisConnection connection) {
            var now = text(millisAt(server));
            for (var user : users) {
                connection.sendCommand(Command.ZCOUNT, keys.of(user), now, "+inf".getBytes(StandardCharsets.US_ASCII));
            }
            return users.size();
        }

        @Override
        public void done(List<Object> replies) {
            var online = new HashSet<UserId>();
            for (int i = 0; i < users.size(); i++) {
                if (replies.get(i) instanceof Long nodes && nodes > 0) {
                    online.add(users.get(i));
                }
            }
            answer.complete(online);
        }

        @Override
        public void lost() {
            answer.completeExceptionally(new JedisConnectionException("Connection lost"));
        }
    }

    /** Says where Redis is, and what is to differ from the default. */
    public static final class Builder {
        private final RedisAddress address;
        private String prefix = "mc:";
        private Duration refresh = Duration.ofSeconds(20);
        private Duration patience = Duration.ofMillis(300);
        private Duration timeout = Duration.ofSeconds(3);

        private Builder(RedisAddress address) {
            this.address = address;
        }

        /** Begins the names of all keys; tells installations on one Redis apart. {@code mc:} by default. */
        public Builder prefix(String value) {
            prefix = Channels.requirePrefix(value);
            return this;
        }

        /**
         * How often a node says again who is connected to it: 100 ms to 1 hour, every 20 seconds by default. A node that
         * has not done so for three times as long is taken for dead.
         */
        public Builder refresh(Duration value) {
            if (value.compareTo(Duration.ofMillis(100)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("A refresh comes every 100 ms to 1 hour");
            }
            refresh = value;
            return this;
        }

        /** How long a question may wait for Redis: 1 ms to 1 minute, 300 ms by default. */
        public Builder patience(Duration value) {
            patience = Topology.requirePatience(value);
            return this;
        }

        /** How long Redis may be silent before it counts as lost: 100 ms to 1 minute; 3 seconds by default. */
        public Builder timeout(Duration value) {
            timeout = Topology.requireTimeout(value);
            return this;
        }

        /** Builds it, and lets it connect in the background. */
        public RedisPresence build() {
            var presence = new RedisPresence(this);
            presence.topology.start();
            return presence;
        }
    }
}

package io.messagecenter.redis;

import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
import java.util.function.Consumer;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Knows who is connected by a sorted set for each user: a member for each node that has connections of theirs, and as
 * its score the time at which that word expires unless the node renews it. A node that crashes is forgotten so; one that
 * has seen the last connection end says so by a word that expires with the grace. The member {@code seen} has, as its
 * score, the time at which the user was connected last, negative, so that it never counts as a word that holds.
 *
 * <p>Only questions wait for Redis, and not for long. While it is away, and until other nodes had the time to come back
 * to it, those who are not here are as they were last known to be, for a minute; unless it is known that they are online.
 * Times are those of the Redis server, so nodes' clocks do not matter. Thread-safe.
 */
public final class RedisPresence implements Presence {
    private static final Logger LOG = System.getLogger(RedisPresence.class.getName());

    /** Announcements and questions that may wait for a server, in users. */
    private static final int QUEUE = 1_000_000;

    private static final int USERS_A_JOB = 500;

    /** So many users who left during an outage are said to have left after it; the rest is forgotten with time. */
    private static final int FAREWELLS = 10_000;

    /** Who left so long ago is told of, or never will be. */
    private static final Duration TO_TELL = Duration.ofMinutes(1);

    private static final byte[] SEEN = "seen".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IF_LATER = "LT".getBytes(StandardCharsets.US_ASCII); // the scores are negative
    private static final byte[] WITH_SCORES = "WITHSCORES".getBytes(StandardCharsets.US_ASCII);
    private static final int USERS_A_PATIENCE = 1_000;

    /** After a server was away, others have so long to tell it again of their users. */
    private static final Duration RETURN = Duration.ofSeconds(10);

    /** What was answered so long ago says nothing any more. */
    private static final Duration KNOWN_FOR = Duration.ofMinutes(1);

    /** So many answers are kept: of all whom ten thousand sockets can watch. */
    private static final int MOST_KNOWN = 1_000_000;

    /** After a question was not answered in time, the next ones are not asked for so long. */
    private static final Duration REST = Duration.ofSeconds(1);

    private final Channels keys;
    private final byte[] node = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    private final Duration lifetime;
    private final Duration patience;
    private final Duration grace;
    private final Duration memory;
    private final Map<UserId, Here> here = new ConcurrentHashMap<>();
    private final Set<UserId> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean announcing = new AtomicBoolean();
    private final Map<HostAndPort, Long> clocks = new ConcurrentHashMap<>(); // what the server's clock is ahead of ours
    private final Map<HostAndPort, Long> restUntil = new ConcurrentHashMap<>();

    /** Until when a server that was away may not have heard of everybody again. */
    private final Map<HostAndPort, Long> returningUntil = new ConcurrentHashMap<>();

    private final LastKnown known = new LastKnown(MOST_KNOWN, KNOWN_FOR, System::nanoTime);
    private final Health health;
    private final Topology topology;
    private final Fleet<Pipe> pipes;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(task -> Daemons.of("redis-presence", task));

    /**
     * Somebody who is connected to this node, or was.
     *
     * @param left when they had none any more, by {@link System#nanoTime}; means nothing before
     */
    private record Here(int connections, long left) {
        boolean isConnected() {
            return connections > 0;
        }

        Duration goneFor() {
            return isConnected() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - left);
        }
    }

    private RedisPresence(Builder builder) {
        this.keys = new Channels(builder.prefix + "online:");
        this.lifetime = builder.refresh.multipliedBy(3);
        this.patience = builder.patience;
        this.grace = builder.grace;
        this.memory = builder.memory.compareTo(lifetime) < 0 ? lifetime : builder.memory;
        this.health = new Health(LOG, "Redis at " + builder.address, "who is online on other nodes is as it was");
        this.topology =
                new Topology(builder.address, builder.timeout, "redis-presence-topology", health, this::onTopology);
        this.pipes = new Fleet<>(
                server -> new Pipe(
                        server, topology, "redis-presence", QUEUE, builder.timeout, health, new Greeter(server)),
                Pipe::stopNow);
        Daemons.repeat(scheduler, builder.refresh, this::announceAll);
        Daemons.repeat(scheduler, builder.timeout, () -> pipes.forEach(Pipe::watch));
        Daemons.repeat(scheduler, KNOWN_FOR, known::prune);
    }

    /** A presence on the Redis of this address; the rest is as it is by default. */
    public static Builder builder(RedisAddress address) {
        return new Builder(address);
    }

    @Override
    public void connected(UserId user) {
        var now = here.compute(user, (key, before) -> new Here(before == null ? 1 : before.connections() + 1, 0));
        if (now.connections() == 1) {
            announce(user);
        }
    }

    @Override
    public void disconnected(UserId user) {
        var now = here.computeIfPresent(user, (key, before) -> switch (before.connections()) {
            case 0 -> before;
            case 1 -> new Here(0, System.nanoTime());
            default -> new Here(before.connections() - 1, 0);
        });
        if (now != null && !now.isConnected()) {
            known.forget(user); // they were online here, perhaps, when that was answered
            announce(user);
        }
    }

    @Override
    public Map<UserId, Status> of(Collection<UserId> users) {
        var statuses = new HashMap<UserId, Status>();
        var elsewhere = new HashSet<UserId>();
        for (var user : users) {
            if (isOnlineHere(user)) {
                statuses.put(user, Status.ONLINE);
            } else {
                elsewhere.add(user);
            }
        }
        var questions = new ArrayList<Question>();
        byServer(elsewhere)
                .forEach((server, all) -> inJobs(all, some -> ask(server, some).ifPresent(questions::add)));
        long deadline = System.nanoTime() + patience.toNanos() * (1 + elsewhere.size() / USERS_A_PATIENCE);
        for (var question : questions) {
            statuses.putAll(question.await(deadline));
        }
        elsewhere.removeAll(statuses.keySet());
        elsewhere.forEach(user -> known.of(user).ifPresent(status -> statuses.put(user, status)));
        return statuses;
    }

    private boolean isOnlineHere(UserId user) {
        var one = here.get(user);
        return one != null && (one.isConnected() || one.goneFor().compareTo(grace) < 0);
    }

    @Override
    public boolean forget(UserId user) {
        here.computeIfPresent(user, (key, one) -> one.isConnected() ? one : null);
        var forgetting = new Forgetting(user);
        boolean forgotten = byServer(Set.of(user)).keySet().stream()
                        .flatMap(server -> pipes.at(server).stream())
                        .anyMatch(pipe -> pipe.offer(forgetting))
                && forgetting.await();
        known.forget(user); // not before, as earlier questions are answered until then
        return forgotten;
    }

    /** Whether every connection to Redis stands, as far as is known; waits for nothing. */
    public boolean isConnected() {
        return topology.shards().isPresent() && health.allUp();
    }

    /** Says that this node's users have left, as long as Redis answers within two seconds; ends its connections and threads. */
    @Override
    public void close() {
        health.close();
        topology.close();
        pipes.freeze();
        scheduler.shutdownNow();
        var leaving = connectedHere();
        leaving.forEach(user -> here.put(user, new Here(0, System.nanoTime())));
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
        var longAgo = grace.plus(TO_TELL);
        here.entrySet()
                .removeIf(entry ->
                        entry.getValue().goneFor().compareTo(longAgo) > 0 && !changed.contains(entry.getKey()));
        tell(connectedHere());
        announceChanged();
    }

    private List<UserId> connectedHere() {
        return here.entrySet().stream()
                .filter(entry -> entry.getValue().isConnected())
                .map(Map.Entry::getKey)
                .toList();
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
        byServer(users).forEach((server, all) -> pipes.at(server)
                .ifPresent(pipe -> inJobs(all, some -> {
                    var job = new Announcement(server, some);
                    if (!pipe.offer(job)) {
                        job.lost();
                    }
                })));
    }

    private static void inJobs(List<UserId> users, Consumer<List<UserId>> job) {
        for (int i = 0; i < users.size(); i += USERS_A_JOB) {
            job.accept(users.subList(i, Math.min(users.size(), i + USERS_A_JOB)));
        }
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
            var before = clocks.put(server, millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
            if (before != null) {
                returningUntil.put(server, System.nanoTime() + RETURN.toNanos());
            }
        }

        @Override
        public void onReady() {
            run(RedisPresence.this::announceAll);
        }

        private static long number(byte[] text) {
            return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
        }
    }

    /** Tells of each user whether they are connected here at the moment when it is sent, or when they left. */
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
                var one = here.get(user);
                if (one == null) {
                    connection.sendCommand(Command.ZREM, key, node);
                    sent++;
                    continue;
                } else if (one.isConnected()) {
                    var until = text(now + lifetime.toMillis());
                    connection.sendCommand(Command.ZADD, key, until, node, text(-now), SEEN);
                } else {
                    long left = now - one.goneFor().toMillis();
                    connection.sendCommand(Command.ZADD, key, text(left + grace.toMillis()), node);
                    connection.sendCommand(Command.ZADD, key, IF_LATER, text(-left), SEEN);
                    sent++;
                }
                connection.sendCommand(Command.ZREMRANGEBYSCORE, key, text(0), text(now));
                connection.sendCommand(Command.PEXPIRE, key, text(memory.toMillis()));
                sent += 3;
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
                var one = here.get(user);
                if ((one == null || !one.isConnected()) && changed.size() < FAREWELLS) {
                    changed.add(user);
                }
            }
        }
    }

    /** Takes back what all nodes said of somebody: words of a node that is gone, or of a grace, too. */
    private final class Forgetting implements Pipe.Job {
        private final UserId user;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();

        Forgetting(UserId user) {
            this.user = user;
        }

        boolean await() {
            try {
                return done.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.log(Level.DEBUG, () -> "That user " + user + " was online may not be forgotten yet");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        }

        @Override
        public int weight() {
            return 1;
        }

        @Override
        public int send(RedisConnection connection) {
            connection.sendCommand(Command.DEL, keys.of(user));
            return 1;
        }

        @Override
        public void done(List<Object> replies) {
            done.complete(replies.get(0) instanceof Long);
        }

        @Override
        public void lost() {
            done.complete(false);
        }
    }

    private final class Question implements Pipe.Job {
        private final HostAndPort server;
        private final List<UserId> users;
        private final CompletableFuture<Map<UserId, Status>> answer = new CompletableFuture<>();
        private long asked;

        Question(HostAndPort server, List<UserId> users) {
            this.server = server;
            this.users = users;
        }

        /** Nothing, if there is no answer in time. */
        Map<UserId, Status> await(long deadline) {
            try {
                return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                restUntil.put(server, System.nanoTime() + REST.toNanos());
            } catch (ExecutionException e) {
                LOG.log(Level.DEBUG, "Redis does not say who is online", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Map.of();
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
            asked = millisAt(server);
            for (var user : users) {
                connection.sendCommand(Command.ZRANGE, keys.of(user), text(0), text(-1), WITH_SCORES);
            }
            return users.size();
        }

        @Override
        public void done(List<Object> replies) {
            var until = returningUntil.get(server);
            boolean returning = until != null && System.nanoTime() - until < 0;
            var statuses = new HashMap<UserId, Status>();
            for (int i = 0; i < users.size(); i++) {
                if (replies.get(i) instanceof List<?> members) {
                    var status = status(members);
                    if (status.online() || !returning) {
                        statuses.put(users.get(i), status);
                    }
                }
            }
            known.keep(statuses);
            answer.complete(statuses);
        }

        /** @param members each with its score behind it */
        private Status status(List<?> members) {
            Optional<Instant> seen = Optional.empty();
            for (int i = 0; i + 1 < members.size(); i += 2) {
                long score = (long) Double.parseDouble(string(members.get(i + 1)));
                if (score > asked) {
                    return Status.ONLINE;
                } else if (members.get(i) instanceof byte[] member && Arrays.equals(member, SEEN)) {
                    seen = Optional.of(Instant.ofEpochMilli(-score));
                }
            }
            return seen.map(Status::lastSeen).orElse(Status.UNSEEN);
        }

        private static String string(Object bytes) {
            return new String((byte[]) bytes, StandardCharsets.US_ASCII);
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
        private Duration refresh = Duration.ofSeconds(15);
        private Duration grace = GRACE;
        private Duration memory = Duration.ofDays(90);
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
         * How often a node says again who is connected to it: 100 ms to 1 hour, every 15 seconds by default. A node that
         * has not done so for three times as long is taken for dead.
         */
        public Builder refresh(Duration value) {
            if (value.compareTo(Duration.ofMillis(100)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("A refresh comes every 100 ms to 1 hour");
            }
            refresh = value;
            return this;
        }

        /** How long people count as online after their last connection on this node: none to a minute, by default 5 seconds. */
        public Builder grace(Duration value) {
            grace = Presence.requireGrace(value);
            return this;
        }

        /** How long it is remembered when somebody was last seen: 1 second to 10 years, 90 days by default. */
        public Builder memory(Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofDays(3_650)) > 0) {
                throw new IllegalArgumentException("A memory lasts for 1 second to 10 years");
            }
            memory = value;
            return this;
        }

        /** How long a question of up to 1,000 users may wait for Redis: 1 ms to 1 minute, 300 ms by default. */
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

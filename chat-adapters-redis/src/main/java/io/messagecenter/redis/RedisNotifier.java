package io.messagecenter.redis;

import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Carries hints between nodes by Redis Pub/Sub: a channel for each user, subscribed while the user has a listener here;
 * sharded channels on a cluster.
 *
 * <p>Connects in the background, and reconnects for ever: an outage costs hints, which {@link Telemetry#hintsLost}
 * counts, and nothing else. Hints that may not have arrived are told again afterwards by their place alone, as far as
 * {@link Missed} remembers them; listeners whose channel was not subscribed for a while are told that hints may be lost.
 * Listeners on the publishing node hear of hints directly. Thread-safe.
 */
public final class RedisNotifier implements Notifier {
    private static final Logger LOG = System.getLogger(RedisNotifier.class.getName());

    /**
     * In UTF-16 units: what the service allows by default, whatever its script. What is longer is read from the store,
     * so that neither a full queue nor a reader's buffer ever holds much.
     */
    private static final int LONGEST_BODY = 20_000;

    /** In a queue so much of a body, in UTF-16 units, counts as one more hint: a queue is bounded in bytes, too. */
    private static final int BODY_A_HINT = 2_000;

    private final Channels channels;
    private final Telemetry telemetry;
    private final HintCodec codec = new HintCodec(UUID.randomUUID().toString());
    private final InMemoryNotifier local = new InMemoryNotifier();
    private final Map<UserId, Set<Listening>> listening = new ConcurrentHashMap<>();
    private final Missed missed = new Missed();
    private final Health health;
    private final Topology topology;
    private final Fleet<Pipe> pipes;
    private final Fleet<Subscriber> subscribers;
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(task -> Daemons.of("redis-hints-watch", task));

    private RedisNotifier(Builder builder) {
        this.channels = new Channels(builder.prefix);
        this.telemetry = builder.telemetry;
        this.health =
                new Health(LOG, "Redis at " + builder.address, "other nodes hear of new messages by their heartbeat");
        this.topology =
                new Topology(builder.address, builder.timeout, "redis-hints-topology", health, this::onTopology);
        var audience = new Listeners();
        this.pipes = new Fleet<>(
                server -> new Pipe(
                        server,
                        topology,
                        "redis-hints-publish",
                        builder.queue,
                        builder.timeout,
                        health,
                        new Pipe.Owner() {
                            @Override
                            public void onIdle() {
                                publishAgain(missed.take(server));
                            }
                        }),
                Pipe::stopNow);
        this.subscribers = new Fleet<>(
                server -> new Subscriber(server, topology, channels, "redis-hints", builder.timeout, health, audience),
                Subscriber::stopNow);
        Daemons.repeat(watch, builder.timeout, () -> pipes.forEach(Pipe::watch));
    }

    /** A notifier on the Redis of this address; the rest is as it is by default. */
    public static Builder builder(RedisAddress address) {
        return new Builder(address);
    }

    @Override
    public void publish(List<Hint> hints) {
        local.publish(hints);
        send(hints, true);
    }

    @Override
    public void signal(Signal signal) {
        local.signal(signal);
        var unused = server(signal.user()).flatMap(pipes::at).map(pipe -> pipe.offer(new Sign(signal)));
    }

    @Override
    public Subscription subscribe(UserId user, HintListener listener) {
        var one = new Listening(user, listener, local.subscribe(user, listener));
        listening.compute(user, (key, others) -> {
            var all = others == null ? ConcurrentHashMap.<Listening>newKeySet() : others;
            all.add(one);
            return all;
        });
        changed(user);
        return one;
    }

    /** Whether every connection to Redis stands, as far as is known; waits for nothing. */
    public boolean isConnected() {
        return topology.shards().isPresent() && health.allUp();
    }

    /** Whether Redis answers within a time, on every connection; for a health check. */
    public boolean check(Duration patience) {
        if (!isConnected()) {
            return false;
        }
        var answers = new ArrayList<CompletableFuture<Void>>();
        pipes.forEach(pipe -> {
            var ping = new Ping();
            if (!pipe.offer(ping)) {
                ping.lost();
            }
            answers.add(ping.answer);
        });
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                    .get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.DEBUG, "Redis does not answer", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Sends what waits, for two seconds at most, and ends its connections and threads. */
    @Override
    public void close() {
        health.close();
        topology.close();
        pipes.freeze();
        subscribers.freeze();
        watch.shutdownNow();
        subscribers.forEach(Subscriber::stopNow);
        Pipe.closeAll(pipes);
        subscribers.forEach(Subscriber::close);
        listening.clear();
        local.close();
    }

    private void onTopology() {
        topology.shards().ifPresent(shards -> {
            pipes.follow(shards.servers());
            subscribers.follow(shards.servers());
            subscribers.forEach(Subscriber::compareAll);
            publishAgain(missed.takeAll());
        });
    }

    private Optional<HostAndPort> server(UserId user) {
        return topology.shards().flatMap(shards -> shards.of(channels.of(user)));
    }

    private void changed(UserId user) {
        server(user).flatMap(subscribers::at).ifPresent(subscriber -> subscriber.changed(user));
    }

    private void publishAgain(List<Hint> places) {
        send(places, false);
    }

    /** @param counted whether hints that are lost now are to be counted, or were before */
    private void send(List<Hint> hints, boolean counted) {
        var byServer = new LinkedHashMap<Optional<HostAndPort>, List<Hint>>();
        for (var hint : hints) {
            byServer.computeIfAbsent(server(hint.user()), key -> new ArrayList<>())
                    .add(withoutLongBody(hint));
        }
        byServer.forEach((server, some) -> {
            var job = new Publication(server, some, counted);
            if (!server.flatMap(pipes::at).map(pipe -> pipe.offer(job)).orElse(false)) {
                job.lost();
            }
        });
    }

    private static Hint withoutLongBody(Hint hint) {
        return hint.event().filter(RedisNotifier::isLong).isPresent() ? Hint.of(hint.user(), hint.seq()) : hint;
    }

    private static boolean isLong(Event event) {
        return bodyLength(event) > LONGEST_BODY;
    }

    private static int bodyLength(Event event) {
        return event instanceof MessageSent sent ? sent.message().text().length() : 0;
    }

    private static int weight(Hint hint) {
        return 1 + hint.event().map(RedisNotifier::bodyLength).orElse(0) / BODY_A_HINT;
    }

    private final class Publication implements Pipe.Job {
        private final Optional<HostAndPort> server;
        private final List<Hint> hints;
        private final boolean counted;
        private final int weight;

        Publication(Optional<HostAndPort> server, List<Hint> hints, boolean counted) {
            this.server = server;
            this.hints = hints;
            this.counted = counted;
            this.weight = hints.stream().mapToInt(RedisNotifier::weight).sum();
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public int send(RedisConnection connection) {
            var command = topology.sharded() ? Command.SPUBLISH : Command.PUBLISH;
            var writer = codec.writer();
            for (var hint : hints) {
                connection.sendCommand(command, channels.of(hint.user()), writer.write(hint));
            }
            return hints.size();
        }

        @Override
        public void done(List<Object> replies) {
            var refused = new ArrayList<Hint>();
            for (int i = 0; i < hints.size(); i++) {
                if (replies.get(i) instanceof JedisDataException) {
                    refused.add(hints.get(i));
                }
            }
            if (!refused.isEmpty()) {
                lost(refused);
            }
        }

        @Override
        public void lost() {
            lost(hints);
        }

        private void lost(List<Hint> some) {
            missed.add(server, some);
            if (counted) {
                telemetry.hintsLost(some.size());
            }
        }
    }

    private static final class Ping implements Pipe.Job {
        private final CompletableFuture<Void> answer = new CompletableFuture<>();

        /** Nothing, so that it finds room in a full queue. */
        @Override
        public int weight() {
            return 0;
        }

        @Override
        public int send(RedisConnection connection) {
            connection.sendCommand(Command.PING);
            return 1;
        }

        @Override
        public void done(List<Object> replies) {
            answer.complete(null);
        }

        @Override
        public void lost() {
            answer.completeExceptionally(new IllegalStateException("Not connected"));
        }
    }

    /** A signal on its way, which nobody misses. */
    private final class Sign implements Pipe.Job {
        private final Signal signal;

        Sign(Signal signal) {
            this.signal = signal;
        }

        @Override
        public int weight() {
            return 1;
        }

        @Override
        public boolean isFleeting() {
            return true;
        }

        @Override
        public int send(RedisConnection connection) {
            var command = topology.sharded() ? Command.SPUBLISH : Command.PUBLISH;
            connection.sendCommand(command, channels.of(signal.user()), codec.write(signal));
            return 1;
        }

        @Override
        public void done(List<Object> replies) {
            // Whoever was there has heard it.
        }

        @Override
        public void lost() {
            // It would be told too late.
        }
    }

    /** Identity, not equality, tells two subscriptions of one listener apart. */
    private final class Listening implements Subscription {
        private final UserId user;
        private final HintListener listener;
        private final Subscription direct;

        Listening(UserId user, HintListener listener, Subscription direct) {
            this.user = user;
            this.listener = listener;
            this.direct = direct;
        }

        void tellLost() {
            try {
                listener.onHintsLost();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A listener of user " + user + " failed", e); // and the others still hear it
            }
        }

        @Override
        public void close() {
            direct.close();
            listening.computeIfPresent(user, (key, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
            changed(user);
        }
    }

    private final class Listeners implements Subscriber.Audience {
        @Override
        public Collection<UserId> users() {
            return listening.keySet();
        }

        @Override
        public boolean listens(UserId user) {
            return listening.containsKey(user);
        }

        @Override
        public void onPayload(UserId user, byte[] payload) {
            if (codec.isOwn(payload) || !listens(user)) {
                return;
            }
            var hint = codec.read(payload).filter(read -> read.user().equals(user));
            var signal = hint.isPresent()
                    ? Optional.<Signal>empty()
                    : codec.readSignal(payload).filter(read -> read.user().equals(user));
            if (hint.isPresent()) {
                local.publish(List.of(hint.get()));
            } else if (signal.isPresent()) {
                local.signal(signal.get());
            } else {
                onSubscribed(user); // from a node of another version: something has changed
            }
        }

        @Override
        public void onSubscribed(UserId user) {
            listening.getOrDefault(user, Set.of()).forEach(Listening::tellLost);
        }
    }

    /** Says where Redis is, and what is to differ from the default. */
    public static final class Builder {
        private final RedisAddress address;
        private String prefix = "mc:";
        private Telemetry telemetry = Telemetry.NONE;
        private int queue = 10_000;
        private Duration timeout = Duration.ofSeconds(3);

        private Builder(RedisAddress address) {
            this.address = address;
        }

        /** Begins the names of all channels; tells installations on one Redis apart. {@code mc:} by default. */
        public Builder prefix(String value) {
            prefix = Channels.requirePrefix(value);
            return this;
        }

        /** Hears of hints that were lost; nobody by default. */
        public Builder telemetry(Telemetry value) {
            telemetry = value;
            return this;
        }

        /**
         * How many hints may wait for a server; 10,000 by default. The next ones are lost. A long body counts as one
         * more for every 2,000 characters.
         */
        public Builder queue(int hints) {
            if (hints < 1) {
                throw new IllegalArgumentException("A queue holds at least one hint");
            }
            queue = hints;
            return this;
        }

        /** How long Redis may be silent before it counts as lost: 100 ms to 1 minute; 3 seconds by default. */
        public Builder timeout(Duration value) {
            timeout = Topology.requireTimeout(value);
            return this;
        }

        /** Builds it, and lets it connect in the background. */
        public RedisNotifier build() {
            var notifier = new RedisNotifier(this);
            notifier.topology.start();
            return notifier;
        }
    }
}

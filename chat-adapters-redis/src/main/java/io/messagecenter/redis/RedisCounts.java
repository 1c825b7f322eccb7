package io.messagecenter.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * What nodes count together: token buckets, facts that are remembered for a time, and who holds a share of something.
 *
 * <p>Questions wait for Redis, but not for long, and after one that was in vain the next ones do not for a second; what
 * is merely told waits for nothing. An outage is an empty answer, never a failure. Names are of any length and kind; Redis
 * sees but a digest of each. Times are those of the Redis server, 5.0 or later. Thread-safe.
 */
public final class RedisCounts implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RedisCounts.class.getName());

    private static final int QUEUE = 100_000;
    private static final int DIGEST_BYTES = 18;

    /** After a question was not answered in time, the next ones are not asked for so long. */
    private static final Duration REST = Duration.ofSeconds(1);

    /**
     * A bucket is the moment at which it will be full again, in microseconds; gone if that has passed. Takes so many tokens,
     * where fewer than none are put back, if they are there or if it is told to. Replies with whether it took them, how
     * many are left, rounded down, and else how many microseconds to wait.
     */
    private static final Script TAKE = Script.of(
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
            local each, most, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
            local new = math.max(now, full + count * each)
            local over = new - now - most * each
            if count > 0 and ARGV[4] == '0' and over >= 1 then
              return {0, math.floor((most * each - (full - now)) / each), math.ceil(over)}
            end
            if new > now then
              redis.call('SET', KEYS[1], string.format('%.0f', new), 'PX', math.ceil((new - now) / 1000))
            else
              redis.call('DEL', KEYS[1])
            end
            return {1, math.floor((most * each - (new - now)) / each), 0}
            """);

    /** Somebody holds a share until a while from now. */
    private static final Script HOLD = Script.of(
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return 1
            """);

    /** How many hold a share now. */
    private static final Script HOLDERS = Script.of(
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            return redis.call('ZCOUNT', KEYS[1], string.format('(%.0f', now), '+inf')
            """);

    /**
     * Fills up to {@code burst} tokens, {@code count} in each period.
     *
     * @param count 1 or more
     * @param burst 1 or more
     */
    public record Rate(long count, Duration period, long burst) {
        /** In microseconds, between one token and the next. */
        private double each() {
            return period.toNanos() / 1e3 / count;
        }

        private byte[][] arguments(long tokens, boolean always) {
            return new byte[][] {
                text(Double.toString(each())), text(burst), text(tokens), text(always ? "1" : "0"),
            };
        }
    }

    private final String prefix;
    private final Duration patience;
    private final Map<HostAndPort, Long> restUntil = new ConcurrentHashMap<>();
    private final Health health;
    private final Topology topology;
    private final Fleet<Pipe> pipes;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(task -> Daemons.of("redis-counts", task));

    private RedisCounts(Builder builder) {
        this.prefix = builder.prefix + "count:";
        this.patience = builder.patience;
        this.health = new Health(LOG, "Redis at " + builder.address, "limits are counted on each node by itself");
        this.topology =
                new Topology(builder.address, builder.timeout, "redis-counts-topology", health, this::onTopology);
        this.pipes = new Fleet<>(
                server -> new Pipe(server, topology, "redis-counts", QUEUE, builder.timeout, health, new Loader()),
                Pipe::stopNow);
        Daemons.repeat(scheduler, builder.timeout, () -> pipes.forEach(Pipe::watch));
    }

    /** Counts on the Redis of this address; the rest is as it is by default. */
    public static Builder builder(RedisAddress address) {
        return new Builder(address);
    }

    /** Takes a token. Zero if there was one, else how long to wait for it; empty if Redis does not say in time. */
    public Optional<Duration> take(String bucket, Rate rate) {
        return ask(TAKE.on(key(bucket), rate.arguments(1, false)))
                .flatMap(Took::of)
                .map(Took::toWait);
    }

    /** Puts a token back, sooner or later; a bucket never has more than its burst. */
    public void giveBack(String bucket, Rate rate) {
        tell(TAKE.on(key(bucket), rate.arguments(-1, false)));
    }

    /**
     * Takes tokens that have been used already, whether or not they were there.
     *
     * @param used how many of which bucket
     * @param left is told what each bucket has then, below zero where more was used than there was; on another thread,
     *     and not at all for what did not reach Redis
     */
    public void charge(Map<String, Long> used, Rate rate, ObjLongConsumer<String> left) {
        used.forEach((bucket, count) -> {
            var told = tell(TAKE.on(key(bucket), rate.arguments(count, true)));
            told.ifPresent(
                    call -> call.then(reply -> Took.of(reply).ifPresent(took -> left.accept(bucket, took.left()))));
        });
    }

    /** Remembers a fact for a time, sooner or later. */
    public void remember(String fact, Duration time) {
        var key = key(fact);
        tell(new Call(key, Command.SET, key, text("1"), text("PX"), text(time.toMillis())));
    }

    /** Forgets a fact, sooner or later. */
    public void forget(String fact) {
        var key = key(fact);
        tell(new Call(key, Command.DEL, key));
    }

    /** Whether a fact is remembered; empty if Redis does not say in time. */
    public Optional<Boolean> remembers(String fact) {
        var key = key(fact);
        return ask(new Call(key, Command.EXISTS, key))
                .flatMap(RedisCounts::number)
                .map(found -> found > 0);
    }

    /** Says that somebody holds a share of something, for a time unless it is said again. */
    public void hold(String what, String holder, Duration time) {
        tell(HOLD.on(key(what), text(holder), text(time.toMillis())));
    }

    /** Says that somebody holds it no longer. */
    public void release(String what, String holder) {
        var key = key(what);
        tell(new Call(key, Command.ZREM, key, text(holder)));
    }

    /** How many hold a share of something, as far as they have said; empty if Redis does not say in time. */
    public Optional<Long> holders(String what) {
        return ask(HOLDERS.on(key(what))).flatMap(RedisCounts::number);
    }

    /** Whether every connection to Redis stands, as far as is known; waits for nothing. */
    public boolean isConnected() {
        return topology.shards().isPresent() && health.allUp();
    }

    /** Sends what waits, for two seconds at most, and ends its connections and threads. */
    @Override
    public void close() {
        health.close();
        topology.close();
        pipes.freeze();
        scheduler.shutdownNow();
        Pipe.closeAll(pipes);
    }

    private void onTopology() {
        topology.shards().ifPresent(shards -> pipes.follow(shards.servers()));
    }

    /** Short, however long the name is; in braces, as everything of ours that a cluster spreads. */
    private byte[] key(String name) {
        var digest = digest("SHA-256", name);
        var start = new byte[DIGEST_BYTES];
        System.arraycopy(digest, 0, start, 0, DIGEST_BYTES);
        return text(prefix + "{" + Base64.getUrlEncoder().encodeToString(start) + "}");
    }

    private Optional<HostAndPort> server(byte[] key) {
        return topology.shards().flatMap(shards -> shards.of(key));
    }

    /** Hands it to Redis; empty if Redis takes nothing now. */
    private Optional<Call> tell(Call call) {
        return server(call.key)
                .flatMap(pipes::at)
                .filter(pipe -> pipe.offer(call))
                .map(pipe -> call);
    }

    private Optional<Object> ask(Call call) {
        var server = server(call.key);
        if (server.isEmpty() || rests(server.get())) {
            return Optional.empty();
        }
        if (tell(call).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(call.answer.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            restUntil.put(server.get(), System.nanoTime() + REST.toNanos());
        } catch (ExecutionException e) {
            LOG.log(Level.DEBUG, "Redis does not count", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private boolean rests(HostAndPort server) {
        var rest = restUntil.get(server);
        return rest != null && System.nanoTime() - rest < 0;
    }

    private static Optional<Long> number(Object reply) {
        return reply instanceof Long number ? Optional.of(number) : Optional.empty();
    }

    private static byte[] text(long number) {
        return text(Long.toString(number));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has it", e);
        }
    }

    /** What {@link #TAKE} replies with. */
    private record Took(long left, Duration toWait) {
        static Optional<Took> of(Object reply) {
            return reply instanceof List<?> parts
                            && parts.size() == 3
                            && parts.get(1) instanceof Long left
                            && parts.get(2) instanceof Long micros
                    ? Optional.of(new Took(left, Duration.ofNanos(1_000 * micros)))
                    : Optional.empty();
        }
    }

    /** A script, which every connection loads first, and its name. */
    private record Script(String source, String name) {
        static Script of(String source) {
            return new Script(source, HexFormat.of().formatHex(digest("SHA-1", source)));
        }

        Call on(byte[] key, byte[]... arguments) {
            var all = new byte[3 + arguments.length][];
            all[0] = text(name);
            all[1] = text(1);
            all[2] = key;
            System.arraycopy(arguments, 0, all, 3, arguments.length);
            return new Call(key, Command.EVALSHA, all);
        }
    }

    private static final class Loader implements Pipe.Owner {
        @Override
        public void onConnected(RedisConnection connection) {
            for (var script : List.of(TAKE, HOLD, HOLDERS)) {
                connection.sendCommand(Command.SCRIPT, text("LOAD"), text(script.source));
                connection.getOne();
            }
        }
    }

    /** One command about one key. */
    private static final class Call implements Pipe.Job {
        private final byte[] key;
        private final Command command;
        private final byte[][] arguments;
        private final CompletableFuture<Object> answer = new CompletableFuture<>();

        Call(byte[] key, Command command, byte[]... arguments) {
            this.key = key;
            this.command = command;
            this.arguments = arguments;
        }

        void then(Consumer<Object> action) {
            var unused = answer.thenAccept(action);
        }

        @Override
        public int weight() {
            return 1;
        }

        @Override
        public int send(RedisConnection connection) {
            connection.sendCommand(command, arguments);
            return 1;
        }

        @Override
        public void done(List<Object> replies) {
            answer.complete(replies.get(0));
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
        private Duration patience = Duration.ofMillis(200);
        private Duration timeout = Duration.ofSeconds(3);

        private Builder(RedisAddress address) {
            this.address = address;
        }

        /** Begins the names of all keys; tells installations on one Redis apart. {@code mc:} by default. */
        public Builder prefix(String value) {
            prefix = Channels.requirePrefix(value);
            return this;
        }

        /** How long a question may wait for Redis: 1 ms to 1 minute, 200 ms by default. */
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
        public RedisCounts build() {
            var counts = new RedisCounts(this);
            counts.topology.start();
            return counts;
        }
    }
}

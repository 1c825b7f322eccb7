package io.messagecenter.mysql.bench;

import com.sun.management.OperatingSystemMXBean;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import io.messagecenter.mysql.MysqlStorage;
import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What the storage costs: messages a second from one thread, and processor time a message, of this process and of the
 * database's. Arguments: {@code mariadb} or {@code h2}, and then any of {@code append}, {@code read}; seconds a figure.
 */
public final class StorageBenchmark {
    private static final int PEOPLE = 1_000;
    private static final int PEERS = 20;
    private static final int PAGE = 15;

    private final Storage storage;
    private final boolean server;
    private final int seconds;
    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Person> people = new ArrayList<>();

    private StorageBenchmark(Storage storage, boolean server, int seconds) {
        this.storage = storage;
        this.server = server;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws IOException {
        var arguments = List.of(args);
        boolean server = !arguments.contains("h2");
        int seconds = arguments.stream()
                .filter(argument -> argument.matches("\\d+"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(10);
        var directory = Files.createTempDirectory("storage-benchmark");
        var database = server ? TestDatabase.mariaDb("chat_bench") : TestDatabase.h2(directory);
        var pool = database.pool(4);
        try (var storage = MysqlStorage.builder(pool).closing(pool::close).build()) {
            storage.migrate();
            var benchmark = new StorageBenchmark(storage, server, seconds);
            benchmark.register();
            if (!arguments.contains("read")) {
                benchmark.append(512);
                benchmark.append(128);
                benchmark.append(1);
            }
            if (!arguments.contains("append")) {
                benchmark.read();
            }
        } finally {
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void register() {
        for (int i = 0; i < PEOPLE; i++) {
            var name = new Username("user" + i);
            people.add(storage.users()
                    .create(new NewUser(name, Optional.empty(), PasswordHash.UNUSABLE, now(), false))
                    .person());
        }
    }

    private void append(int size) {
        for (long end = System.nanoTime() + 5_000_000_000L; System.nanoTime() < end; ) {
            storage.messages().write(batch(size));
        }
        var batches = new ArrayList<List<NewMessage>>();
        long sent = 0;
        long nanos = 0;
        long cpu = 0;
        long serverCpu = 0;
        while (nanos < seconds * 1_000_000_000L) {
            batches.clear();
            for (int i = 0; i < Math.max(1, 4096 / size); i++) {
                batches.add(batch(size)); // made beforehand: making them is not what is measured
            }
            long startCpu = cpu();
            long startServer = serverCpu();
            long start = System.nanoTime();
            for (var batch : batches) {
                storage.messages().write(batch);
                sent += size;
            }
            nanos += System.nanoTime() - start;
            cpu += cpu() - startCpu;
            serverCpu += serverCpu() - startServer;
        }
        System.out.printf(
                "append, batches of %3d: %,8.0f messages/s; CPU a message: %4.0f us here, %4.0f us database%n",
                size, sent * 1e9 / nanos, cpu / 1e3 / sent, serverCpu / 1e3 / sent);
    }

    private List<NewMessage> batch(int size) {
        var batch = new ArrayList<NewMessage>(size);
        for (int i = 0; i < size; i++) {
            int sender = random.nextInt(PEOPLE);
            int recipient = (sender + 1 + random.nextInt(PEERS)) % PEOPLE;
            batch.add(message(people.get(sender), people.get(recipient)));
        }
        return batch;
    }

    private NewMessage message(Person sender, Person recipient) {
        var key = new UUID(random.nextLong(), random.nextLong()).toString();
        return new NewMessage(
                storage.ids().next(),
                sender,
                recipient,
                new MessageBody("Are you coming to dinner tonight? We start at " + random.nextInt(24) + " o'clock."),
                now(),
                Optional.of(new ClientKey(key)));
    }

    private void read() {
        measure("warm-up", 0, 1, 1_000);
        measure("1,000", 1, 2, 1_000);
        measure("1,000,000", 3, 4, 1_000_000);
    }

    private void measure(String size, int one, int other, int messages) {
        var alice = people.get(one);
        var bob = people.get(other);
        for (int done = 0; done < messages; done += 500) {
            var batch = new ArrayList<NewMessage>();
            for (int i = 0; i < 500; i++) {
                batch.add(message(alice, bob));
            }
            storage.messages().write(batch);
        }
        var key = ConversationKey.of(alice.id(), bob.id());
        read("newest " + PAGE + " of " + size, key, messages);
        read(
                "page " + Math.min(10_000, messages / PAGE) + " of " + size,
                key,
                Math.max(PAGE, messages - 10_000 * PAGE));
    }

    private void read(String what, ConversationKey key, long to) {
        var nanos = new ArrayList<Long>();
        long startServer = serverCpu();
        long startCpu = cpu();
        for (int i = 0; i < 4_000; i++) {
            long start = System.nanoTime();
            storage.conversations().last(key);
            var page = storage.conversations().messages(key, new MessageSeq(to - PAGE + 1), new MessageSeq(to));
            nanos.add(System.nanoTime() - start);
            if (page.size() != PAGE) {
                throw new IllegalStateException("A page of " + page.size());
            }
        }
        int count = nanos.size();
        double cpu = (cpu() - startCpu) / 1e3 / count;
        double server = (serverCpu() - startServer) / 1e3 / count;
        nanos.sort(null);
        System.out.printf(
                "read, %-26s: median %4.0f us, p99 %4.0f us; CPU: %4.0f us here, %4.0f us database%n",
                what, nanos.get(count / 2) / 1e3, nanos.get(count * 99 / 100) / 1e3, cpu, server);
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** In nanoseconds, to the hundredth of a second; 0 where there is no server, or not one of ours. */
    private long serverCpu() {
        if (!server || !TestDatabase.mariaDbIsEmbedded()) {
            return 0;
        }
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(TestDatabase.mariaDbPid()), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000_000L;
        } catch (IOException e) {
            return 0; // no Linux
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}

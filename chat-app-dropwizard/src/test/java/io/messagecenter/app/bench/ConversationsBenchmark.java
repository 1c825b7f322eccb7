package io.messagecenter.app.bench;

import io.messagecenter.app.bench.Report.Mark;
import io.messagecenter.domain.conversation.ReadMessages;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The list of somebody's conversations, at the store and over HTTP: of one who talks to many a lot, against one who has
 * said one thing to each of the same people.
 */
final class ConversationsBenchmark {
    private static final int CONVERSATIONS = 10_000;
    private static final int MESSAGES_EACH = 100;
    private static final int PAGE_SIZE = 50;
    private static final int BATCH = 1_000;
    private static final int ROUNDS = 21;
    private static final int STORE_READS = 200;
    private static final int STORE_WARM_UP_ROUNDS = 10;
    private static final double PROMISED_MILLIS = 20;
    private static final Duration FILL_AT_MOST = Duration.ofMinutes(10);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration ROUND = Duration.ofMillis(400);

    private final Storage storage;
    private final Report report;
    private final ReadMessages reads;

    private ConversationsBenchmark(Storage storage, Report report) {
        this.storage = storage;
        this.report = report;
        this.reads = new ReadMessages(storage.messages(), storage.conversations());
    }

    /** One page of a list. */
    private record Target(String name, BenchUser reader, Person person, Optional<MailboxSeq> before) {
        String path() {
            return "/api/v1/conversation/"
                    + before.map(place -> "?after=" + place.value()).orElse("");
        }
    }

    /** What was measured of one page: the median and the 99th percentile of each round, in milliseconds. */
    private record Measured(Rounds medians, Latencies all, Rounds tails) {
        Measured() {
            this(new Rounds(), new Latencies(), new Rounds());
        }
    }

    /**
     * Measures.
     *
     * @param users two, who have said nothing yet
     */
    static void run(Stage stage, List<BenchUser> users, Storage storage, Report report) throws IOException {
        var benchmark = new ConversationsBenchmark(storage, report);
        var peers = benchmark.peers();
        benchmark.fill(users.get(0), peers, MESSAGES_EACH);
        benchmark.fill(users.get(1), peers, 1);
        var first = benchmark.target("first page", users.get(0), 0);
        var middle = benchmark.target("middle page", users.get(0), CONVERSATIONS / 2);
        var last = benchmark.target("last page", users.get(0), CONVERSATIONS - PAGE_SIZE);
        var few = benchmark.target("first page of few messages", users.get(1), 0);
        var targets = List.of(first, middle, last, few);
        benchmark.promise("at the store", targets, benchmark.atStore(targets));
        benchmark.promise("over HTTP", targets, benchmark.overHttp(stage, targets));
        report.setting(String.format(
                Locale.ROOT,
                "Conversations: %,d of one user with %,d messages in all, and %,d of another with one message each; pages"
                        + " of %d; one reader, who asks again when answered; %d rounds each way, of %d ms over HTTP and of"
                        + " %,d reads at the store",
                CONVERSATIONS,
                CONVERSATIONS * MESSAGES_EACH,
                CONVERSATIONS,
                PAGE_SIZE,
                ROUNDS,
                ROUND.toMillis(),
                STORE_READS));
    }

    private List<Person> peers() {
        var peers = new ArrayList<Person>(CONVERSATIONS);
        for (int i = 0; i < CONVERSATIONS; i++) {
            var user = new NewUser(
                    new Username("peer" + i), Optional.empty(), PasswordHash.UNUSABLE, Instant.EPOCH, false);
            peers.add(storage.users().create(user).person());
        }
        return peers;
    }

    /** Round by round one message with each, so that every conversation's messages lie far apart in the mailbox. */
    private void fill(BenchUser user, List<Person> peers, int messagesEach) {
        long start = System.nanoTime();
        var person = person(user);
        long count = 0;
        for (int round = 0; round < messagesEach; round++) {
            for (int from = 0; from < peers.size(); from += BATCH) {
                if (System.nanoTime() - start > FILL_AT_MOST.toNanos()) {
                    throw new BenchmarkFailed("Filling takes too long");
                }
                var batch = new ArrayList<NewMessage>(BATCH);
                for (var peer : peers.subList(from, Math.min(peers.size(), from + BATCH))) {
                    boolean sends = round % 2 == 1;
                    batch.add(new NewMessage(
                            storage.ids().next(),
                            sends ? person : peer,
                            sends ? peer : person,
                            new MessageBody(Texts.body(count)),
                            Instant.ofEpochSecond(1_800_000_000L + count),
                            Optional.empty()));
                    count++;
                }
                storage.messages().write(batch);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (messagesEach > 1) {
            report.detail(
                    "filling 10,000 conversations",
                    String.format(
                            Locale.ROOT,
                            "%,.0f messages/s in batches of %,d, each in a conversation of its own",
                            count / seconds,
                            BATCH));
        }
    }

    private Target target(String name, BenchUser user, int skipped) {
        var person = person(user);
        Optional<MailboxSeq> before = Optional.empty();
        for (int left = skipped; left > 0; left -= BATCH) {
            var page = reads.conversations(person, before, Math.min(left, BATCH));
            before = Optional.of(page.get(page.size() - 1).latest());
        }
        return new Target(name, user, person, before);
    }

    private Map<Target, Measured> atStore(List<Target> targets) {
        for (int i = 0; i < STORE_WARM_UP_ROUNDS; i++) {
            targets.forEach(this::readAtStore);
        }
        var measured = measured(targets);
        for (int round = 0; round < ROUNDS; round++) {
            for (var target : targets) {
                add(measured.get(target), readAtStore(target));
            }
        }
        return measured;
    }

    private Latencies readAtStore(Target target) {
        var latencies = new Latencies();
        for (int i = 0; i < STORE_READS; i++) {
            long start = System.nanoTime();
            var page = reads.conversations(target.person(), target.before(), PAGE_SIZE);
            latencies.record(System.nanoTime() - start);
            if (page.size() != PAGE_SIZE) {
                throw new BenchmarkFailed("A page of " + page.size());
            }
        }
        return latencies;
    }

    private Map<Target, Measured> overHttp(Stage stage, List<Target> targets) throws IOException {
        var requests = new HttpRequests(stage.server());
        var measured = measured(targets);
        var loads = new LinkedHashMap<Target, HttpLoad>();
        try (var loop = new EventLoop()) {
            try {
                for (var target : targets) {
                    var request = requests.get(target.path(), target.reader().token());
                    loads.put(target, new HttpLoad(loop, stage.server(), List.of(request), 200));
                }
                for (var load : loads.values()) {
                    load.closed(WARM_UP, () -> true);
                }
                for (int round = 0; round < ROUNDS; round++) {
                    for (var target : targets) {
                        var result = loads.get(target).closed(ROUND, () -> true);
                        add(measured.get(target), result.latencies());
                    }
                }
            } finally {
                for (var load : loads.values()) {
                    load.close();
                }
            }
        }
        return measured;
    }

    private static Map<Target, Measured> measured(List<Target> targets) {
        var measured = new LinkedHashMap<Target, Measured>();
        targets.forEach(target -> measured.put(target, new Measured()));
        return measured;
    }

    private static void add(Measured measured, Latencies round) {
        measured.medians().add(round.millis(50));
        measured.tails().add(round.millis(99));
        measured.all().addAll(round);
    }

    private void promise(String where, List<Target> targets, Map<Target, Measured> all) {
        var first = targets.get(0);
        var few = targets.get(3);
        for (var target : targets.subList(0, 3)) {
            var measured = all.get(target);
            report.promise(
                    "`GET /conversation/`, " + target.name() + " of 10,000, 1,000,000 messages, p99, " + where,
                    Mark.AT_MOST,
                    PROMISED_MILLIS,
                    measured.all().millis(99),
                    "%.1f ms",
                    measured.tails().spread("%.1f"));
        }
        var ratio = all.get(first).medians().per(all.get(few).medians());
        report.promise(
                "`GET /conversation/`, 1,000,000 messages against 10,000, " + where,
                Mark.AT_MOST,
                1.2,
                ratio.median(),
                "%.2f×",
                ratio.spread("%.2f"));
        for (var target : targets) {
            report.detail(
                    "50 conversations " + where + ", " + target.name(),
                    String.format(
                            Locale.ROOT,
                            "median %.2f ms",
                            all.get(target).medians().median()));
        }
    }

    private Person person(BenchUser user) {
        return storage.users().find(new Username(user.name())).orElseThrow();
    }
}

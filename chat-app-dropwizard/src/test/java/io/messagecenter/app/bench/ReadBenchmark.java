package io.messagecenter.app.bench;

import io.messagecenter.app.bench.Report.Mark;
import io.messagecenter.domain.conversation.ReadMessages;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Pages of a long conversation against pages of a short one, at the store and over HTTP. */
final class ReadBenchmark {
    private static final int LONG = 1_000_000;
    private static final int SHORT = 1_000;
    private static final int FAR_PAGE = 10_000;
    private static final int PAGE_SIZE = 15;
    private static final int BATCH = 1_000;
    private static final int ROUNDS = 21;
    private static final int STORE_READS = 500;
    private static final int STORE_WARM_UP_ROUNDS = 10;
    private static final Duration FILL_AT_MOST = Duration.ofMinutes(5);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration ROUND = Duration.ofMillis(400);

    private final Storage storage;
    private final Report report;

    private ReadBenchmark(Storage storage, Report report) {
        this.storage = storage;
        this.report = report;
    }

    /** One page of a conversation. */
    private record Target(String name, BenchUser reader, BenchUser peer, long page) {
        String path() {
            return "/api/v1/message/?target=" + peer.name() + (page == 1 ? "" : "&page=" + page);
        }
    }

    /**
     * Measures.
     *
     * @param users three, who have said nothing yet
     */
    static void run(Stage stage, List<BenchUser> users, Storage storage, Report report) throws IOException {
        var benchmark = new ReadBenchmark(storage, report);
        var reader = users.get(0);
        benchmark.fill(reader, users.get(1), LONG);
        benchmark.fill(reader, users.get(2), SHORT);
        var newestOfLong = new Target("newest 15 of 1,000,000", reader, users.get(1), 1);
        var newestOfShort = new Target("newest 15 of 1,000", reader, users.get(2), 1);
        var far = new Target("page 10,000", reader, users.get(1), FAR_PAGE);
        benchmark.atStore(newestOfLong, newestOfShort, far);
        benchmark.overHttp(stage, newestOfLong, newestOfShort, far);
        report.setting(String.format(
                Locale.ROOT,
                "Reading: a conversation of %,d messages and one of %,d, appended through the store in batches of %,d;"
                        + " one reader, who asks again when answered; %d rounds each way, of %d ms over HTTP and of %,d"
                        + " reads at the store; what is compared is the median time of a read",
                LONG,
                SHORT,
                BATCH,
                ROUNDS,
                ROUND.toMillis(),
                STORE_READS));
    }

    private void fill(BenchUser one, BenchUser other, int count) {
        long start = System.nanoTime();
        var pair = List.of(person(one), person(other));
        for (int done = 0; done < count; done += BATCH) {
            if (System.nanoTime() - start > FILL_AT_MOST.toNanos()) {
                throw new BenchmarkFailed("Filling takes too long");
            }
            var batch = new ArrayList<NewMessage>(BATCH);
            for (int i = done; i < Math.min(count, done + BATCH); i++) {
                batch.add(new NewMessage(
                        storage.ids().next(),
                        pair.get(i % 2),
                        pair.get(1 - i % 2),
                        new MessageBody(Texts.body(i)),
                        Instant.ofEpochSecond(1_800_000_000L + i),
                        Optional.empty()));
            }
            storage.messages().write(batch);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (count >= LONG) {
            report.detail(
                    "filling the long conversation",
                    String.format(Locale.ROOT, "%,.0f messages/s in batches of %,d", count / seconds, BATCH));
        }
    }

    private void atStore(Target newestOfLong, Target newestOfShort, Target far) {
        var reads = new ReadMessages(storage.messages(), storage.conversations());
        for (int i = 0; i < STORE_WARM_UP_ROUNDS; i++) {
            storeMicros(reads, newestOfShort);
            storeMicros(reads, newestOfLong);
            storeMicros(reads, far);
        }
        var longs = new Rounds();
        var shorts = new Rounds();
        var fars = new Rounds();
        for (int round = 0; round < ROUNDS; round++) {
            shorts.add(storeMicros(reads, newestOfShort));
            longs.add(storeMicros(reads, newestOfLong));
            fars.add(storeMicros(reads, far));
        }
        promise("at the store", newestOfLong, newestOfShort, far, longs, shorts, fars);
    }

    private double storeMicros(ReadMessages reads, Target target) {
        var reader = person(target.reader());
        var peer = person(target.peer());
        var latencies = new Latencies();
        for (int i = 0; i < STORE_READS; i++) {
            long start = System.nanoTime();
            var page = reads.page(reader, peer, Optional.of(target.page()), PAGE_SIZE);
            latencies.record(System.nanoTime() - start);
            if (page.messages().size() != PAGE_SIZE) {
                throw new BenchmarkFailed("A page of " + page.messages().size());
            }
        }
        return 1_000 * latencies.millis(50);
    }

    private void overHttp(Stage stage, Target newestOfLong, Target newestOfShort, Target far) throws IOException {
        var requests = new HttpRequests(stage.server());
        try (var loop = new EventLoop();
                var longLoad = load(stage, loop, requests, newestOfLong);
                var shortLoad = load(stage, loop, requests, newestOfShort);
                var farLoad = load(stage, loop, requests, far)) {
            for (var load : List.of(shortLoad, longLoad, farLoad)) {
                load.closed(WARM_UP, () -> true);
            }
            var longs = new Rounds();
            var shorts = new Rounds();
            var fars = new Rounds();
            for (int round = 0; round < ROUNDS; round++) {
                shorts.add(httpMicros(shortLoad));
                longs.add(httpMicros(longLoad));
                fars.add(httpMicros(farLoad));
            }
            promise("over HTTP", newestOfLong, newestOfShort, far, longs, shorts, fars);
        }
    }

    private static HttpLoad load(Stage stage, EventLoop loop, HttpRequests requests, Target target) throws IOException {
        return new HttpLoad(
                loop,
                stage.server(),
                List.of(requests.get(target.path(), target.reader().token())),
                200);
    }

    private static double httpMicros(HttpLoad load) throws IOException {
        return 1_000 * load.closed(ROUND, () -> true).latencies().millis(50);
    }

    private void promise(
            String where,
            Target newestOfLong,
            Target newestOfShort,
            Target far,
            Rounds longs,
            Rounds shorts,
            Rounds fars) {
        ratio("`GET`, " + newestOfLong.name() + " against " + newestOfShort.name() + ", " + where, longs.per(shorts));
        ratio("`GET`, " + far.name() + " against page 1, " + where, fars.per(longs));
        report.detail(
                "reading 15 messages " + where,
                String.format(
                        Locale.ROOT,
                        "%s: %.0f µs; %s: %.0f µs; %s: %.0f µs",
                        newestOfShort.name(),
                        shorts.median(),
                        newestOfLong.name(),
                        longs.median(),
                        far.name(),
                        fars.median()));
    }

    private void ratio(String what, Rounds ratio) {
        report.promise(what, Mark.AT_MOST, 1.2, ratio.median(), "%.2f×", ratio.spread("%.2f"));
    }

    private Person person(BenchUser user) {
        return storage.users().find(new Username(user.name())).orElseThrow();
    }
}

package io.messagecenter.app.bench;

import io.messagecenter.app.bench.Report.Mark;
import io.messagecenter.domain.commit.GroupCommit;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.search.SearchIndexer;
import io.messagecenter.domain.search.SearchMessages;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.send.MessagePolicy;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.send.WriteQueue;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** Searches among a million messages, of one person and of many; and what indexing costs those who send. */
final class SearchBenchmark {
    private static final int MESSAGES = 1_000_000;
    private static final int PEOPLE = 1_000;
    private static final int PEERS = 20;
    private static final int BATCH = 1_000;
    private static final int CALLERS = 128;
    private static final int ROUNDS = 5;
    private static final int SEARCHES = 300;
    private static final int PAGE = 16;
    private static final int VOCABULARY = 20_000;
    private static final int WORDS = 8;
    private static final int RARE = 200_000;
    private static final int LONG_MESSAGES = 1_000;
    private static final int LONG_TEXT = 10_000;
    private static final int LONG_SEARCHES = 10;
    private static final int CROWDED_MESSAGES = 1_000;
    private static final int CROWDED_SEARCHES = 100;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final Duration FILL_AT_MOST = Duration.ofMinutes(10);

    /** What is searched for; the words of each are likely, so many in a hundred messages have them. */
    private static final Map<String, String> QUERIES = queries();

    private final Storage storage;
    private final Report report;
    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Person> people = new ArrayList<>();

    private SearchBenchmark(Storage storage, Report report) {
        this.storage = storage;
        this.report = report;
    }

    private static Map<String, String> queries() {
        var queries = new LinkedHashMap<String, String>();
        queries.put("a word of every second message", "word1 ");
        queries.put("two common words", "word1 word2");
        queries.put("the beginning of a word", "word1 word20");
        queries.put("a rare word", "needle");
        queries.put("a rare word and a beginning", "needle w");
        queries.put("two words that never come together", "leftish rightish");
        return queries;
    }

    static void run(Storage storage, Report report) throws InterruptedException {
        new SearchBenchmark(storage, report).measure();
    }

    private void measure() throws InterruptedException {
        for (int i = 0; i < PEOPLE; i++) {
            people.add(person("searcher" + i));
        }
        var one = person("searcher");
        fill(i -> List.of(one, people.get(i % PEOPLE)));
        costOfIndexing();
        catchUp(List.of(one));
        searches("one person's 1,000,000 messages", List.of(one));
        fill(i -> {
            int sender = random.nextInt(PEOPLE);
            return List.of(people.get(sender), people.get((sender + 1 + random.nextInt(PEERS)) % PEOPLE));
        });
        catchUp(people);
        searches("1,000,000 messages of 1,000 people", people);
        longMessages();
        crowdedMessages();
        report.setting(String.format(
                Locale.ROOT,
                "Searching: messages of %d words, as often as in a language, of %,d; pages of %d, at the store; %d searches"
                        + " of each kind, all messages indexed but those that do not fill a block. Sending beside it: %d"
                        + " callers as for `append`, %d rounds of %d s each way, with a million messages to index",
                WORDS,
                VOCABULARY,
                PAGE,
                SEARCHES,
                CALLERS,
                ROUNDS,
                ROUND.toSeconds()));
    }

    /** What somebody sees to whom others have sent a thousand texts as long as they may be, before and after they are indexed. */
    private void longMessages() {
        var reader = person("reader");
        var writer = person("writer");
        write(1, i -> List.of(writer, reader), i -> "needle");
        write(LONG_MESSAGES, i -> List.of(writer, reader), this::longText);
        longSearches("in 1,000 Chinese texts of 10,000 letters, not indexed", "needle", reader, LONG_SEARCHES);
        catchUp(List.of(reader));
        longSearches("in 1,000 Chinese texts of 10,000 letters, indexed", "needle", reader, LONG_SEARCHES);
        write(LONG_MESSAGES, i -> List.of(writer, reader), i -> "\uFDFA".repeat(LONG_TEXT));
        longSearches(
                "in 1,000 Chinese texts of 10,000 letters, of letters that stand for eighteen, not indexed",
                "needle",
                reader,
                LONG_SEARCHES);
    }

    /** What somebody looks for to whom others have sent what it takes to make that long: once it is there, at the very end. */
    private void crowdedMessages() {
        var reader = person("crowded");
        var writer = person("crowd");
        write(1, i -> List.of(writer, reader), i -> "hello \u6771, dear");
        write(CROWDED_MESSAGES, i -> List.of(writer, reader), this::crowdedText);
        catchUp(List.of(reader));
        longSearches(
                "for a word and a single letter of every block that never meet, in long Chinese texts",
                "hello \u6771",
                reader,
                CROWDED_SEARCHES);
        longSearches(
                "for a word and the beginning of thousands of every block that never meet, in long texts",
                "hello d",
                reader,
                LONG_SEARCHES);
    }

    /** Every second one is short; the others have a letter beside all others, or words that all begin alike. */
    private String crowdedText(int number) {
        if (number % 2 == 0) {
            return "hello " + number;
        }
        var text = new StringBuilder(LONG_TEXT);
        while (text.length() < LONG_TEXT - 5) {
            if (number % 4 == 1) {
                text.append('\u6771').append((char) random.nextInt(0x6772, 0x9FA0));
            } else {
                text.append('d')
                        .append(Integer.toString(random.nextInt(36 * 36, 36 * 36 * 36), 36))
                        .append(' ');
            }
        }
        return text.toString();
    }

    /** The letters of a language, and pairs of them, some of them often and most seldom. */
    private String longText(int number) {
        var text = new StringBuilder(LONG_TEXT);
        while (text.length() < LONG_TEXT) {
            text.append((char) (0x4E00 + (int) Math.pow(6_000, random.nextDouble())));
        }
        return text.toString();
    }

    private void longSearches(String which, String words, Person reader, int times) {
        var query = SearchQuery.of(words);
        var search = new SearchMessages(storage.search(), user -> {});
        var latencies = new Latencies();
        double pages = 0;
        for (int i = 0; i < times; i++) {
            var before = Optional.<MessageId>empty();
            var found = new ArrayList<Message>();
            do {
                var command = new SearchMessages.Command(reader, query, Optional.empty(), before, PAGE);
                long start = System.nanoTime();
                var page = search.search(command);
                latencies.record(System.nanoTime() - start);
                found.addAll(page.messages());
                before = page.next();
                pages++;
            } while (before.isPresent());
            if (found.size() != 1) {
                throw new BenchmarkFailed("Found " + found.size());
            }
        }
        report.promise(
                "a page of a search " + which + ": p99",
                Mark.AT_MOST,
                100,
                latencies.millis(99),
                "%.1f ms",
                String.format(
                        Locale.ROOT,
                        "p50 %.1f, most %.1f; %.0f pages to see all",
                        latencies.millis(50),
                        latencies.millis(100),
                        pages / times));
    }

    private Person person(String name) {
        return storage.users()
                .create(new NewUser(
                        new Username(name),
                        Optional.empty(),
                        PasswordHash.UNUSABLE,
                        Instant.ofEpochSecond(1_800_000_000),
                        false))
                .person();
    }

    /** The words of a language: the second is half as frequent as the first, the third a third. */
    private String text(int number) {
        var text = new StringJoiner(" ");
        for (int i = 0; i < WORDS; i++) {
            text.add("word" + (int) Math.pow(VOCABULARY, random.nextDouble()));
        }
        if (number % RARE == RARE / 2) {
            text.add("needle");
        }
        if (number % 10 < 2) {
            text.add(number % 10 == 0 ? "leftish" : "rightish");
        }
        return text.toString();
    }

    private void fill(IntFunction<List<Person>> pairs) {
        write(MESSAGES, pairs, this::text);
    }

    private void write(int count, IntFunction<List<Person>> pairs, IntFunction<String> text) {
        long start = System.nanoTime();
        for (int done = 0; done < count; done += BATCH) {
            if (System.nanoTime() - start > FILL_AT_MOST.toNanos()) {
                throw new BenchmarkFailed("Filling takes too long");
            }
            var batch = new ArrayList<NewMessage>(BATCH);
            for (int i = done; i < Math.min(count, done + BATCH); i++) {
                var pair = pairs.apply(i);
                batch.add(new NewMessage(
                        storage.ids().next(),
                        pair.get(i % 2),
                        pair.get(1 - i % 2),
                        new MessageBody(text.apply(i)),
                        Instant.ofEpochSecond(1_800_000_000L + i),
                        Optional.empty()));
            }
            storage.messages().write(batch);
        }
    }

    private void costOfIndexing() throws InterruptedException {
        var senders = new ArrayList<Person>();
        for (int i = 0; i < CALLERS; i++) {
            senders.add(person("sender" + i));
        }
        var callers = new Callers(senders);
        send(callers, false, WARM_UP);
        send(callers, true, WARM_UP);
        var without = new Rounds();
        var with = new Rounds();
        for (int round = 0; round < ROUNDS; round++) {
            without.add(send(callers, false, ROUND));
            with.add(send(callers, true, ROUND));
        }
        var ratio = with.per(without);
        report.promise(
                "sending while a million messages are indexed: share of the rate without",
                Mark.AT_LEAST,
                95,
                100 * ratio.median(),
                "%.0f %%",
                ratio.spread("%.2f") + " of 1");
        report.detail(
                "sending by " + CALLERS + " callers",
                String.format(
                        Locale.ROOT,
                        "%,.0f messages/s with the indexer (%s), %,.0f without (%s)",
                        with.median(),
                        with.spread("%,.0f"),
                        without.median(),
                        without.spread("%,.0f")));
    }

    private double send(Callers callers, boolean indexing, Duration time) throws InterruptedException {
        var thread = Executors.newSingleThreadScheduledExecutor();
        try (var notifier = new InMemoryNotifier();
                var queue = new WriteQueue(
                        storage.messages(), notifier, Clock.systemUTC(), GroupCommit.Limits.DEFAULT, Telemetry.NONE)) {
            var send = new SendMessage(
                    storage.users(), storage.messages(), storage.ids(), MessagePolicy.OPEN, 10_000, queue);
            if (!indexing) {
                return callers.run(send, time);
            }
            var blocks = new AtomicLong();
            var telemetry = new Telemetry() {
                @Override
                public void indexed(Duration took) {
                    blocks.incrementAndGet();
                }
            };
            try (var indexer = new SearchIndexer(storage.search(), queue::written, telemetry, thread)) {
                double rate = callers.run(send, time);
                if (blocks.get() == 0) {
                    throw new BenchmarkFailed("Nothing was indexed; behind are " + indexer.behind());
                }
                return rate;
            }
        } finally {
            thread.shutdownNow();
        }
    }

    private void catchUp(List<Person> whom) {
        long start = System.nanoTime();
        long blocks = 0;
        for (var person : whom) {
            while (storage.search().advance(person.id())) {
                blocks++;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        report.detail(
                "indexing without a rest, of " + (whom.size() == 1 ? "one person" : "many people"),
                String.format(
                        Locale.ROOT,
                        "%,d blocks in %.0f s, %.1f ms each",
                        blocks,
                        seconds,
                        1_000 * seconds / Math.max(1, blocks)));
    }

    private void searches(String shape, List<Person> readers) {
        var search = new SearchMessages(storage.search(), user -> {});
        var worst = new Latencies();
        double worstMillis = 0;
        var each = new StringJoiner("; ");
        for (var query : QUERIES.entrySet()) {
            search(search, readers, query.getValue());
            var latencies = search(search, readers, query.getValue());
            each.add(String.format(
                    Locale.ROOT, "%s: p50 %.1f, p99 %.1f", query.getKey(), latencies.millis(50), latencies.millis(99)));
            if (latencies.millis(99) > worstMillis) {
                worstMillis = latencies.millis(99);
                worst = latencies;
            }
        }
        report.promise(
                "search in " + shape + ": p99 of the slowest kind",
                Mark.AT_MOST,
                100,
                worstMillis,
                "%.1f ms",
                String.format(Locale.ROOT, "p50 %.1f, most %.1f", worst.millis(50), worst.millis(100)));
        report.detail("search in " + shape + ", in ms", each.toString());
    }

    private Latencies search(SearchMessages search, List<Person> readers, String typed) {
        var latencies = new Latencies();
        var query = SearchQuery.of(typed);
        for (int i = 0; i < SEARCHES; i++) {
            var reader = readers.get(random.nextInt(readers.size()));
            var command = new SearchMessages.Command(reader, query, Optional.empty(), Optional.empty(), PAGE);
            long start = System.nanoTime();
            int found = search.search(command).messages().size();
            latencies.record(System.nanoTime() - start);
            if (found < PAGE && typed.startsWith("word")) {
                throw new BenchmarkFailed("Found " + found + " of " + typed);
            }
        }
        return latencies;
    }
}

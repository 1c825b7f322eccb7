package io.messagecenter.app.bench;

import io.messagecenter.app.bench.Report.Mark;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** {@code POST /message/} from end to end, against an endpoint that does nothing; then its latency at half that rate. */
final class PostBenchmark {
    /** So many messages at most in one run, for which the time of departure is remembered. */
    private static final int MOST = 1 << 20;

    private static final int ROUNDS = 5;
    private static final Duration WARM_UP_AT_MOST = Duration.ofSeconds(60);
    private static final Duration WARM_UP_ROUND = Duration.ofSeconds(2);
    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final Duration AT_HALF_RATE_WARM_UP = Duration.ofSeconds(3);
    private static final Duration AT_HALF_RATE = Duration.ofSeconds(20);
    private static final int CREATED = 201;
    private static final int OK = 200;

    private final Stage stage;
    private final EventLoop loop;
    private final ChatSockets chat;
    private final HttpLoad posts;
    private final HttpLoad empties;

    private PostBenchmark(Stage stage, EventLoop loop, ChatSockets chat, HttpLoad posts, HttpLoad empties) {
        this.stage = stage;
        this.loop = loop;
        this.chat = chat;
        this.posts = posts;
        this.empties = empties;
    }

    static void run(Stage stage, Report report) throws IOException {
        var requests = new HttpRequests(stage.server());
        var post = IntStream.range(0, stage.users().size())
                .mapToObj(i -> requests.post(
                        "/api/v1/message/",
                        stage.users().get(i).token(),
                        Texts.message(stage.peer(i).name())))
                .toList();
        var empty = stage.users().stream()
                .map(user -> requests.post(EmptyResource.PATH, user.token(), "{}"))
                .toList();
        try (var loop = new EventLoop();
                var chat = new ChatSockets(loop, stage.server(), stage.users());
                var posts = new HttpLoad(loop, stage.server(), post, CREATED);
                var empties = new HttpLoad(loop, stage.server(), empty, OK)) {
            var benchmark = new PostBenchmark(stage, loop, chat, posts, empties);
            double rate = benchmark.rates(report);
            benchmark.latency(rate / 2, report);
        }
    }

    private double rates(Report report) throws IOException {
        var warmUp = new WarmUp(stage.cpu().servicePid(), WARM_UP_AT_MOST).run(() -> {
            empties.closed(WARM_UP_ROUND, () -> true);
            posts.closed(WARM_UP_ROUND, settled());
        });
        report.detail("warming up `POST /message/` and the empty endpoint", warmUp);
        var postRate = new Rounds();
        var emptyRate = new Rounds();
        var postCpu = new Cpu(0, 0, 0);
        var emptyCpu = new Cpu(0, 0, 0);
        long posted = 0;
        long emptied = 0;
        var p99 = new Rounds();
        for (int round = 0; round < ROUNDS; round++) {
            var start = stage.cpu().read();
            var empty = empties.closed(ROUND, () -> true);
            var between = stage.cpu().read();
            var post = posts.closed(ROUND, settled());
            postCpu = postCpu.plus(stage.cpu().read().since(between));
            emptyCpu = emptyCpu.plus(between.since(start));
            posted += post.answers();
            emptied += empty.answers();
            emptyRate.add(empty.perSecond());
            postRate.add(post.perSecond());
            p99.add(post.latencies().millis(99));
        }
        var share = postRate.per(emptyRate);
        var connections = stage.users().size();
        report.promise(
                "`POST /message/`, " + connections + " connections: share of an empty endpoint's rate",
                Mark.AT_LEAST,
                60,
                100 * share.median(),
                "%.0f %%",
                String.format(Locale.ROOT, "%s of 1", share.spread("%.2f")));
        report.promise(
                "`POST /message/`, " + connections + " connections: messages a second",
                Mark.AT_LEAST,
                1_600,
                postRate.median(),
                "%,.0f/s",
                postRate.spread("%,.0f"));
        report.detail(
                "empty endpoint",
                String.format(Locale.ROOT, "%,.0f requests/s (%s)", emptyRate.median(), emptyRate.spread("%,.0f")));
        report.detail("processor time of an empty request", emptyCpu.eachInWords(emptied));
        report.detail("processor time of a `POST /message/`", postCpu.eachInWords(posted));
        report.detail(
                "99th percentile of a `POST /message/` at full rate",
                String.format(Locale.ROOT, "%.1f ms (%s)", p99.median(), p99.spread("%.1f")));
        report.setting("`POST /message/`: " + connections
                + " keep-alive connections, one user each, in pairs that write"
                + " to each other; each user has a WebSocket open; bodies of 64 characters, each with a `client_id`; "
                + ROUNDS + " rounds of " + ROUND.toSeconds() + " s each way. The empty endpoint takes and answers `{}`,"
                + " as JSON, in the same server, without sign-in.");
        return postRate.median();
    }

    private void latency(double rate, Report report) {
        posts.open(rate, AT_HALF_RATE_WARM_UP, settled());
        var toRecipient = new Latencies();
        var sender = new int[MOST];
        var scheduled = new long[MOST];
        posts.onSend((connection, number, due) -> {
            sender[(int) (number % MOST)] = connection;
            scheduled[(int) (number % MOST)] = due;
        });
        chat.listen(new ChatSockets.Listener() {
            @Override
            public void event(int socket, long number) {
                int slot = (int) (number % MOST);
                if (socket == Stage.peerOf(sender[slot])) {
                    toRecipient.record(System.nanoTime() - scheduled[slot]);
                }
            }
        });
        var result = posts.open(rate, AT_HALF_RATE, settled());
        if (toRecipient.count() != result.answers()) {
            throw new BenchmarkFailed(toRecipient.count() + " of " + result.answers() + " recipients were told");
        }
        report.promise(
                String.format(Locale.ROOT, "p99 from the start of a POST to the recipient's frame, at %,.0f/s", rate),
                Mark.AT_MOST,
                50,
                toRecipient.millis(99),
                "%.1f ms",
                String.format(
                        Locale.ROOT,
                        "p50 %.1f, p99.9 %.1f, most %.1f",
                        toRecipient.millis(50),
                        toRecipient.millis(99.9),
                        toRecipient.millis(100)));
        report.detail(
                "from the start of a POST to its answer, at that rate",
                String.format(
                        Locale.ROOT,
                        "p50 %.1f ms, p99 %.1f ms",
                        result.latencies().millis(50),
                        result.latencies().millis(99)));
        report.setting("p99: the same, at half of the rate measured before, for " + AT_HALF_RATE.toSeconds() + " s");
    }

    /** Each post is in both sides' sockets. */
    private BooleanSupplier settled() {
        long before = chat.events() - 2 * posts.sent();
        return () -> chat.events() == before + 2 * posts.sent();
    }
}

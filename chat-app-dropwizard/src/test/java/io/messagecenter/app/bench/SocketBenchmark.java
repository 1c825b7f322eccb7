package io.messagecenter.app.bench;

import io.messagecenter.app.bench.Report.Mark;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

/** {@code send} over the WebSocket: acknowledged, durable, both sides told. */
final class SocketBenchmark {
    private static final int WINDOW = 8;
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration WARM_UP_AT_MOST = Duration.ofSeconds(40);
    private static final Duration WARM_UP_ROUND = Duration.ofSeconds(3);
    private static final Duration ROUND = Duration.ofSeconds(5);

    private SocketBenchmark() {}

    static void run(Stage stage, Report report) throws IOException {
        int count = stage.users().size();
        var frames = IntStream.range(0, count)
                .mapToObj(i -> new NumberedText(Texts.sendFrame(stage.peer(i).name())))
                .toList();
        try (var loop = new EventLoop();
                var chat = new ChatSockets(loop, stage.server(), stage.users())) {
            var load = new SocketLoad(loop, chat, frames, WINDOW, 2, PATIENCE);
            var warmUp = new WarmUp(stage.cpu().servicePid(), WARM_UP_AT_MOST).run(() -> load.run(WARM_UP_ROUND));
            report.detail("warming up the WebSocket `send`", warmUp);
            var rate = new Rounds();
            var cpu = new Rounds();
            var p99 = new Rounds();
            var total = new Cpu(0, 0, 0);
            long sent = 0;
            for (int round = 0; round < ROUNDS; round++) {
                var before = stage.cpu().read();
                var result = load.run(ROUND);
                var used = stage.cpu().read().since(before);
                total = total.plus(used);
                sent += result.acknowledged();
                rate.add(result.perSecond());
                cpu.add(used.each(result.acknowledged()));
                p99.add(result.latencies().millis(99));
            }
            report.promise(
                    "WebSocket `send`, " + count + " sockets: messages a second",
                    Mark.AT_LEAST,
                    5_000,
                    rate.median(),
                    "%,.0f/s",
                    rate.spread("%,.0f"));
            report.promise(
                    "WebSocket `send`: processor time of service and database a message",
                    Mark.AT_MOST,
                    0.4,
                    cpu.median(),
                    "%.3f ms",
                    cpu.spread("%.3f"));
            report.detail("processor time of a WebSocket `send`", total.eachInWords(sent));
            report.detail(
                    "99th percentile from `send` to `ack` at full rate",
                    String.format(Locale.ROOT, "%.0f ms (%s)", p99.median(), p99.spread("%.0f")));
            report.setting("WebSocket `send`: " + count + " sockets, one user each, in pairs that write to each other,"
                    + " each with " + WINDOW + " messages on their way; " + ROUNDS + " rounds of " + ROUND.toSeconds()
                    + " s");
        }
    }
}

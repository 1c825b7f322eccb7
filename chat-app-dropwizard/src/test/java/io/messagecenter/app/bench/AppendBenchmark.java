package io.messagecenter.app.bench;

import io.messagecenter.app.bench.Report.Mark;
import io.messagecenter.domain.commit.GroupCommit;
import io.messagecenter.domain.memory.InMemoryNotifier;
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
import java.util.Optional;
import java.util.stream.IntStream;

/** Group commit against the same calls in batches of one, in this process, on the real store. */
final class AppendBenchmark {
    private static final int CALLERS = 128;
    private static final int ROUNDS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final GroupCommit.Limits ONE_BY_ONE = new GroupCommit.Limits(1, GroupCommit.Limits.DEFAULT.queue());

    private AppendBenchmark() {}

    static void run(Storage storage, Report report) throws InterruptedException {
        var people = IntStream.range(0, CALLERS)
                .mapToObj(i -> person(storage, "caller" + i))
                .toList();
        var callers = new Callers(people);
        measure(callers, storage, ONE_BY_ONE, WARM_UP);
        measure(callers, storage, GroupCommit.Limits.DEFAULT, WARM_UP);
        var single = new Rounds();
        var grouped = new Rounds();
        for (int round = 0; round < ROUNDS; round++) {
            single.add(measure(callers, storage, ONE_BY_ONE, ROUND));
            grouped.add(measure(callers, storage, GroupCommit.Limits.DEFAULT, ROUND));
        }
        var ratio = grouped.per(single);
        report.promise(
                "`append` by " + CALLERS + " callers: group commit against batches of one",
                Mark.AT_LEAST,
                8,
                ratio.median(),
                "%.1f×",
                ratio.spread("%.1f"));
        report.detail("`append`, group commit", text(grouped));
        report.detail("`append`, batches of one", text(single));
        report.setting("`append`: " + CALLERS + " concurrent callers of the domain's `SendMessage` in the load"
                + " generator's process, each with one message on its way; " + ROUNDS + " rounds of "
                + ROUND.toSeconds() + " s each way; at most " + GroupCommit.Limits.DEFAULT.batch()
                + " messages in a batch against 1");
    }

    private static double measure(Callers callers, Storage storage, GroupCommit.Limits limits, Duration time)
            throws InterruptedException {
        try (var notifier = new InMemoryNotifier();
                var queue = new WriteQueue(storage.messages(), notifier, Clock.systemUTC(), limits, Telemetry.NONE)) {
            var send = new SendMessage(
                    storage.users(), storage.messages(), storage.ids(), MessagePolicy.OPEN, 10_000, queue);
            return callers.run(send, time);
        }
    }

    private static Person person(Storage storage, String name) {
        return storage.users()
                .create(new NewUser(
                        new Username(name),
                        Optional.empty(),
                        PasswordHash.UNUSABLE,
                        Instant.ofEpochSecond(1_800_000_000),
                        false))
                .person();
    }

    private static String text(Rounds rounds) {
        return String.format("%,.0f messages/s (%s)", rounds.median(), rounds.spread("%,.0f"));
    }
}

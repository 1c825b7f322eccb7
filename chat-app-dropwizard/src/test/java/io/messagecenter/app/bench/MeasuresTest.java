package io.messagecenter.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    @Test
    void aPercentileIsWhatThatShareOfAllTookAtMost() {
        var latencies = new Latencies();
        for (int i = 1; i <= 1_000; i++) {
            latencies.record(Duration.ofMillis(i).toNanos());
        }

        assertThat(latencies.count()).isEqualTo(1_000);
        assertThat(latencies.millis(50)).isCloseTo(500, within(1.0));
        assertThat(latencies.millis(99)).isCloseTo(990, within(1.0));
        assertThat(latencies.millis(100)).isCloseTo(1_000, within(1.0));
    }

    @Test
    void whatTakesLongerThanAMinuteCountsAsAMinute() {
        var latencies = new Latencies();
        latencies.record(Duration.ofHours(1).toNanos());

        assertThat(latencies.millis(100)).isCloseTo(60_000, within(100.0));
    }

    @Test
    void theScheduleDoesNotMoveWhenItsUserIsLate() {
        var pace = new Pace(1_000, 5_000_000_000L);

        assertThat(pace.isDue(4_999_999_999L)).isFalse();
        assertThat(pace.take()).isEqualTo(5_000_000_000L);
        assertThat(pace.isDue(5_000_500_000L)).isFalse();
        // Somebody comes three milliseconds late: what was due in the meantime keeps its time.
        assertThat(pace.isDue(5_004_000_000L)).isTrue();
        assertThat(pace.take()).isEqualTo(5_001_000_000L);
        assertThat(pace.take()).isEqualTo(5_002_000_000L);
        assertThat(pace.due()).isEqualTo(5_003_000_000L);
    }

    @Test
    void aScheduleIsExactInTheLongRun() {
        var pace = new Pace(3, 0);
        for (int i = 0; i < 300; i++) {
            pace.take();
        }

        assertThat(pace.due()).isEqualTo(100_000_000_000L);
    }

    @Test
    void processorTimeIsUserAndSystemTogetherWhateverTheProcessIsCalled() {
        assertThat(ProcessCpu.millisIn("12 (a (b) c) S 1 12 12 0 -1 4194560 1 2 3 4 150 25 7 8 20 0 9 0 100"))
                .isEqualTo(1_750);
    }

    @Test
    void theThreadsOfAProcessAreFoundByName() throws Exception {
        var threads = ProcessCpu.threadMillis(ProcessHandle.current().pid(), "C[12] CompilerThre.*");

        assertThat(threads).isNotEmpty().allSatisfy((id, millis) -> {
            assertThat(id).isPositive();
            assertThat(millis).isNotNegative();
        });
        assertThat(ProcessCpu.threadMillis(ProcessHandle.current().pid(), "nobody"))
                .isEmpty();
        assertThat(ProcessCpu.nameIn("12 (a (b) c) S 1")).isEqualTo("a (b) c");
    }

    @Test
    void aWarmUpEndsOnceTheCompilersRestAndInAnyCaseInTime() throws Exception {
        var windows = new AtomicInteger();
        var rested = new WarmUp(ProcessHandle.current().pid(), Duration.ofMinutes(5)).run(windows::incrementAndGet);

        assertThat(windows.get()).isGreaterThanOrEqualTo(2);
        assertThat(rested).contains("of the service's time");

        windows.set(0);
        new WarmUp(ProcessHandle.current().pid(), Duration.ofNanos(1)).run(windows::incrementAndGet);
        assertThat(windows.get()).isLessThanOrEqualTo(1);
    }

    @Test
    void workAddsToTheProcessorTimeOfThisProcess() throws Exception {
        long pid = ProcessHandle.current().pid();
        long before = ProcessCpu.millis(pid);

        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofNanos(1))
                .atMost(Duration.ofSeconds(30))
                .until(() -> ProcessCpu.millis(pid) >= before + 50);
    }

    @Test
    void aFeedThatGoesOnOneByOneIsRight() {
        var feed = new FeedCheck("alice", 41);
        feed.accept(42);
        feed.accept(43);

        assertThat(feed.last()).isEqualTo(43);
    }

    @Test
    void aGapInAFeedFailsTheBenchmark() {
        var feed = new FeedCheck("alice", 41);
        feed.accept(42);

        assertThatThrownBy(() -> feed.accept(44))
                .isInstanceOf(BenchmarkFailed.class)
                .hasMessage("The feed of alice has event 44 after 42");
    }

    @Test
    void aRepeatInAFeedFailsTheBenchmark() {
        var feed = new FeedCheck("alice", 41);
        feed.accept(42);

        assertThatThrownBy(() -> feed.accept(42)).isInstanceOf(BenchmarkFailed.class);
    }

    @Test
    void aNumberStandsInEachOfItsPlaces() {
        var text = new NumberedText("{\"id\":\"##########\",\"body\":\"########## hello\"}");

        assertThat(new String(text.with(1_234_567_890L), StandardCharsets.US_ASCII))
                .isEqualTo("{\"id\":\"1234567890\",\"body\":\"1234567890 hello\"}");
        assertThat(new String(text.with(7), StandardCharsets.US_ASCII))
                .isEqualTo("{\"id\":\"0000000007\",\"body\":\"0000000007 hello\"}");
    }
}

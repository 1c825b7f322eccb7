package io.messagecenter.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.messagecenter.app.bench.Report.Mark;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Machine MACHINE = new Machine(
            LocalDate.of(2026, 11, 22), "A processor", 2, "8.0 GiB", "Linux", "1 ms", "JVM 17", "MariaDB 11", "abc");

    @Test
    void aPromiseThatIsKeptIsMetAlsoAtItsMark() {
        var report = new Report();
        report.promise("rate", Mark.AT_LEAST, 1_600, 1_600, "%,.0f/s", "1,500 – 1,700");
        report.promise("time", Mark.AT_MOST, 50, 12.34, "%.1f ms", "p50 2");

        assertThat(report.table())
                .contains("| rate | ≥ 1,600/s | 1,600/s | met | 1,500 – 1,700 |")
                .contains("| time | ≤ 50.0 ms | 12.3 ms | met | p50 2 |");
    }

    @Test
    void aPromiseThatIsNotKeptIsMissedAndSaysSo() {
        var report = new Report();
        report.promise("rate", Mark.AT_LEAST, 1_600, 1_599.9, "%,.0f/s", "");
        report.promise("time", Mark.AT_MOST, 50, 50.1, "%.1f ms", "");

        assertThat(report.table())
                .contains("| rate | ≥ 1,600/s | 1,600/s | **MISSED** |")
                .contains("| time | ≤ 50.0 ms | 50.1 ms | **MISSED** |");
    }

    @Test
    void theDocumentHasResultsDetailsMachineAndSettings() {
        var report = new Report();
        report.promise("rate", Mark.AT_LEAST, 1, 2, "%.0f", "");
        report.detail("processor time", "3 ms");
        report.setting("64 connections");

        assertThat(report.markdown(MACHINE).lines())
                .contains(
                        "| rate | ≥ 1 | 2 | met |  |",
                        "| processor time | 3 ms |",
                        "- 64 connections",
                        "- Measured on 2026-11-22, at revision abc",
                        "- A processor, 2 cores, 8.0 GiB of memory");
    }

    @Test
    void theMachineIsDescribedWithoutWhereItsFilesAre(@TempDir Path directory) throws Exception {
        var lines = String.join("\n", Machine.here("MariaDB 11.4", directory).lines());

        assertThat(lines).contains("cores", "GiB of memory", "fsync", "MariaDB 11.4", "revision");
        assertThat(lines)
                .doesNotContain(
                        directory.toString(), System.getProperty("user.dir"), System.getProperty("user.home") + "/");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theMedianOfRoundsIsTheMiddleOneOrBetweenTheTwoInTheMiddle() {
        assertThat(rounds(5, 1, 9).median()).isEqualTo(5);
        assertThat(rounds(4, 1, 9, 2).median()).isEqualTo(3);
        assertThat(rounds(5, 1, 9).spread("%.0f")).isEqualTo("1 – 9");
    }

    @Test
    void aRatioOfRoundsComparesEachWithItsNeighbour() {
        var ratio = rounds(10, 30, 8).per(rounds(1, 2, 4));

        assertThat(ratio.median()).isCloseTo(10, within(1e-9));
        assertThat(ratio.spread("%.0f")).isEqualTo("2 – 15");
    }

    @Test
    void processorTimeIsSharedOutOverWhatWasDone() {
        var used = new Cpu(1_300, 700, 250).since(new Cpu(300, 200, 50)).plus(new Cpu(0, 0, 0));

        assertThat(used).isEqualTo(new Cpu(1_000, 500, 200));
        assertThat(used.each(10_000)).isCloseTo(0.15, within(1e-9));
        assertThat(used.eachInWords(10_000)).isEqualTo("service 0.100 ms, database 0.050 ms, load generator 0.020 ms");
    }

    private static Rounds rounds(double... values) {
        var rounds = new Rounds();
        for (double value : values) {
            rounds.add(value);
        }
        return rounds;
    }
}

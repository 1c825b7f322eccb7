package io.messagecenter.app.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the figures were measured on, and with; nothing of where its files are. */
record Machine(
        LocalDate date,
        String cpu,
        int cores,
        String memory,
        String kernel,
        String fsync,
        String jdk,
        String database,
        String revision) {
    private static final int FSYNCS = 200;

    /**
     * Looks around.
     *
     * @param database its name and version
     * @param disk a directory on the disk that the database uses
     */
    static Machine here(String database, Path disk) throws IOException, InterruptedException {
        return new Machine(
                LocalDate.now(ZoneOffset.UTC),
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                gigabytes(field("/proc/meminfo", "MemTotal")),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                fsync(disk),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                database,
                currentRevision());
    }

    List<String> lines() {
        return List.of(
                "- Measured on " + date + ", at revision " + revision,
                "- " + cpu + ", " + cores + " cores, " + memory + " of memory",
                "- " + kernel + "; one write of 4 KiB with fsync takes " + fsync,
                "- " + jdk,
                "- " + database);
    }

    private static String field(String file, String name) throws IOException {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String gigabytes(String kilobytes) {
        return kilobytes.endsWith(" kB")
                ? String.format(
                        Locale.ROOT,
                        "%.1f GiB",
                        Long.parseLong(kilobytes.substring(0, kilobytes.length() - 3)) / 1048576.0)
                : kilobytes;
    }

    private static String fsync(Path disk) throws IOException {
        var file = Files.createTempFile(disk, "fsync", ".tmp");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var latencies = new Latencies();
            for (int i = 0; i < FSYNCS; i++) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.allocate(4_096));
                channel.force(false);
                latencies.record(System.nanoTime() - start);
            }
            return String.format(
                    Locale.ROOT,
                    "%.2f ms (median; 99th percentile %.2f ms)",
                    latencies.millis(50),
                    latencies.millis(99));
        } finally {
            Files.delete(file);
        }
    }

    private static String currentRevision() throws IOException, InterruptedException {
        var head = git("rev-parse", "--short=10", "HEAD");
        var changes = git("status", "--porcelain", "--untracked-files=no", "--", ":/", ":!/docs/benchmarks.md");
        return (head.isEmpty() ? "unknown" : head) + (changes.isEmpty() ? "" : ", with changes");
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output.strip() : "";
    }
}

package io.messagecenter.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The processor time of a Linux process, as the kernel counts it: user and system, all threads, past ones included. */
final class ProcessCpu {
    /** USER_HZ, which is the same on every Linux that a JVM runs on: the kernel's interface fixes it. */
    private static final int TICK_MILLIS = 10;

    private static final int USER_TIME = 11;

    private ProcessCpu() {}

    /** Milliseconds so far, exact to a tick of 10. */
    static long millis(long pid) throws IOException {
        return millisIn(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /**
     * Likewise for each of its threads now whose name, which the kernel cuts off after 15 characters, matches; by the
     * threads' ids.
     */
    static Map<Long, Long> threadMillis(long pid, String nameRegex) throws IOException {
        var millis = new HashMap<Long, Long>();
        try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (var thread : threads) {
                try {
                    var stat = Files.readString(thread.resolve("stat"));
                    if (nameIn(stat).matches(nameRegex)) {
                        millis.put(Long.parseLong(thread.getFileName().toString()), millisIn(stat));
                    }
                } catch (NoSuchFileException e) {
                    continue; // it has ended meanwhile
                }
            }
        }
        return millis;
    }

    static String nameIn(String stat) {
        return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    }

    /** Likewise, from the text of {@code /proc/PID/stat}: its second field is a name that may contain anything. */
    static long millisIn(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", USER_TIME + 3);
        return TICK_MILLIS * (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]));
    }
}

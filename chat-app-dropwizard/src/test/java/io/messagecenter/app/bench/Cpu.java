package io.messagecenter.app.bench;

import java.io.IOException;
import java.util.Locale;

/** The processor time of all that takes part, in milliseconds. */
record Cpu(long service, long database, long generator) {
    /** Which processes take part. */
    record Meter(long servicePid, long databasePid) {
        Cpu read() throws IOException {
            return new Cpu(
                    ProcessCpu.millis(servicePid),
                    ProcessCpu.millis(databasePid),
                    ProcessCpu.millis(ProcessHandle.current().pid()));
        }
    }

    Cpu since(Cpu before) {
        return new Cpu(service - before.service, database - before.database, generator - before.generator);
    }

    Cpu plus(Cpu other) {
        return new Cpu(service + other.service, database + other.database, generator + other.generator);
    }

    /** Of service and database together, for each of so many things. */
    double each(long count) {
        return (double) (service + database) / count;
    }

    /** For each of so many things, in words. */
    String eachInWords(long count) {
        return String.format(
                Locale.ROOT,
                "service %.3f ms, database %.3f ms, load generator %.3f ms",
                (double) service / count,
                (double) database / count,
                (double) generator / count);
    }
}

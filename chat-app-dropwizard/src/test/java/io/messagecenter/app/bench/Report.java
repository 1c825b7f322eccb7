package io.messagecenter.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Gathers what was promised and what was measured, and sets it out as Markdown. Not thread-safe. */
final class Report {
    private final List<String> results = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();

    /** Which side of a mark is the good one. */
    enum Mark {
        AT_LEAST("≥"),
        AT_MOST("≤");

        private final String sign;

        Mark(String sign) {
            this.sign = sign;
        }

        boolean isMet(double measured, double promised) {
            return this == AT_LEAST ? measured >= promised : measured <= promised;
        }
    }

    /**
     * One promise.
     *
     * @param format of a value with its unit, as {@link String#format} takes it
     */
    void promise(String what, Mark mark, double promised, double measured, String format, String spread) {
        results.add("| " + what + " | " + mark.sign + " " + text(format, promised) + " | " + text(format, measured)
                + " | " + (mark.isMet(measured, promised) ? "met" : "**MISSED**") + " | " + spread + " |");
    }

    /** A figure that nobody promised, which helps to understand the others. */
    void detail(String what, String measured) {
        details.add("| " + what + " | " + measured + " |");
    }

    void setting(String text) {
        settings.add("- " + text);
    }

    /** The document. */
    String markdown(Machine machine) {
        var lines = new ArrayList<String>();
        lines.add("# Benchmarks");
        lines.add("");
        lines.add("Written by `./bench`, which measures all of this in one run on one machine. Do not edit.");
        lines.add("");
        lines.add("## Results");
        lines.add("| what | promised | measured | | over the rounds |");
        lines.add("| --- | --- | --- | --- | --- |");
        lines.addAll(results);
        lines.add("");
        lines.add("## Where it goes");
        lines.add("| what | measured |");
        lines.add("| --- | --- |");
        lines.addAll(details);
        lines.add("");
        lines.add("## Machine and versions");
        lines.addAll(machine.lines());
        lines.add("");
        lines.add("## Settings");
        lines.addAll(settings);
        lines.add("");
        lines.add("## How to read it");
        lines.addAll(HOW_TO_READ);
        lines.add("");
        return String.join("\n", lines);
    }

    /** The results alone, for a terminal. */
    String table() {
        return String.join("\n", results) + "\n\n" + String.join("\n", details) + "\n";
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static final List<String> HOW_TO_READ = List.of(
            "- Load generator, service and database share this machine's cores: what one of them takes, the others lack.",
            "- Two figures that are compared are measured in turns, A B A B …, and a ratio is the median of the rounds'"
                    + " ratios. Rates are medians of the rounds, too. The last column has the least and the most.",
            "- A rate counts what was answered, durable, and received by both sides' sockets: the clock stops when the"
                    + " last frame is in. Every feed is checked for gaps and repeats; one of either and nothing is"
                    + " written here.",
            "- A latency at a fixed rate counts from the moment when the request was due, so that a stall is charged to"
                    + " every request that it delayed. Waiting for that moment is exact to a millisecond, which is in"
                    + " the figures.",
            "- Processor time is the kernel's count, user and system, for the whole process, garbage collection and"
                    + " compiler included.",
            "- Each measurement of the service is warmed up until its compilers take less than a twentieth of its"
                    + " processor time, or for a minute at most. A virtual machine's neighbours can move figures by a tenth from"
                    + " one day to the next; ratios are steadier.");
}

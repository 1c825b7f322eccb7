package io.messagecenter.app.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One figure, measured several times over. Not thread-safe. */
final class Rounds {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    double median() {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /**
     * From the least to the most, for people.
     *
     * @param format of one value, as {@link String#format} takes it
     */
    String spread(String format) {
        return String.format(Locale.ROOT, format + " – " + format, Collections.min(values), Collections.max(values));
    }

    /** Each value by the one of the same round there. */
    Rounds per(Rounds other) {
        var ratios = new Rounds();
        for (int i = 0; i < values.size(); i++) {
            ratios.add(values.get(i) / other.values.get(i));
        }
        return ratios;
    }
}

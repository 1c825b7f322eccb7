package io.messagecenter.redis;

import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Signal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what it hears, repeats included. */
final class Recorder implements HintListener {
    private final List<Hint> hints = new CopyOnWriteArrayList<>();
    private final List<Signal> signals = new CopyOnWriteArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();

    @Override
    public void onHint(Hint hint) {
        hints.add(hint);
    }

    @Override
    public void onHintsLost() {
        lost.incrementAndGet();
    }

    @Override
    public void onSignal(Signal signal) {
        signals.add(signal);
    }

    List<Signal> signals() {
        return List.copyOf(signals);
    }

    List<Hint> hints() {
        return List.copyOf(hints);
    }

    long lastSeq() {
        return hints.stream().mapToLong(hint -> hint.seq().value()).max().orElse(0);
    }

    int lost() {
        return lost.get();
    }
}

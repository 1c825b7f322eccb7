package io.messagecenter.domain.contract;

import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes a notifier as bad as one is allowed to be: on demand it loses, repeats and reorders. Thread-safe. */
public final class UnreliableNotifier implements Notifier {
    /** What happens to hints. */
    public enum Mode {
        RELIABLE,
        /** None arrives, and nobody is told. */
        LOSES_ALL,
        /** They come twice, late, early, or without their event. */
        SCRAMBLES,
        /** As {@link #SCRAMBLES}, and some never come. */
        SCRAMBLES_AND_LOSES
    }

    private final Notifier notifier;
    private final Random random;
    private final List<Hint> held = new ArrayList<>();
    private volatile Mode mode;

    public UnreliableNotifier(Notifier notifier, Mode mode, long seed) {
        this.notifier = notifier;
        this.mode = mode;
        this.random = new Random(seed);
    }

    public void mode(Mode value) {
        mode = value;
    }

    @Override
    public void publish(List<Hint> hints) {
        switch (mode) {
            case RELIABLE -> notifier.publish(hints);
            case LOSES_ALL -> {}
            case SCRAMBLES -> notifier.publish(scramble(hints, false));
            case SCRAMBLES_AND_LOSES -> notifier.publish(scramble(hints, true));
        }
    }

    /** Signals may go lost whatever the state of a notifier. */
    @Override
    public void signal(Signal signal) {
        if (mode == Mode.RELIABLE) {
            notifier.signal(signal);
        }
    }

    private synchronized List<Hint> scramble(List<Hint> hints, boolean lose) {
        held.addAll(hints);
        var now = new ArrayList<Hint>();
        for (var hint : List.copyOf(held)) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    now.add(hint);
                    now.add(hint);
                    held.remove(hint);
                }
                case 1 -> now.add(hint); // and once more later
                case 2 -> now.add(Hint.of(hint.user(), hint.seq()));
                case 3 -> {
                    if (lose) {
                        held.remove(hint);
                    }
                }
                default -> {
                    now.add(hint);
                    held.remove(hint);
                }
            }
        }
        Collections.shuffle(now, random);
        return now;
    }

    @Override
    public Subscription subscribe(UserId user, HintListener listener) {
        return notifier.subscribe(user, listener);
    }

    @Override
    public void close() {
        notifier.close();
    }
}

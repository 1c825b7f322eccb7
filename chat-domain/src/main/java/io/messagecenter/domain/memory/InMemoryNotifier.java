package io.messagecenter.domain.memory;

import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.user.UserId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes hints on within one JVM, on the thread that publishes. Message centers that are built with it and with
 * {@linkplain #anotherNode other nodes} of it are nodes of one system. Loses nothing. Thread-safe.
 */
public final class InMemoryNotifier implements Notifier {
    private static final Logger LOG = System.getLogger(InMemoryNotifier.class.getName());

    /** Shared by all nodes. */
    private final Map<UserId, Set<Listening>> listening;

    private final Set<Listening> own = ConcurrentHashMap.newKeySet();

    public InMemoryNotifier() {
        this(new ConcurrentHashMap<>());
    }

    private InMemoryNotifier(Map<UserId, Set<Listening>> listening) {
        this.listening = listening;
    }

    /** What one node publishes all nodes hear; closing one ends its own subscriptions alone. */
    public InMemoryNotifier anotherNode() {
        return new InMemoryNotifier(listening);
    }

    @Override
    public void publish(List<Hint> hints) {
        for (var hint : hints) {
            for (var one : listening.getOrDefault(hint.user(), Set.of())) {
                one.tell(hint);
            }
        }
    }

    @Override
    public void signal(Signal signal) {
        listening.getOrDefault(signal.user(), Set.of()).forEach(one -> one.tell(signal));
    }

    @Override
    public Subscription subscribe(UserId user, HintListener listener) {
        var one = new Listening(user, listener);
        own.add(one);
        listening.compute(user, (key, others) -> {
            var all = others == null ? ConcurrentHashMap.<Listening>newKeySet() : others;
            all.add(one);
            return all;
        });
        return one;
    }

    @Override
    public void close() {
        own.forEach(Listening::close);
    }

    /** Identity, not equality, tells two subscriptions of one listener apart. */
    private final class Listening implements Subscription {
        private final UserId user;
        private final HintListener listener;

        Listening(UserId user, HintListener listener) {
            this.user = user;
            this.listener = listener;
        }

        void tell(Hint hint) {
            guarded(() -> listener.onHint(hint));
        }

        void tell(Signal signal) {
            guarded(() -> listener.onSignal(signal));
        }

        private void guarded(Runnable telling) {
            try {
                telling.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A listener of user " + user + " failed", e); // and the others still hear it
            }
        }

        @Override
        public void close() {
            own.remove(this);
            listening.computeIfPresent(user, (key, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}

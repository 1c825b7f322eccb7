package io.messagecenter.domain.send;

import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells people that somebody is writing to them, if they are there to hear it. Nothing is stored. Between two of whom one
 * blocks the other nothing passes, in either direction, and neither can tell.
 *
 * <p>Who may tell whom is looked up once a second for each two at most, however fast they type. What could not be looked
 * up in time is dropped: it would no longer be true. Thread-safe.
 */
public final class SendTyping {
    /** How long it is remembered who may tell whom; a block takes effect that late at the latest. */
    static final Duration MEMORY = Duration.ofSeconds(1);

    /** What is older is no longer told. */
    static final Duration STALE = Duration.ofSeconds(3);

    /** So many look-ups may be under way or wait. */
    static final int LOOK_UPS = 1_000;

    /** So many are remembered; of more, the latest. */
    private static final int REMEMBERED = 10_000;

    private final UserStore users;
    private final BlockStore blocks;
    private final MessagePolicy policy;
    private final Notifier notifier;
    private final Executor lookUps;
    private final LongSupplier nanos;
    private final AtomicInteger underWay = new AtomicInteger();

    /** The oldest first; guarded by itself. */
    private final Map<Pair, LookUp> remembered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, LookUp> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Who wants to tell whom. */
    private record Pair(UserId from, UserId to) {}

    private enum Way {
        OPEN,
        /** One of them blocks the other. */
        BLOCKED,
        /** Whoever is to be told is erased. */
        NOBODY
    }

    /** @param at when it began, in nanoseconds of some clock */
    private record LookUp(CompletableFuture<Way> way, long at) {}

    /** @param lookUps runs reads of the stores, which may take long */
    public SendTyping(UserStore users, BlockStore blocks, MessagePolicy policy, Notifier notifier, Executor lookUps) {
        this(users, blocks, policy, notifier, lookUps, System::nanoTime);
    }

    SendTyping(
            UserStore users,
            BlockStore blocks,
            MessagePolicy policy,
            Notifier notifier,
            Executor lookUps,
            LongSupplier nanos) {
        this.users = users;
        this.blocks = blocks;
        this.policy = policy;
        this.notifier = notifier;
        this.lookUps = lookUps;
        this.nanos = nanos;
    }

    /**
     * Tells somebody that they are being written to.
     *
     * @param recipient a user name as it was typed
     * @return completes once it is told or dropped; fails with a {@link ChatException}: {@code NOT_FOUND} if nobody has
     *     that name, {@code FORBIDDEN} by the policy, {@code OVERLOADED} or {@code UNAVAILABLE}
     */
    public CompletableFuture<@Nullable Void> typing(Person sender, String recipient) {
        try {
            long asked = nanos.getAsLong();
            var person = Username.typed(recipient).flatMap(users::find).orElseThrow(ChatException::notFound);
            if (!policy.allows(sender, person)) {
                throw SendMessage.forbidden();
            }
            return way(new Pair(sender.id(), person.id()), asked).thenApply(way -> {
                if (way == Way.NOBODY) {
                    throw ChatException.notFound();
                } else if (way == Way.OPEN && nanos.getAsLong() - asked <= STALE.toNanos()) {
                    notifier.signal(new Signal.Typing(person.id(), sender));
                }
                return null;
            });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Way> way(Pair pair, long now) {
        LookUp fresh;
        synchronized (remembered) {
            var known = remembered.get(pair);
            if (known != null && now - known.at() < MEMORY.toNanos()) {
                return known.way();
            }
            fresh = new LookUp(new CompletableFuture<>(), now);
            remembered.remove(pair); // or it would keep its old place
            remembered.put(pair, fresh);
        }
        begin(pair, fresh);
        return fresh.way();
    }

    private void begin(Pair pair, LookUp fresh) {
        if (underWay.incrementAndGet() > LOOK_UPS) {
            fail(pair, fresh, overloaded());
            return;
        }
        try {
            lookUps.execute(() -> {
                try {
                    var way = lookUp(pair);
                    underWay.decrementAndGet();
                    fresh.way().complete(way);
                } catch (RuntimeException e) {
                    fail(pair, fresh, e);
                }
            });
        } catch (RejectedExecutionException e) {
            fail(pair, fresh, overloaded()); // the node stops
        }
    }

    /** The next one looks again. */
    private void fail(Pair pair, LookUp fresh, RuntimeException failure) {
        underWay.decrementAndGet();
        synchronized (remembered) {
            remembered.remove(pair, fresh);
        }
        fresh.way().completeExceptionally(failure);
    }

    private Way lookUp(Pair pair) {
        if (users.find(pair.to()).isEmpty()) {
            return Way.NOBODY;
        }
        return blocks(pair.to(), pair.from()) || blocks(pair.from(), pair.to()) ? Way.BLOCKED : Way.OPEN;
    }

    private boolean blocks(UserId blocker, UserId blocked) {
        return !blocks.blockersOf(blocked, Set.of(blocker)).isEmpty();
    }

    private static ChatException overloaded() {
        return ChatException.of(ErrorCode.OVERLOADED, "Too many people are typing at once.");
    }
}

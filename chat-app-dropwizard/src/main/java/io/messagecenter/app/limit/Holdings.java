package io.messagecenter.app.limit;

import io.messagecenter.domain.error.ChatException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Something of which everybody may hold so many at once, say connections. Shared by all nodes where there is something
 * that counts for them, and then exact to within the time that word takes; a node that crashes is forgotten after a
 * minute. Thread-safe.
 */
public final class Holdings {
    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final String name;
    private final int most;
    private final Duration retryAfter;
    private final String refusal;
    private final Optional<SharedCounts> shared;
    private final String node = UUID.randomUUID() + " ";
    private final AtomicLong last = new AtomicLong();
    private final Map<String, Integer> byOwner = new ConcurrentHashMap<>();
    private final Map<Holding, Boolean> holdings = new ConcurrentHashMap<>();

    /** One of somebody's; to be let go of once. */
    public record Holding(String owner, String id) {}

    /**
     * None.
     *
     * @param name tells them from others
     * @param most that somebody may have, 1 or more
     * @param retryAfter when it is worth asking again
     * @param refusal a sentence for whoever has too many
     */
    public Holdings(String name, int most, Duration retryAfter, String refusal, Optional<SharedCounts> shared) {
        this.name = name + " ";
        this.most = most;
        this.retryAfter = retryAfter;
        this.refusal = refusal;
        this.shared = shared;
    }

    /** As many as anybody likes. */
    public static Holdings unlimited() {
        return new Holdings("", Integer.MAX_VALUE, Duration.ZERO, "", Optional.empty());
    }

    /**
     * Whether there is room for one more, which is not taken yet.
     *
     * @throws ChatException {@code TOO_MANY_REQUESTS}
     */
    public void checkRoom(String owner) {
        long have = byOwner.getOrDefault(owner, 0);
        if (have < most) {
            have = shared.flatMap(counts -> counts.holders(name + owner)).orElse(have);
        }
        if (have >= most) {
            throw ChatException.tooMany(refusal, retryAfter);
        }
    }

    /** Takes one, also where that is one too many: see {@link #tooMany}. */
    public Holding take(String owner) {
        var holding = new Holding(owner, node + last.incrementAndGet());
        byOwner.merge(owner, 1, Integer::sum);
        holdings.put(holding, true);
        shared.ifPresent(counts -> counts.hold(name + owner, holding.id(), MEMORY));
        return holding;
    }

    /**
     * Takes one if there is room for it.
     *
     * @throws ChatException {@code TOO_MANY_REQUESTS}
     */
    public Holding takeWithin(String owner) {
        checkRoom(owner);
        var holding = take(owner);
        if (tooMany(owner)) {
            release(holding);
            throw ChatException.tooMany(refusal, retryAfter);
        }
        return holding;
    }

    /** Whether somebody has more here than they may, since several found room at the same time. */
    public boolean tooMany(String owner) {
        return byOwner.getOrDefault(owner, 0) > most;
    }

    /** Lets go of one. */
    public void release(Holding holding) {
        if (holdings.remove(holding) != null) {
            byOwner.computeIfPresent(holding.owner(), (owner, have) -> have == 1 ? null : have - 1);
            shared.ifPresent(counts -> counts.release(name + holding.owner(), holding.id()));
        }
    }

    /** Says again what is held. To be called a few times a minute. */
    void renew() {
        shared.ifPresent(counts -> holdings.keySet().forEach(one -> counts.hold(name + one.owner(), one.id(), MEMORY)));
    }
}

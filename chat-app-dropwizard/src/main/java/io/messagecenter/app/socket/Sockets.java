package io.messagecenter.app.socket;

import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.app.json.FrameWriter;
import io.messagecenter.app.limit.Allowance;
import io.messagecenter.app.limit.Holdings;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sockets of this node. Once a second it closes those whose client reads too slowly or is gone; soon after it
 * ends, those of a session that was ended; and now and then those of one that has expired. A session with an open socket
 * is in use. Thread-safe.
 */
public final class Sockets {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final int SESSIONS_A_QUERY = 1_000;
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int ROUNDS_TO_EXPIRY = 4;
    private static final Duration TO_FINISH = Duration.ofSeconds(4);
    private static final Duration TO_CLOSE = Duration.ofSeconds(2);

    private final MessageCenter center;
    private final FrameWriter frames;
    private final SocketSettings settings;
    private final Authentication authentication;
    private final Limits limits;
    private final Set<ChatSocket> open = ConcurrentHashMap.newKeySet();
    private final Map<ChatSocket, Holdings.Holding> holdings = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private int rounds;

    public Sockets(
            MessageCenter center,
            Authentication authentication,
            FrameWriter frames,
            SocketSettings settings,
            Limits limits) {
        this.center = center;
        this.authentication = authentication;
        this.frames = frames;
        this.settings = settings;
        this.limits = limits;
    }

    /**
     * Begins to look after the sockets; ends with the schedulers.
     *
     * @param rounds for nothing else, since a session's end must not wait
     * @param housekeeping for what may take its time
     */
    public void start(ScheduledExecutorService rounds, ScheduledExecutorService housekeeping) {
        every(ROUND, this::round, rounds);
        every(SessionAuthenticator.ROUND, this::sessionRound, rounds);
        every(ROUND, this::keepUses, housekeeping);
    }

    private static void every(Duration period, Runnable task, ScheduledExecutorService scheduler) {
        var unused = scheduler.scheduleWithFixedDelay(task, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many sockets of one kind are open. */
    public int count(Protocol protocol) {
        return (int)
                open.stream().filter(socket -> socket.protocol() == protocol).count();
    }

    /**
     * Stops: lets in nobody more, takes no more sends, waits until what was taken is answered, then closes every socket
     * with 1001. Takes a few seconds at the most.
     */
    public void stop() {
        stopping = true;
        open.forEach(ChatSocket::stopTaking);
        await(TO_FINISH, () -> open.stream().allMatch(ChatSocket::idle));
        open.forEach(socket -> socket.close(CloseCode.GOING_AWAY, "the service stops; connect again"));
        await(TO_CLOSE, open::isEmpty);
    }

    boolean stopping() {
        return stopping;
    }

    MessageCenter center() {
        return center;
    }

    FrameWriter frames() {
        return frames;
    }

    SocketSettings settings() {
        return settings;
    }

    Allowance messages() {
        return limits.messages();
    }

    Allowance marks() {
        return limits.marks();
    }

    Allowance typing() {
        return limits.typing();
    }

    /**
     * Whether somebody may open one more.
     *
     * @throws ChatException {@code TOO_MANY_REQUESTS}
     */
    void checkRoom(UserId user) {
        limits.sockets().checkRoom(user.toString());
    }

    void opened(ChatSocket socket) {
        var owner = socket.user().toString();
        open.add(socket);
        holdings.put(socket, limits.sockets().take(owner));
        if (stopping) {
            socket.close(CloseCode.GOING_AWAY, "the service stops; connect again");
        } else if (limits.sockets().tooMany(owner)) {
            socket.close(CloseCode.POLICY, "too many connections"); // several were let in at the same time
        }
    }

    void closed(ChatSocket socket) {
        open.remove(socket);
        var holding = holdings.remove(socket);
        if (holding != null) {
            limits.sockets().release(holding);
        }
    }

    private void round() {
        try {
            open.forEach(ChatSocket::check);
        } catch (RuntimeException e) {
            LOG.error("Sockets cannot be looked after", e); // and the next round tries again
        }
    }

    /** Closes what was ended; while the database is away, sockets stay. */
    private void sessionRound() {
        try {
            var ended = authentication.round();
            open.forEach(socket -> {
                if (ended.test(socket.session())) {
                    socket.close(CloseCode.POLICY, "the session has ended");
                }
            });
            rounds++;
            if (rounds % ROUNDS_TO_EXPIRY == 0) {
                var now = Instant.now();
                open.forEach(socket -> {
                    var unused = authentication.use(socket.session(), now);
                });
                closeExpired();
            }
        } catch (ChatException e) {
            LOG.debug("Sessions cannot be looked up now", e);
        } catch (RuntimeException e) {
            LOG.error("Sessions cannot be looked after", e);
        }
    }

    private void keepUses() {
        try {
            authentication.keepUses();
        } catch (ChatException e) {
            LOG.debug("The use of sessions cannot be kept now", e);
        } catch (RuntimeException e) {
            LOG.error("The use of sessions cannot be kept", e); // and the next time it is tried again
        }
    }

    private void closeExpired() {
        var sockets = new ArrayList<>(open);
        for (int i = 0; i < sockets.size(); i += SESSIONS_A_QUERY) {
            closeExpired(sockets.subList(i, Math.min(sockets.size(), i + SESSIONS_A_QUERY)));
        }
    }

    private void closeExpired(Collection<ChatSocket> sockets) {
        var live = authentication.live(sockets.stream().map(ChatSocket::session).toList());
        for (var socket : sockets) {
            if (!live.contains(socket.session().id())) {
                socket.close(CloseCode.POLICY, "the session has ended");
            }
        }
    }

    private static void await(Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}

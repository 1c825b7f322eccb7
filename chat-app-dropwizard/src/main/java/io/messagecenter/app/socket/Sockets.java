package io.messagecenter.app.socket;

import io.messagecenter.app.json.FrameWriter;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sockets of this node. Once a second it closes those whose session has ended, whose client reads too slowly,
 * or whose client is gone. Thread-safe.
 */
public final class Sockets {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final int SESSIONS_A_QUERY = 1_000;
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration TO_FINISH = Duration.ofSeconds(4);
    private static final Duration TO_CLOSE = Duration.ofSeconds(2);

    private final MessageCenter center;
    private final FrameWriter frames;
    private final SocketSettings settings;
    private final Set<ChatSocket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    public Sockets(MessageCenter center, FrameWriter frames, SocketSettings settings) {
        this.center = center;
        this.frames = frames;
        this.settings = settings;
    }

    /** Begins to look after the sockets; ends with the scheduler. */
    public void start(ScheduledExecutorService scheduler) {
        var unused = scheduler.scheduleWithFixedDelay(
                this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
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

    void opened(ChatSocket socket) {
        open.add(socket);
        if (stopping) {
            socket.close(CloseCode.GOING_AWAY, "the service stops; connect again");
        }
    }

    void closed(ChatSocket socket) {
        open.remove(socket);
    }

    private void round() {
        try {
            open.forEach(ChatSocket::check);
            closeEnded();
        } catch (RuntimeException e) {
            LOG.error("Sockets cannot be looked after", e); // and the next round tries again
        }
    }

    private void closeEnded() {
        var sockets = new ArrayList<>(open);
        for (int i = 0; i < sockets.size(); i += SESSIONS_A_QUERY) {
            closeEnded(sockets.subList(i, Math.min(sockets.size(), i + SESSIONS_A_QUERY)));
        }
    }

    private void closeEnded(Collection<ChatSocket> sockets) {
        var sessions = new HashSet<SessionId>();
        sockets.forEach(socket -> sessions.add(socket.session()));
        Set<SessionId> live;
        try {
            live = center.sessions().live(sessions);
        } catch (ChatException e) {
            LOG.debug("Sessions cannot be looked up now", e); // sockets stay while the database is away
            return;
        }
        for (var socket : sockets) {
            if (!live.contains(socket.session())) {
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

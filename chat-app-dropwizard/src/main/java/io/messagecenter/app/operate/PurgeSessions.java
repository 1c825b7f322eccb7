package io.messagecenter.app.operate;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.session.Sessions;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets sessions that have expired. Any node may do it, at any time. */
public final class PurgeSessions implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeSessions.class);

    private static final int MINUTES = 10;

    private final Sessions sessions;

    public PurgeSessions(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Begins to do so every now and then; ends with the scheduler. */
    public void start(ScheduledExecutorService scheduler) {
        var unused = scheduler.scheduleWithFixedDelay(this, 1, MINUTES, TimeUnit.MINUTES);
    }

    @Override
    public void run() {
        try {
            int purged = sessions.purgeExpired();
            LOG.debug("Forgot {} expired sessions", purged);
        } catch (ChatException e) {
            LOG.warn("Expired sessions stay for now: {}", Reasons.of(e));
        } catch (RuntimeException e) {
            LOG.error("Expired sessions stay for now", e); // and the next time it is tried again
        }
    }
}

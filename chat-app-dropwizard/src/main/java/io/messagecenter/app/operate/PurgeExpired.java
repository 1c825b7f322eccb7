package io.messagecenter.app.operate;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.Reasons;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets what has expired. Any node may do it, at any time. */
public final class PurgeExpired implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeExpired.class);

    private static final int MINUTES = 10;

    private final String what;
    private final IntSupplier purge;

    /**
     * Does nothing yet.
     *
     * @param what its name, in the plural, for the log
     * @param purge forgets it, and tells how many there were
     */
    public PurgeExpired(String what, IntSupplier purge) {
        this.what = what;
        this.purge = purge;
    }

    /** Begins to do so, now and every now and then; ends with the scheduler. */
    public void start(ScheduledExecutorService scheduler) {
        var unused = scheduler.scheduleWithFixedDelay(this, 0, MINUTES, TimeUnit.MINUTES);
    }

    @Override
    public void run() {
        try {
            int purged = purge.getAsInt();
            LOG.debug("Forgot {} expired {}", purged, what);
        } catch (ChatException e) {
            LOG.warn("Expired {} stay for now: {}", what, Reasons.of(e));
        } catch (RuntimeException e) {
            LOG.error("Expired {} stay for now", what, e); // and the next time it is tried again
        }
    }
}

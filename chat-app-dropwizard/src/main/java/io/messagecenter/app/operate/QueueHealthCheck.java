package io.messagecenter.app.operate;

import com.codahale.metrics.health.HealthCheck;
import io.messagecenter.domain.send.WriteQueue;

/** Healthy while the queue of sends is less than nine tenths full. */
public final class QueueHealthCheck extends HealthCheck {
    private final WriteQueue queue;

    public QueueHealthCheck(WriteQueue queue) {
        this.queue = queue;
    }

    @Override
    protected Result check() {
        int queued = queue.queued();
        int capacity = queue.capacity();
        return queued * 10L < capacity * 9L
                ? Result.healthy("%d of %d", queued, capacity)
                : Result.unhealthy("%d of %d", queued, capacity);
    }
}

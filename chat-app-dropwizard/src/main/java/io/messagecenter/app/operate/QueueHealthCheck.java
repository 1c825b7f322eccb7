package io.messagecenter.app.operate;

import com.codahale.metrics.health.HealthCheck;
import io.messagecenter.domain.send.SendMessage;

/** Healthy while the queue of sends is less than nine tenths full. */
public final class QueueHealthCheck extends HealthCheck {
    private final SendMessage sendMessage;

    public QueueHealthCheck(SendMessage sendMessage) {
        this.sendMessage = sendMessage;
    }

    @Override
    protected Result check() {
        int queued = sendMessage.queued();
        int capacity = sendMessage.capacity();
        return queued * 10L < capacity * 9L
                ? Result.healthy("%d of %d", queued, capacity)
                : Result.unhealthy("%d of %d", queued, capacity);
    }
}

package io.messagecenter.app.operate;

import com.codahale.metrics.health.HealthCheck;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;

/** Healthy while the storage answers. */
public final class DatabaseHealthCheck extends HealthCheck {
    private final MessageCenter center;

    public DatabaseHealthCheck(MessageCenter center) {
        this.center = center;
    }

    @Override
    protected Result check() {
        try {
            center.check();
            return Result.healthy();
        } catch (ChatException e) {
            return Result.unhealthy(e.getMessage()); // the cause would show the address and the account
        }
    }
}

package io.messagecenter.app.config;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.redis.RedisAddress;
import io.messagecenter.redis.RedisCounts;
import io.messagecenter.redis.RedisNotifier;
import io.messagecenter.redis.RedisPresence;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code type: redis}: for any number of nodes. Its {@code url} says whether it is one server, Sentinel or Cluster. */
@JsonTypeName("redis")
public final class RedisNotifierFactory implements NotifierFactory {
    @NotEmpty @JsonProperty
    private String url = "redis://127.0.0.1:6379";

    /** What every key and channel begins with, so that several installations can share a Redis. */
    @NotEmpty @JsonProperty
    private String prefix = "mc:";

    /** How long people count as online after their last connection. */
    @NotNull @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
    @JsonProperty
    private Duration presenceGrace = Duration.milliseconds(Presence.GRACE.toMillis());

    @NotNull @JsonProperty
    private Duration healthCheckTimeout = Duration.seconds(1);

    @Override
    public Connection build(Telemetry telemetry) {
        var address = RedisAddress.of(url);
        var notifier = RedisNotifier.builder(address)
                .prefix(prefix)
                .telemetry(telemetry)
                .build();
        var presence = RedisPresence.builder(address)
                .prefix(prefix)
                .grace(presenceGrace.toJavaDuration())
                .build();
        var counts = RedisCounts.builder(address).prefix(prefix).build();
        return new Connection(
                notifier,
                presence,
                Map.of("redis", new RedisHealthCheck(notifier)),
                Optional.of(new RedisSharedCounts(counts)));
    }

    /** Redis may be away without any harm but delay; whoever watches should know all the same. */
    private final class RedisHealthCheck extends HealthCheck {
        private final RedisNotifier notifier;

        RedisHealthCheck(RedisNotifier notifier) {
            this.notifier = notifier;
        }

        @Override
        protected Result check() {
            return notifier.check(healthCheckTimeout.toJavaDuration())
                    ? Result.healthy()
                    : Result.unhealthy("Redis does not answer");
        }
    }
}

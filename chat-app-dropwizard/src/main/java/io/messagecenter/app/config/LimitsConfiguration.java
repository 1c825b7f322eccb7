package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.app.limit.Rate;
import io.messagecenter.app.limit.SharedCounts;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How much anybody may do. The defaults are far above what people do, and far below what harms. */
public final class LimitsConfiguration {
    @JsonProperty
    private boolean enabled = true;

    @Valid @NotNull @JsonProperty
    private RateConfiguration signInByAddress = RateConfiguration.of(60, Duration.minutes(15));

    @Valid @NotNull @JsonProperty
    private RateConfiguration signInByAccount = RateConfiguration.of(60, Duration.minutes(15));

    @Valid @NotNull @JsonProperty
    private RateConfiguration signInByAccountAndAddress = RateConfiguration.of(10, Duration.minutes(15));

    @Valid @NotNull @JsonProperty
    private RateConfiguration signUpByAddress = RateConfiguration.of(30, Duration.hours(1));

    @Valid @NotNull @JsonProperty
    private RateConfiguration passwordResetByAddress = RateConfiguration.of(20, Duration.hours(1));

    @Valid @NotNull @JsonProperty
    private RateConfiguration passwordResetByAccount = RateConfiguration.of(10, Duration.hours(1));

    @Valid @NotNull @JsonProperty
    private RateConfiguration passwordResetByAccountAndAddress = RateConfiguration.of(3, Duration.hours(1));

    @Valid @NotNull @JsonProperty
    private RateConfiguration resetTokensByAddress = RateConfiguration.of(60, Duration.minutes(15));

    @Valid @NotNull @JsonProperty
    private RateConfiguration messagesByUser = new RateConfiguration(20, Duration.seconds(1), 200L);

    @Valid @NotNull @JsonProperty
    private RateConfiguration marksByUser = new RateConfiguration(50, Duration.seconds(1), 1_000L);

    @Valid @NotNull @JsonProperty
    private RateConfiguration searchesByUser = new RateConfiguration(5, Duration.seconds(1), 50L);

    @Valid @NotNull @JsonProperty
    private RateConfiguration typingByUser = new RateConfiguration(5, Duration.seconds(1), 20L);

    @Min(1) @JsonProperty
    private int socketsByUser = 32;

    /** So many in such a time, and so many at once: as many as in a whole period, unless it says otherwise. */
    public static final class RateConfiguration {
        @Min(1) @JsonProperty
        private final long count;

        @NotNull @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
        @JsonProperty
        private final Duration period;

        @Min(1) @JsonProperty
        private final long burst;

        @JsonCreator
        RateConfiguration(
                @JsonProperty(value = "count", required = true) long count,
                @JsonProperty(value = "period", required = true) Duration period,
                @JsonProperty("burst") @Nullable Long burst) {
            this.count = count;
            this.period = period;
            this.burst = burst == null ? count : burst;
        }

        private static RateConfiguration of(long count, Duration period) {
            return new RateConfiguration(count, period, null);
        }

        private Rate rate() {
            return new Rate(count, period.toJavaDuration(), burst);
        }
    }

    /**
     * The limits, with nothing used up.
     *
     * @param shared counts for all nodes, where there is something that does
     */
    public Limits build(Optional<SharedCounts> shared) {
        if (!enabled) {
            return Limits.none();
        }
        return new Limits(
                new Limits.Rates(
                        signInByAddress.rate(),
                        signInByAccountAndAddress.rate(),
                        signInByAccount.rate(),
                        passwordResetByAddress.rate(),
                        passwordResetByAccountAndAddress.rate(),
                        passwordResetByAccount.rate(),
                        resetTokensByAddress.rate(),
                        signUpByAddress.rate(),
                        messagesByUser.rate(),
                        marksByUser.rate(),
                        searchesByUser.rate(),
                        typingByUser.rate(),
                        socketsByUser),
                shared);
    }
}

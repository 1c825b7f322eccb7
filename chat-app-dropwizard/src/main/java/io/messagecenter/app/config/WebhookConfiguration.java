package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import io.messagecenter.app.webhook.HttpWebhookSender;
import io.messagecenter.domain.feed.EventType;
import io.messagecenter.domain.webhook.Webhook;
import io.messagecenter.domain.webhook.WebhookName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A receiver that is told what happens, by HTTP. */
public final class WebhookConfiguration {
    private static final String NAME = "[a-z0-9_-]{1,48}";

    @NotNull @Pattern(regexp = NAME, message = "must be 1 to 48 of a-z, 0-9, dashes and underscores") @JsonProperty
    private String name = "";

    @NotNull @JsonProperty
    private String url = "";

    @NotNull @Size(min = 32, message = "must be 32 characters or longer") @JsonProperty
    private String secret = "";

    @NotEmpty @JsonProperty
    private Set<String> events = Set.of(EventType.MESSAGE_SENT.toString());

    @Min(1) @Max(1_000) @JsonProperty
    private int batch = 100;

    @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
    @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
    @JsonProperty
    private Duration timeout = Duration.seconds(10);

    @NotNull @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
    @JsonProperty
    private Duration firstRetry = Duration.seconds(1);

    @NotNull @MaxDuration(value = 1, unit = TimeUnit.DAYS)
    @JsonProperty
    private Duration longestRetry = Duration.minutes(5);

    @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
    @JsonProperty
    private Duration sweep = Duration.seconds(5);

    @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
    @JsonProperty
    private Duration lease = Duration.seconds(15);

    String name() {
        return name;
    }

    @JsonIgnore
    @ValidationMethod(message = "webhooks.url must be a https or http address, without a user, a password and a #")
    public boolean isUrlPlain() {
        try {
            var uri = URI.create(url);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @JsonIgnore
    @ValidationMethod(
            message = "webhooks.events must be some of message.sent, message.edited, message.deleted,"
                    + " conversation.read, conversation.delivered, user.blocked, user.unblocked, session.ended")
    public boolean isEachEventKnown() {
        return events == null
                || events.stream()
                        .allMatch(event -> event != null && EventType.of(event).isPresent());
    }

    @JsonIgnore
    @ValidationMethod(message = "webhooks.firstRetry must not be longer than webhooks.longestRetry")
    public boolean isFirstRetryWithinLongest() {
        return firstRetry == null || longestRetry == null || firstRetry.toNanoseconds() <= longestRetry.toNanoseconds();
    }

    /** A webhook that posts by a client. */
    public Webhook build(HttpClient http) {
        var sender = new HttpWebhookSender(URI.create(url), secret, timeout.toJavaDuration(), http, Clock.systemUTC());
        return Webhook.builder(new WebhookName(name), sender)
                .events(events.stream()
                        .map(event -> EventType.of(event).orElseThrow())
                        .collect(Collectors.toSet()))
                .batch(batch)
                .firstRetry(firstRetry.toJavaDuration())
                .longestRetry(longestRetry.toJavaDuration())
                .sweep(sweep.toJavaDuration())
                .lease(lease.toJavaDuration())
                .build();
    }
}

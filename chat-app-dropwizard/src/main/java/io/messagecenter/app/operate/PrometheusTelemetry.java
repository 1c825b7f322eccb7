package io.messagecenter.app.operate;

import io.messagecenter.domain.telemetry.Telemetry;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** Counts what the message center does, for Prometheus. Thread-safe. */
public final class PrometheusTelemetry implements Telemetry {
    private final Counter sent;
    private final Counter retries;
    private final Counter lost;
    private final Counter catchUps;
    private final Counter caughtUp;
    private final Counter pruned;
    private final Counter retired;
    private final Counter webhookDelivered;
    private final Counter webhookFailed;
    private final Counter webhookMissed;
    private final Histogram batchSize;
    private final Histogram commitTime;
    private final Histogram indexTime;

    public PrometheusTelemetry(PrometheusRegistry registry) {
        sent = counter(registry, "chat_messages_sent_total", "Messages stored");
        retries = counter(registry, "chat_commit_retries_total", "Batches that the database rolled back, tried again");
        lost = counter(registry, "chat_hints_lost_total", "Hints that may not have reached other nodes");
        catchUps = counter(registry, "chat_catch_ups_total", "Times that a follower read its feed from the store");
        caughtUp = counter(registry, "chat_catch_up_events_total", "Events that followers read from the store");
        pruned = counter(registry, "chat_feed_entries_pruned_total", "Entries of feeds that were kept long enough");
        retired = counter(registry, "chat_messages_retired_total", "Messages that were kept long enough");
        webhookDelivered = webhook(registry, "delivered", "Events that a webhook has taken");
        webhookFailed = webhook(registry, "failures", "Attempts that a webhook did not take");
        webhookMissed = webhook(registry, "missed", "Events that were pruned before a webhook's turn came");
        batchSize = Histogram.builder()
                .name("chat_commit_batch_size")
                .help("Messages in one transaction")
                .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
                .register(registry);
        commitTime = Histogram.builder()
                .name("chat_commit_seconds")
                .help("How long a transaction took")
                .classicUpperBounds(.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5)
                .register(registry);
        indexTime = Histogram.builder()
                .name("chat_search_index_seconds")
                .help("How long it took to index a stretch of somebody's messages for search")
                .classicUpperBounds(.01, .02, .05, .1, .2, .5, 1, 2, 5)
                .register(registry);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help) {
        return Counter.builder().name(name).help(help).register(registry);
    }

    private static Counter webhook(PrometheusRegistry registry, String name, String help) {
        return Counter.builder()
                .name("chat_webhook_" + name + "_total")
                .help(help)
                .labelNames("webhook")
                .register(registry);
    }

    @Override
    public void committed(int size, Duration took) {
        batchSize.observe(size);
        commitTime.observe(took.toNanos() / 1e9);
    }

    @Override
    public void commitRetried() {
        retries.inc();
    }

    @Override
    public void messagesSent(int count) {
        sent.inc(count);
    }

    @Override
    public void hintsLost(int count) {
        lost.inc(count);
    }

    @Override
    public void caughtUp(int events) {
        catchUps.inc();
        caughtUp.inc(events);
    }

    @Override
    public void entriesPruned(int count) {
        pruned.inc(count);
    }

    @Override
    public void messagesRetired(int count) {
        retired.inc(count);
    }

    @Override
    public void indexed(Duration took) {
        indexTime.observe(took.toNanos() / 1e9);
    }

    @Override
    public void webhookDelivered(String webhook, int events) {
        webhookDelivered.labelValues(webhook).inc(events);
    }

    @Override
    public void webhookFailed(String webhook) {
        webhookFailed.labelValues(webhook).inc();
    }

    @Override
    public void webhookMissed(String webhook, long events) {
        webhookMissed.labelValues(webhook).inc(events);
    }
}

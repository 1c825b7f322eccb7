package io.messagecenter.app.operate;

import io.messagecenter.app.socket.Protocol;
import io.messagecenter.app.socket.Sockets;
import io.messagecenter.domain.search.SearchIndexer;
import io.messagecenter.domain.send.WriteQueue;
import io.messagecenter.domain.webhook.WebhookStatus;
import io.messagecenter.domain.webhook.Webhooks;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What stands at some number right now, for Prometheus. */
public final class Gauges {
    private Gauges() {}

    public static void register(
            PrometheusRegistry registry, WriteQueue queue, SearchIndexer search, Webhooks webhooks, Sockets sockets) {
        GaugeWithCallback.builder()
                .name("chat_search_users_behind")
                .help("Users whose messages were not all indexed for search when they were looked at last")
                .callback(gauge -> gauge.call(search.behind()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("chat_send_queue_length")
                .help("Messages that wait for their transaction")
                .callback(gauge -> gauge.call(queue.queued()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("chat_sockets")
                .help("Open WebSockets")
                .labelNames("protocol")
                .callback(gauge -> {
                    for (var protocol : Protocol.values()) {
                        gauge.call(sockets.count(protocol), protocol.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
        webhook(
                registry,
                webhooks,
                "delivering",
                "Whether this node delivers for it",
                status -> status.delivering() ? 1 : 0);
        webhook(
                registry,
                webhooks,
                "behind",
                "Events that it has not taken, of all types, if this node delivers",
                WebhookStatus::behind);
        webhook(
                registry,
                webhooks,
                "failing_seconds",
                "How long every attempt has failed, if this node delivers",
                status -> status.failing().toMillis() / 1e3);
    }

    private static void webhook(
            PrometheusRegistry registry,
            Webhooks webhooks,
            String name,
            String help,
            ToDoubleFunction<WebhookStatus> value) {
        GaugeWithCallback.builder()
                .name("chat_webhook_" + name)
                .help(help)
                .labelNames("webhook")
                .callback(gauge -> webhooks.status()
                        .forEach(status -> gauge.call(
                                value.applyAsDouble(status), status.name().value())))
                .register(registry);
    }
}

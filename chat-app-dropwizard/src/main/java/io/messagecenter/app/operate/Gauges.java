package io.messagecenter.app.operate;

import io.messagecenter.app.socket.Protocol;
import io.messagecenter.app.socket.Sockets;
import io.messagecenter.domain.search.SearchIndexer;
import io.messagecenter.domain.send.WriteQueue;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** What stands at some number right now, for Prometheus. */
public final class Gauges {
    private Gauges() {}

    public static void register(PrometheusRegistry registry, WriteQueue queue, SearchIndexer search, Sockets sockets) {
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
    }
}

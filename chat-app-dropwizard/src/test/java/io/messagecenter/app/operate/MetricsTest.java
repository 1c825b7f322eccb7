package io.messagecenter.app.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetricsTest {
    private static Map<String, Double> metrics() {
        var metrics = new HashMap<String, Double>();
        SharedService.service()
                .admin()
                .get("/metrics")
                .expect(200)
                .text()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    int space = line.lastIndexOf(' ');
                    metrics.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
                });
        return metrics;
    }

    @Test
    void whatIsPromisedIsThere() {
        assertThat(metrics())
                .containsKeys(
                        "chat_messages_sent_total",
                        "chat_commit_retries_total",
                        "chat_feed_entries_pruned_total",
                        "chat_messages_retired_total",
                        "chat_hints_lost_total",
                        "chat_catch_ups_total",
                        "chat_catch_up_events_total",
                        "chat_commit_batch_size_count",
                        "chat_commit_batch_size_sum",
                        "chat_commit_batch_size_bucket{le=\"512.0\"}",
                        "chat_commit_seconds_count",
                        "chat_commit_seconds_sum",
                        "chat_commit_seconds_bucket{le=\"0.01\"}",
                        "chat_search_index_seconds_count",
                        "chat_search_users_behind",
                        "chat_send_queue_length",
                        "chat_sockets{protocol=\"original\"}",
                        "chat_sockets{protocol=\"v1\"}");
        assertThat(metrics().keySet()).as("Dropwizard's own").anyMatch(name -> name.contains("jetty"));
    }

    @Test
    void sendingMovesWhatCountsIt() {
        var name = People.freshName("metrics");
        var me = SharedService.as(name);
        var before = metrics();
        for (int i = 0; i < 7; i++) {
            me.send(name, "m" + i, "key-" + i).expect(201);
        }
        me.send(name, "m0", "key-0").expect(201); // a repeat is committed, but no message sent
        var after = metrics();
        assertThat(moved("chat_messages_sent_total", before, after)).isEqualTo(7);
        assertThat(moved("chat_commit_batch_size_sum", before, after)).isEqualTo(8);
        assertThat(moved("chat_commit_batch_size_count", before, after)).isEqualTo(8);
        assertThat(moved("chat_commit_seconds_count", before, after)).isEqualTo(8);
        assertThat(moved("chat_commit_seconds_sum", before, after)).isBetween(1e-6, 60.0);
        assertThat(after.get("chat_send_queue_length")).isZero();
        assertThat(after.get("chat_hints_lost_total")).isZero();
    }

    private static double moved(String name, Map<String, Double> before, Map<String, Double> after) {
        return after.get(name) - before.get(name);
    }

    @Test
    void socketsAndTheirCatchUpsAreCounted() throws Exception {
        var name = People.freshName("metrics");
        var me = SharedService.as(name);
        me.send(name, "one").expect(201);
        me.send(name, "two").expect(201);
        var before = metrics();
        var socket = Api.HTTP
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + me.token())
                .subprotocols("message-center.v1")
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + SharedService.service().port() + "/ws?after=0"),
                        new WebSocket.Listener() {})
                .get(20, TimeUnit.SECONDS);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var open = metrics();
            assertThat(moved("chat_sockets{protocol=\"v1\"}", before, open)).isEqualTo(1);
            assertThat(moved("chat_catch_up_events_total", before, open)).isEqualTo(2);
            assertThat(moved("chat_catch_ups_total", before, open)).isGreaterThanOrEqualTo(1);
        });
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        moved("chat_sockets{protocol=\"v1\"}", before, metrics()))
                .isZero());
    }

    @Test
    void theAdminPortSaysThatAllIsWell() {
        var admin = SharedService.service().admin();
        var health = admin.get("/healthcheck").expect(200).json();
        for (var check : new String[] {"database", "send-queue", "deadlocks"}) {
            assertThat(health.at("/" + check + "/healthy").asBoolean())
                    .as(check)
                    .isTrue();
        }
        assertThat(health.at("/send-queue/message").asText()).isEqualTo("0 of 4096");
        assertThat(admin.get("/ping").expect(200).text().strip()).isEqualTo("pong");
    }

    @Test
    void thePublicPortHasNoneOfIt() {
        for (var path : new String[] {"/metrics", "/healthcheck", "/ping"}) {
            SharedService.api().get(path).expect(404);
        }
    }
}

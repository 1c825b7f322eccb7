package io.messagecenter.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpLoadTest {
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    private final CountDownLatch gate = new CountDownLatch(1);
    private ExecutorService threads;
    private HttpServer server;
    private InetSocketAddress address;

    @BeforeEach
    void startServer() throws IOException {
        threads = Executors.newCachedThreadPool();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/fixed", exchange -> answer(exchange, 201, false));
        server.createContext("/chunked", exchange -> answer(exchange, 201, true));
        server.createContext("/error", exchange -> answer(exchange, 503, false));
        server.createContext("/gated", exchange -> {
            try {
                gate.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer(exchange, 201, false);
        });
        server.start();
        address = server.getAddress();
    }

    @AfterEach
    void stopServer() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aClosedLoopKeepsItsConnectionsAndCountsEveryAnswer() throws IOException {
        try (var loop = new EventLoop();
                var load = new HttpLoad(loop, address, List.of(request("/fixed"), request("/chunked")), 201)) {
            var result = load.closed(Duration.ofMillis(200), () -> true);

            assertThat(result.answers()).isPositive().isEqualTo(load.sent());
            assertThat(result.latencies().count()).isEqualTo(result.answers());
            assertThat(received).hasSize((int) result.answers()).doesNotHaveDuplicates();
            assertThat(clients).hasSize(2);
        }
    }

    @Test
    void anOpenLoopSendsAsManyAsItsRateSays() throws IOException {
        try (var loop = new EventLoop();
                var load = new HttpLoad(loop, address, List.of(request("/fixed"), request("/fixed")), 201)) {
            var result = load.open(200, Duration.ofMillis(500), () -> true);

            assertThat(result.answers()).isEqualTo(100);
            assertThat(received).hasSize(100);
        }
    }

    @Test
    void aRequestThatWaitsForAConnectionIsLateFromItsSchedule() throws IOException {
        try (var loop = new EventLoop();
                var load = new HttpLoad(loop, address, List.of(request("/gated")), 201)) {
            var scheduled = new ArrayList<Long>();
            load.onSend((connection, number, due) -> {
                scheduled.add(due);
                if (number == 0) {
                    // Opens only once the next one is overdue by far.
                    threads.execute(() -> {
                        while (System.nanoTime() - due < Duration.ofMillis(300).toNanos()) {
                            Thread.onSpinWait();
                        }
                        gate.countDown();
                    });
                }
            });

            var result = load.open(100, Duration.ofMillis(100), () -> true);

            assertThat(result.answers()).isEqualTo(10);
            assertThat(scheduled.get(9) - scheduled.get(0))
                    .isEqualTo(Duration.ofMillis(90).toNanos());
            // Even the last one had been due 200 ms before the gate opened, though it was answered at once.
            assertThat(result.latencies().millis(0)).isGreaterThanOrEqualTo(199);
        }
    }

    @Test
    void anUnexpectedStatusFailsTheRun() throws IOException {
        try (var loop = new EventLoop();
                var load = new HttpLoad(loop, address, List.of(request("/error")), 201)) {
            assertThatThrownBy(() -> load.closed(Duration.ofSeconds(5), () -> true))
                    .isInstanceOf(BenchmarkFailed.class)
                    .hasMessageStartingWith("Status 503");
        }
    }

    private NumberedText request(String path) {
        return new HttpRequests(address).post(path, "token", "{\"n\":\"" + NumberedText.PLACE + "\"}");
    }

    private void answer(HttpExchange exchange, int status, boolean chunked) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        received.add(new String(body, StandardCharsets.US_ASCII));
        clients.add(exchange.getRemoteAddress());
        exchange.sendResponseHeaders(status, chunked ? 0 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}

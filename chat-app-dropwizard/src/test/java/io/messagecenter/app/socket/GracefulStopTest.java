package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GracefulStopTest {
    @Test
    void whatWasTakenIsAnsweredAndThenEverySocketIsClosedWith1001() {
        var service = TestService.start("");
        var bob = service.user("bob");
        var senders =
                IntStream.range(0, 6).mapToObj(i -> service.user("sender")).toList();
        var clients = senders.stream().map(service::greeted).toList();
        var listening = List.of(service.greeted(bob), service.original(bob));
        var quiet = service.greeted(service.user("carol"));
        long quietSince = System.nanoTime();
        // What is quiet for so long, Jetty itself would end as soon as it stops, in words of its own.
        Awaitility.await().until(() -> System.nanoTime() - quietSince > 1_500_000_000L);
        int port = service.port();

        var enough = new AtomicBoolean();
        var sending = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < clients.size(); i++) {
            var client = clients.get(i);
            var name = "s" + i + "-";
            sending.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            for (int n = 0; n < 5_000 && !enough.get(); n++) {
                                client.send(ChatClient.sendFrame(name + n, bob.name(), "message"));
                            }
                        } catch (IllegalStateException e) {
                            enough.set(true); // closed, as it should be
                        }
                    },
                    task -> new Thread(task).start()));
        }
        Awaitility.await().atMost(TestService.PATIENCE).until(() -> clients.stream()
                .allMatch(client -> client.waiting() > 100));
        long start = System.nanoTime();
        service.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        enough.set(true);
        sending.forEach(CompletableFuture::join);

        var all = new ArrayList<>(clients);
        all.addAll(listening);
        all.add(quiet);
        for (var client : all) {
            assertThat(client.awaitClosed()).isEqualTo(new ChatClient.Closed(1001, "the service stops; connect again"));
        }
        // Nothing is stored that was not acknowledged, and nothing acknowledged that is not stored.
        var acknowledged = new ConcurrentLinkedQueue<Long>();
        for (var client : clients) {
            while (client.waiting() > 0) {
                var frame = ChatClient.json(client.next());
                if (frame.get("type").asText().equals("ack")) {
                    acknowledged.add(frame.get("message").get("id").asLong());
                }
            }
        }
        var stored = service.messages(bob).stream()
                .filter(message -> !message.sender().equals(bob.person()))
                .map(message -> message.id().value())
                .toList();
        assertThat(acknowledged).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(stored).hasSizeGreaterThan(300);

        assertThatThrownBy(() -> RawSocket.connect(port))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void aClientThatDoesNotReadDoesNotHoldTheStopUp() {
        var service = TestService.start("");
        var alice = service.user("alice");
        var bob = service.user("bob");
        try (var stuck = RawSocket.v1(service, bob, "", 16 * 1024)) {
            assertThat(stuck.read().text()).contains("\"hello\"");
            service.sendMany(alice, bob, 1_500, i -> "x".repeat(9_000));
            service.send(alice, bob, "last");
            long start = System.nanoTime();
            service.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }
}

package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pings every second, so a client is gone after two and a half; looked at once a second. */
@Timeout(60)
class PingTest {
    private static TestService service;
    private final TestService.User alice = service.user("alice");
    private final TestService.User bob = service.user("bob");

    @BeforeAll
    static void start() {
        service = TestService.start("ping: 1 second, slowReader: 3 seconds");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aClientThatDoesNotAnswerIsDisconnectedAndOneThatDoesLives() {
        var library = service.greeted(alice);
        var original = service.original(alice);
        try (var silent = RawSocket.v1(service, bob);
                var busyButSilent = RawSocket.original(service, alice);
                var answering = RawSocket.v1(service, bob)) {
            assertThat(silent.read().text()).contains("\"ping\":1}");
            answering.read();
            long start = System.nanoTime();
            var ends = CompletableFuture.supplyAsync(() -> endOf(silent));
            var busyEnds = CompletableFuture.supplyAsync(() -> endOf(busyButSilent));
            int answered = 0;
            while (!ends.isDone() || !busyEnds.isDone() || answered < 5) {
                service.send(alice, alice, "traffic");
                if (answering.read().opcode() == RawSocket.PING) {
                    answering.frame(true, RawSocket.PONG, new byte[0]);
                    answered++;
                }
            }
            for (var end : new CompletableFuture<?>[] {ends, busyEnds}) {
                var took = Duration.ofNanos((Long) end.join() - start);
                assertThat(took).isBetween(Duration.ofMillis(2_200), Duration.ofSeconds(8));
            }
            assertThat(service.center()
                            .presence()
                            .online(java.util.List.of(bob.person().id())))
                    .hasSize(1);
            service.send(alice, bob, "still there?");
            assertThat(readText(answering)).contains("still there?");
            library.skipUntilBody("still there?");
            original.skipUntil(TestService.notification(service.send(bob, alice, "you too?")));
        }
        library.close();
        original.close();
    }

    @Test
    void aClientThatReadsSlowlyButAnswersGetsEverythingWithoutBeingClosed() {
        int messages = 1_800;
        var body = "x".repeat(9_000);
        var reading = new Semaphore(0);
        var pace = Executors.newSingleThreadScheduledExecutor();
        try (var slow = RawSocket.v1(service, bob, "?after=0", 64 * 1024)) {
            // About 3 MB a second: ten times as slow as it is sent, and longer than one may take nothing, yet never
            // nothing for so long.
            pace.scheduleAtFixedRate(() -> reading.release(16), 0, 50, TimeUnit.MILLISECONDS);
            service.sendMany(alice, bob, messages, i -> i + " " + body);
            assertThat(slow.read().text()).contains("\"hello\"");
            long start = System.nanoTime();
            long seq = 0;
            while (seq < messages) {
                reading.acquireUninterruptibly();
                var frame = slow.read();
                if (frame.opcode() == RawSocket.PING) {
                    slow.frame(true, RawSocket.PONG, new byte[0]);
                } else {
                    assertThat(frame.opcode()).isEqualTo(RawSocket.TEXT);
                    var event = ChatClient.json(frame.text());
                    assertThat(event.get("seq").asLong()).isEqualTo(++seq);
                    assertThat(event.get("message").get("body").asText()).isEqualTo((seq - 1) + " " + body);
                }
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(4));
            service.send(alice, bob, "live");
            assertThat(readText(slow)).contains("\"live\"");
        } finally {
            pace.shutdownNow();
        }
    }

    private static String readText(RawSocket raw) {
        var frame = raw.readData();
        assertThat(frame.opcode()).isEqualTo(RawSocket.TEXT);
        return frame.text();
    }

    /** When the connection was over; pings stay unanswered. */
    private static long endOf(RawSocket raw) {
        int pings = 0;
        for (var frame = raw.readOrEnd(); frame.isPresent(); frame = raw.readOrEnd()) {
            pings += frame.get().opcode() == RawSocket.PING ? 1 : 0;
        }
        assertThat(pings).isPositive();
        return System.nanoTime();
    }
}

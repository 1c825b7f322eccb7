package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlowReaderTest {
    private static final int MESSAGES = 3_000;
    private static final String FILL = "x".repeat(9_000);

    private static TestService service;
    private final TestService.User alice = service.user("alice");
    private final TestService.User bob = service.user("bob");

    @BeforeAll
    static void start() {
        service = TestService.start("slowReader: 3 seconds");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aClientThatStopsReadingIsClosedAndResumesAndNobodyElseNotices() {
        try (var stuck = RawSocket.v1(service, bob, "", 16 * 1024);
                var other = service.greeted(bob)) {
            assertThat(stuck.read().text()).contains("\"hello\"");
            int followers = service.center().feeds().followers();
            service.sendMany(alice, bob, MESSAGES, i -> i + FILL);
            service.send(alice, bob, "last" + FILL);
            for (long seq = 1; seq <= MESSAGES + 1; seq++) {
                assertThat(other.next("message.sent").get("seq").asLong()).isEqualTo(seq);
            }
            // It follows no more once it is being closed, and can still read what was on its way, and why.
            Awaitility.await()
                    .atMost(TestService.PATIENCE)
                    .until(() -> service.center().feeds().followers() == followers - 1);
            long last = 0;
            long bytes = 0;
            var frame = stuck.readData();
            while (frame.opcode() == RawSocket.TEXT) {
                bytes += frame.payload().length;
                assertThat(ChatClient.json(frame.text()).get("seq").asLong()).isEqualTo(++last);
                frame = stuck.readData();
            }
            assertThat(frame.closeCode()).isEqualTo(1013);
            // Of 27 MB no more than the kernel's buffers hold, and half a megabyte.
            assertThat(bytes).isLessThan(9 << 20);
            stuck.frame(true, RawSocket.CLOSE, frame.payload());
            stuck.readToEnd();

            try (var again = service.resume(bob, last)) {
                assertThat(again.next("hello").get("last").asLong()).isEqualTo(last);
                for (long seq = last + 1; seq <= MESSAGES + 1; seq++) {
                    assertThat(again.next("message.sent").get("seq").asLong()).isEqualTo(seq);
                }
            }
        }
    }

    @Test
    void clientsThatNeverReadAgainAreGoneInTheEnd() {
        var stuck = new ArrayList<RawSocket>();
        IntStream.range(0, 10).forEach(i -> stuck.add(RawSocket.v1(service, bob, "?after=0", 16 * 1024)));
        // Would each keep what it does not read, these were 400 MB.
        service.sendMany(alice, bob, MESSAGES / 2, i -> i + FILL);
        service.send(alice, bob, "last");
        Awaitility.await().atMost(TestService.PATIENCE).until(() -> service.center()
                .presence()
                .online(java.util.List.of(bob.person().id()))
                .isEmpty());
        stuck.forEach(RawSocket::close);
    }

    @Test
    void aSenderWhoReadsNoAnswersIsNotReadEither() {
        try (var stuck = RawSocket.v1(service, alice, "", 16 * 1024);
                var other = service.greeted(bob)) {
            assertThat(stuck.read().text()).contains("\"hello\"");
            var sending = java.util.concurrent.CompletableFuture.runAsync(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    stuck.text(ChatClient.sendFrame("k" + i, bob.name(), i + FILL));
                }
            });
            long received = 0;
            while (other.closed().getNow(null) == null) {
                var frame = other.poll(java.time.Duration.ofMillis(1_500));
                if (frame.isEmpty()) {
                    break; // nothing more is taken from the one who does not read
                }
                assertThat(ChatClient.json(frame.get()).get("seq").asLong()).isEqualTo(++received);
            }
            assertThat(received).isLessThan(MESSAGES);
            stuck.close();
            sending.handle((done, failure) -> true).join();
        }
    }
}

package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ResumeTest {
    private final TestService service = TestService.shared();
    private final TestService.User alice = service.user("alice");
    private final TestService.User bob = service.user("bob");

    @Test
    void theFirstFrameIsHello() {
        service.send(alice, bob, "before");
        try (var client = service.v1(bob)) {
            assertThat(client.next())
                    .isEqualTo("{\"type\":\"hello\",\"last\":1,\"user\":\"" + bob.name() + "\",\"ping\":30}");
        }
    }

    @Test
    void theFirstFrameIsHelloAlsoForAClientThatSpeaksFirst() throws Exception {
        var requests = List.of("Authorization: Bearer " + bob.token(), "Sec-WebSocket-Protocol: message-center.v1");
        for (int i = 0; i < 50; i++) {
            try (var raw = RawSocket.connect(service.port())) {
                var early = raw.upgradeRequest("/ws", requests).getBytes(StandardCharsets.US_ASCII);
                var garbage = RawSocket.frameBytes(true, RawSocket.TEXT, new byte[] {'?'});
                var both = new java.io.ByteArrayOutputStream();
                both.writeBytes(early);
                both.writeBytes(garbage);
                raw.write(both.toByteArray());
                assertThat(raw.readAnswer().status()).isEqualTo(101);
                assertThat(type(raw.read().text())).isEqualTo("hello");
                assertThat(type(raw.read().text())).isEqualTo("error");
            }
        }
    }

    @Test
    void eventsComeAsTheyHappenAndAsTheFeedHasThem() {
        try (var client = service.greeted(bob)) {
            service.send(alice, bob, "one \"quoted\" \\ \u2028 \uD83D\uDE00");
            service.send(bob, alice, "two");
            service.send(bob, bob, "three");
            var got = List.of(client.next(), client.next(), client.next());
            var feed =
                    ChatClient.json(service.get("/api/v1/event/?after=0", bob).body());
            assertThat(got)
                    .containsExactly(
                            feed.get("events").get(0).toString(),
                            feed.get("events").get(1).toString(),
                            feed.get("events").get(2).toString());
            assertThat(seqs(got)).containsExactly(1L, 2L, 3L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 999, 1_000})
    void resumeSendsWhatCameAfterTheCursorAndGoesOnLive(int after) {
        for (int i = 0; i < 1_000; i++) {
            service.center().send(alice.person(), bob.name(), "message " + i);
        }
        service.send(alice, bob, "the last");
        try (var client = service.resume(bob, after)) {
            assertThat(client.next("hello").get("last").asLong()).isEqualTo(after);
            service.send(alice, bob, "live");
            assertThat(seqs(client, 1_002 - after)).isEqualTo(from(after + 1, 1_002));
            service.send(bob, alice, "more");
            assertThat(client.next("message.sent").get("seq").asLong()).isEqualTo(1_003);
            assertThat(client.waiting()).isZero();
        }
    }

    @Test
    void aCursorBeyondTheEndIsReset() {
        service.send(alice, bob, "one");
        service.send(alice, bob, "two");
        try (var client = service.resume(bob, 3)) {
            assertThat(client.next())
                    .isEqualTo("{\"type\":\"hello\",\"last\":2,\"user\":\"" + bob.name() + "\",\"ping\":30}");
            assertThat(client.next()).isEqualTo("{\"type\":\"reset\",\"last\":2}");
            service.send(alice, bob, "three");
            assertThat(client.next("message.sent").get("seq").asLong()).isEqualTo(3);
        }
    }

    @Test
    void aCursorThatIsTooOldIsResetAndWhatFollowsComesLive() {
        try (var forgetful = TestService.start("", "enabled: false", "200ms", "feed: 1 second")) {
            var sender = forgetful.user("alice");
            var reader = forgetful.user("bob");
            forgetful.send(sender, reader, "one");
            forgetful.send(sender, reader, "two");
            await().atMost(TestService.PATIENCE)
                    .until(() -> forgetful.get("/api/v1/event/?after=1", reader).statusCode() == 410);
            try (var client = forgetful.resume(reader, 1)) {
                assertThat(client.next("hello").get("last").asLong()).isEqualTo(1);
                assertThat(client.next()).isEqualTo("{\"type\":\"reset\",\"last\":2}");
                forgetful.send(sender, reader, "three");
                assertThat(client.next("message.sent").get("seq").asLong()).isEqualTo(3);
            }
        }
    }

    @Test
    void resumingWhileOthersSendMissesAndRepeatsNothing() {
        int senders = 4;
        int each = 250;
        int total = senders * each;
        var sending = IntStream.range(0, senders)
                .mapToObj(i -> service.user("sender"))
                .map(sender -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < each; i++) {
                        service.send(sender, bob, "message " + i);
                    }
                }))
                .toList();
        var resumed = new AtomicInteger();
        var reading = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    long last = 0;
                    while (last < total) {
                        // A client that breaks off again and again, and goes on from its cursor.
                        var client = service.resume(bob, last);
                        resumed.incrementAndGet();
                        assertThat(client.next("hello").get("last").asLong()).isEqualTo(last);
                        int take = ThreadLocalRandom.current().nextInt(1, 60);
                        for (int j = 0; j < take && last < total; j++) {
                            assertThat(client.next("message.sent").get("seq").asLong())
                                    .isEqualTo(++last);
                        }
                        client.abort();
                    }
                }))
                .toList();
        sending.forEach(CompletableFuture::join);
        reading.forEach(CompletableFuture::join);
        assertThat(resumed).hasValueGreaterThan(4 * (total / 60) - 1);
    }

    @Test
    void everySocketOfAUserGetsTheSame() {
        var clients = IntStream.range(0, 5).mapToObj(i -> service.greeted(bob)).toList();
        var sent = new ArrayList<Long>();
        for (int i = 0; i < 100; i++) {
            sent.add(service.send(i % 2 == 0 ? alice : bob, i % 2 == 0 ? bob : alice, "message " + i)
                    .id()
                    .value());
        }
        for (var client : clients) {
            var got = new ArrayList<Long>();
            for (int i = 0; i < 100; i++) {
                got.add(client.next("message.sent").get("message").get("id").asLong());
            }
            assertThat(got).isEqualTo(sent);
            client.close();
            assertThat(client.waiting()).isZero();
        }
    }

    private static String type(String frame) {
        return ChatClient.json(frame).get("type").asText();
    }

    private static List<Long> seqs(List<String> frames) {
        return frames.stream()
                .map(frame -> ChatClient.json(frame).get("seq").asLong())
                .toList();
    }

    private static List<Long> seqs(ChatClient client, int count) {
        var seqs = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            seqs.add(client.next("message.sent").get("seq").asLong());
        }
        return seqs;
    }

    private static List<Long> from(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}

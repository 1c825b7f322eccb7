package io.messagecenter.app.socket;

import static io.messagecenter.app.socket.TestService.notification;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OriginalChannelTest {
    private final TestService service = TestService.shared();
    private final TestService.User alice = service.user("alice");
    private final TestService.User bob = service.user("bob");

    @Test
    void bothSidesGetTheIdAsAStringOnEveryOpenConnection() {
        var clients =
                List.of(service.original(alice), service.original(alice), service.original(bob), service.original(bob));
        mark(alice, clients.subList(0, 2));
        mark(bob, clients.subList(2, 4));
        var answer = service.call(
                "POST", "/api/v1/message/", alice, "{\"recipient\": \"" + bob.name() + "\", \"body\": \"hello\"}");
        var id = ChatClient.json(answer.body()).get("id").asLong();
        assertThat(answer.statusCode()).isEqualTo(201);
        for (var client : clients) {
            assertThat(client.next()).isEqualTo("{\"message\": \"" + id + "\"}");
        }
        end(clients);
    }

    @Test
    void aStrangerHearsNothingOfIt() {
        var carol = service.user("carol");
        var client = service.original(carol);
        service.send(alice, bob, "between us");
        var toCarol = service.send(alice, carol, "to you");
        assertThat(client.next()).isEqualTo(notification(toCarol));
        end(List.of(client));
    }

    @Test
    void whatIsSentAsSoonAsTheChannelIsOpenIsTold() {
        for (int i = 0; i < 100; i++) {
            var client = service.original(alice);
            var sent = service.send(bob, alice, "hello " + i);
            assertThat(client.next()).isEqualTo(notification(sent));
            end(List.of(client));
        }
    }

    @Test
    void aNoteToOneselfComesOnce() {
        var client = service.original(alice);
        var note = service.send(alice, alice, "buy milk");
        var next = service.send(alice, bob, "hello");
        assertThat(client.next()).isEqualTo(notification(note));
        assertThat(client.next()).isEqualTo(notification(next));
        end(List.of(client));
    }

    @Test
    void theIdsComeInTheOrderOfTheFeed() {
        var client = service.original(bob);
        long before = service.head(bob);
        var senders = IntStream.range(0, 4)
                .mapToObj(i -> service.user("sender"))
                .map(sender -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 100; i++) {
                        service.send(sender, bob, "message " + i);
                    }
                }))
                .toList();
        senders.forEach(CompletableFuture::join);
        var ids = new ArrayList<String>();
        for (int i = 0; i < 400; i++) {
            ids.add(client.next());
        }
        assertThat(ids)
                .containsExactlyElementsOf(service.feed(bob).subList((int) before, (int) before + 400).stream()
                        .map(id -> "{\"message\": \"" + id + "\"}")
                        .toList());
        end(List.of(client));
    }

    @Test
    void whatTheClientSendsIsIgnoredAndTheConnectionLivesOn() {
        var client = service.original(alice);
        long before = service.head(alice);
        client.send("");
        client.send("garbage");
        client.send("[1, 2]");
        client.send(ChatClient.sendFrame("k1", bob.name(), "not by this channel"));
        client.sendBinary(new byte[] {1, 2, 3});
        client.sendBinary(new byte[0]);
        var message = service.send(bob, alice, "still there?");
        assertThat(client.next()).isEqualTo(notification(message));
        assertThat(service.head(alice)).isEqualTo(before + 1);
        assertThat(service.head(bob)).isEqualTo(1);
        end(List.of(client));
    }

    @Test
    void aThousandFramesWithoutAPauseAreIgnored() {
        var client = service.original(alice);
        for (int i = 0; i < 1_000; i++) {
            if (i % 2 == 0) {
                client.send(ChatClient.sendFrame("k" + i, bob.name(), "no"));
            } else {
                client.sendBinary(new byte[] {(byte) i});
            }
        }
        var message = service.send(bob, alice, "still there?");
        assertThat(client.next()).isEqualTo(notification(message));
        assertThat(service.head(bob)).isEqualTo(1);
        end(List.of(client));
    }

    @Test
    void tenMegabytesAreIgnoredInOneFrameAndInMany() {
        try (var raw = RawSocket.original(service, alice)) {
            var large = new byte[10 << 20];
            raw.frame(true, RawSocket.TEXT, large);
            raw.frame(true, RawSocket.BINARY, large);
            raw.frame(false, RawSocket.TEXT, new byte[60_000]);
            for (int i = 0; i < 100; i++) {
                raw.frame(false, RawSocket.CONTINUATION, new byte[60_000]);
            }
            raw.frame(true, RawSocket.CONTINUATION, new byte[0]);
            raw.frame(true, RawSocket.PING, new byte[] {42});
            // Its turn comes after all that was before it.
            assertThat(raw.read())
                    .usingRecursiveComparison()
                    .isEqualTo(new RawSocket.Frame(true, RawSocket.PONG, new byte[] {42}, false, 1));
            var message = service.send(bob, alice, "still there?");
            assertThat(raw.read().text()).isEqualTo(notification(message));
        }
    }

    @Test
    void aCursorMeansNothingHere() {
        service.send(alice, bob, "before");
        var client = ChatClient.original(
                java.net.URI.create(service.address() + "?after=0"),
                service.signIn(bob.person()).token());
        // It is live from some moment on, and what was before never comes.
        var later = new ArrayList<String>();
        var first = CompletableFuture.supplyAsync(client::next);
        while (!first.isDone()) {
            later.add(notification(service.send(alice, bob, "later")));
        }
        assertThat(later).contains(first.join());
        for (var next : later.subList(later.indexOf(first.join()) + 1, later.size())) {
            assertThat(client.next()).isEqualTo(next);
        }
        end(List.of(client));
    }

    @Test
    void anUnknownSubprotocolIsTheOriginalChannel() {
        try (var raw = RawSocket.connect(service.port())) {
            var answer = raw.upgrade(
                    "/ws",
                    List.of(
                            "Authorization: Bearer " + alice.token(),
                            "Sec-WebSocket-Protocol: soap, message-center.v9"));
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers()).doesNotContainKey("sec-websocket-protocol");
            var sent = new ArrayList<String>();
            var first = CompletableFuture.supplyAsync(() -> raw.read().text());
            while (!first.isDone()) {
                sent.add(notification(service.send(bob, alice, "hello")));
            }
            assertThat(sent).contains(first.join());
        }
    }

    private void mark(TestService.User user, List<ChatClient> clients) {
        var mark = notification(service.send(user, user, "mark"));
        clients.forEach(client -> client.skipUntil(mark));
    }

    private static void end(List<ChatClient> clients) {
        for (var client : clients) {
            client.close();
            assertThat(client.waiting()).isZero();
        }
    }
}

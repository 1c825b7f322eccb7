package io.messagecenter.app.socket;

import static io.messagecenter.app.socket.ChatClient.sendFrame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SendTest {
    private final TestService service = TestService.shared();
    private final TestService.User alice = service.user("alice");
    private final TestService.User bob = service.user("bob");

    @Test
    void aSendIsAcknowledgedWithTheMessageThatBothSidesGet() {
        try (var from = service.greeted(alice);
                var to = service.greeted(bob)) {
            from.send(sendFrame("key-1", bob.name(), "  hello, \"bob\" \uD83D\uDE00 \n"));
            var event = to.next("message.sent");
            var got = List.of(ChatClient.json(from.next()), ChatClient.json(from.next()));
            var ack = got.stream().filter(one -> isType(one, "ack")).findFirst().orElseThrow();
            var own = got.stream()
                    .filter(one -> isType(one, "message.sent"))
                    .findFirst()
                    .orElseThrow();
            var message = ack.get("message");
            assertThat(ack.fieldNames()).toIterable().containsExactly("type", "client_id", "message");
            assertThat(ack.get("client_id").asText()).isEqualTo("key-1");
            assertThat(message.get("user").asText()).isEqualTo(alice.name());
            assertThat(message.get("recipient").asText()).isEqualTo(bob.name());
            assertThat(message.get("body").asText()).isEqualTo("hello, \"bob\" \uD83D\uDE00");
            assertThat(message.get("client_id").asText()).isEqualTo("key-1");
            assertThat(message.get("seq").asLong()).isEqualTo(1);
            assertThat(own.get("message")).isEqualTo(message);
            assertThat(event.get("message")).isEqualTo(message);
            var stored = service.get("/api/v1/message/" + message.get("id").asLong() + "/", bob);
            assertThat(ChatClient.json(stored.body())).isEqualTo(message);
        }
    }

    @Test
    void aNoteToOneselfIsAcknowledgedAndComesOnce() {
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("note", alice.name(), "buy milk"));
            var types = List.of(type(client.next()), type(client.next()));
            assertThat(types).containsExactlyInAnyOrder("ack", "message.sent");
            client.send("?");
            client.next("error");
            assertThat(service.head(alice)).isEqualTo(1);
        }
    }

    @Test
    void theRecipientMayBeWrittenInAnyCase() {
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("k", bob.name().toUpperCase(java.util.Locale.ROOT), "hello"));
            assertThat(client.skipTo("ack").get("message").get("recipient").asText())
                    .isEqualTo(bob.name());
        }
    }

    @Test
    void membersThatItDoesNotKnowAreIgnored() {
        try (var client = service.greeted(alice)) {
            client.send("{\"mood\": [1], \"type\": \"send\", \"client_id\": \"k\", \"recipient\": \"" + bob.name()
                    + "\", \"body\": \"hello\", \"reply_to\": null}");
            assertThat(client.skipTo("ack").get("client_id").asText()).isEqualTo("k");
        }
    }

    @Test
    void aRepeatOverTheSameSocketIsAcknowledgedWithTheFirstMessage() {
        try (var client = service.greeted(alice)) {
            var acks = new HashSet<JsonNode>();
            for (int i = 0; i < 5; i++) {
                client.send(sendFrame("key", bob.name(), "once"));
                acks.add(client.skipTo("ack"));
            }
            assertThat(acks).hasSize(1);
            assertThat(service.head(bob)).isEqualTo(1);
        }
    }

    @Test
    void repeatsWithoutAPauseAreAcknowledgedEachWithTheFirstMessage() {
        try (var client = service.greeted(alice)) {
            for (int i = 0; i < 100; i++) {
                client.send(sendFrame("key", bob.name(), "once"));
            }
            var acks = new HashSet<JsonNode>();
            for (int i = 0; i < 100; i++) {
                acks.add(client.skipTo("ack"));
            }
            assertThat(acks).hasSize(1);
            assertThat(service.head(bob)).isEqualTo(1);
        }
    }

    @Test
    void repeatsOverManySocketsAtOnceAreOneMessage() throws Exception {
        var clients =
                IntStream.range(0, 8).mapToObj(i -> service.greeted(alice)).toList();
        for (int round = 0; round < 20; round++) {
            var frame = sendFrame("key-" + round, bob.name(), "once " + round);
            var start = new CyclicBarrier(clients.size());
            var acks = clients.stream()
                    .map(client -> CompletableFuture.supplyAsync(
                            () -> {
                                await(start);
                                client.send(frame);
                                return client.skipTo("ack");
                            },
                            task -> new Thread(task).start()))
                    .toList();
            var different = new HashSet<JsonNode>();
            acks.forEach(ack -> different.add(ack.join()));
            assertThat(different).hasSize(1);
        }
        assertThat(service.head(bob)).isEqualTo(20);
        assertThat(service.head(alice)).isEqualTo(20);
        clients.forEach(ChatClient::close);
    }

    @Test
    void aRepeatAfterAReconnectIsAcknowledgedWithTheFirstMessage() {
        JsonNode first;
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("key", bob.name(), "once"));
            first = client.skipTo("ack");
        }
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("key", bob.name(), "once"));
            assertThat(client.next("ack")).isEqualTo(first);
            // By REST it is the same message, too.
            var answer = service.call(
                    "POST",
                    "/api/v1/message/",
                    alice,
                    "{\"recipient\": \"" + bob.name() + "\", \"body\": \"once\", \"client_id\": \"key\"}");
            assertThat(ChatClient.json(answer.body())).isEqualTo(first.get("message"));
            assertThat(service.head(bob)).isEqualTo(1);
        }
    }

    @Test
    void theSameKeyOfAnotherSenderIsAnotherMessage() {
        try (var one = service.greeted(alice);
                var other = service.greeted(bob)) {
            one.send(sendFrame("key", bob.name(), "hello"));
            var first = one.skipTo("ack").get("message").get("id").asLong();
            other.send(sendFrame("key", bob.name(), "hello"));
            assertThat(other.skipTo("ack").get("message").get("id").asLong()).isNotEqualTo(first);
        }
    }

    @Test
    void aKeyReusedForAnotherMessageIsAConflict() {
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("key", bob.name(), "one"));
            client.skipTo("ack");
        }
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("key", bob.name(), "two"));
            assertError(client, "key", 409, "client_key_reused");
            client.send(sendFrame("key", alice.name(), "one"));
            assertError(client, "key", 409, "client_key_reused");
            assertThat(service.head(bob)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody-of-this-name", "no name at all", "%", "x\u0000y"})
    void anUnknownRecipientIsNotFound(String recipient) {
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("k", recipient, "hello"));
            assertError(client, "k", 404, "not_found");
        }
    }

    @Test
    void whomOneMayNotWriteToIsForbidden() {
        var hermit = service.userEnding("-hermit");
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("k", hermit.name(), "hello"));
            assertError(client, "k", 403, "forbidden");
            assertThat(service.head(hermit)).isZero();
        }
    }

    @Test
    void aFailureOfItsOwnIsAnErrorWithAnIdAndTheConnectionLivesOn() {
        var broken = service.userEnding("-broken");
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("k", broken.name(), "hello"));
            var error = assertError(client, "k", 500, "internal_server_error");
            assertThat(error.get("error_id").asText()).hasSize(36);
            assertThat(error.toString()).doesNotContain("out of order");
            assertAlive(client);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"body\": \"\"'|body|This field may not be blank.",
                "'\"body\": \" \\n\\u00a0\"'|body|This field may not be blank.",
                "'\"body\": null'|body|This field may not be null.",
                "'\"body\": 7'|body|Not a valid string.",
                "'\"body\": [\"x\"]'|body|Not a valid string.",
                "'\"nobody\": \"x\"'|body|This field is required.",
                "'\"body\": \"a\\u0007b\"'|body|Control characters are not allowed.",
                "'\"body\": \"a\\ud800b\"'|body|Lone surrogates are not allowed.",
                "'\"body\": \"x\", \"recipient\": \"  \"'|recipient|This field may not be blank.",
                "'\"body\": \"x\", \"recipient\": true'|recipient|Not a valid string.",
                "'\"body\": \"x\", \"recipient\": {}'|recipient|Not a valid string."
            })
    void aFaultyFieldIsNamed(String members, String field, String fault) {
        try (var client = service.greeted(alice)) {
            client.send("{\"type\": \"send\", \"client_id\": \"k\", \"recipient\": \"" + bob.name() + "\", " + members
                    + "}");
            var error = assertError(client, "k", 400, "invalid");
            assertThat(error.get(field).toString()).isEqualTo("[\"" + fault + "\"]");
            assertAlive(client);
            assertThat(service.head(bob)).isEqualTo(1);
        }
    }

    @Test
    void aBodyMayHaveTenThousandCharactersAndNotOneMore() {
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("fits", bob.name(), "\uD83D\uDE00".repeat(10_000)));
            assertThat(client.skipTo("ack").get("client_id").asText()).isEqualTo("fits");
            client.send(sendFrame("long", bob.name(), "\uD83D\uDE00".repeat(10_001)));
            var error = client.skipTo("error");
            assertThat(error.get("client_id").asText()).isEqualTo("long");
            assertThat(error.get("body").toString())
                    .isEqualTo("[\"Ensure this field has no more than 10000 characters.\"]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "''|none|This field is required.",
                "'\"client_id\": null, '|none|This field may not be null.",
                "'\"client_id\": 7, '|none|Not a valid string.",
                "'\"client_id\": \"m\\ud800x\", '|none|Use 1 to 64 visible ASCII characters.",
                "'\"client_id\": \"\", '|''|Use 1 to 64 visible ASCII characters.",
                "'\"client_id\": \"two words\", '|two words|Use 1 to 64 visible ASCII characters.",
                "'\"client_id\": \"\u00e4\", '|\u00e4|Use 1 to 64 visible ASCII characters."
            })
    void aSendNeedsAKey(String member, String clientId, String fault) {
        try (var client = service.greeted(alice)) {
            client.send("{\"type\": \"send\", " + member + "\"recipient\": \"" + bob.name() + "\", \"body\": \"x\"}");
            var text = client.next();
            assertThat(text).containsOnlyOnce("\"client_id\":");
            var error = ChatClient.json(text);
            assertThat(error.get("type").asText()).isEqualTo("error");
            assertThat(error.get("status").asInt()).isEqualTo(400);
            assertThat(error.get("client_id").textValue()).isEqualTo(clientId);
            assertThat(error.get("client_id_errors").toString()).isEqualTo("[\"" + fault + "\"]");
            assertThat(service.head(bob)).isZero();
        }
    }

    @Test
    void aKeyHasAtMost64Characters() {
        try (var client = service.greeted(alice)) {
            client.send(sendFrame("k".repeat(65), bob.name(), "x"));
            assertError(client, "k".repeat(65), 400, "invalid");
            client.send(sendFrame("k".repeat(64), bob.name(), "x"));
            assertThat(client.skipTo("ack").get("client_id").asText()).isEqualTo("k".repeat(64));
        }
    }

    @Test
    void allFaultsOfAFrameAreNamedAtOnce() {
        try (var client = service.greeted(alice)) {
            client.send("{\"type\": \"send\", \"client_id\": \"k\"}");
            var error = assertError(client, "k", 400, "invalid");
            assertThat(error.get("recipient").toString()).isEqualTo("[\"This field is required.\"]");
            assertThat(error.get("body").toString()).isEqualTo("[\"This field is required.\"]");
        }
    }

    @Test
    void aThousandSendsWithoutAPauseAreAcknowledgedOnceEachInTheirOrder() {
        try (var from = service.greeted(alice);
                var to = service.greeted(bob)) {
            for (int i = 0; i < 1_000; i++) {
                from.send(sendFrame("key-" + i, bob.name(), "message " + i));
            }
            var acks = new ArrayList<String>();
            var own = new ArrayList<String>();
            while (acks.size() < 1_000 || own.size() < 1_000) {
                var frame = ChatClient.json(from.next());
                if (isType(frame, "ack")) {
                    acks.add(frame.get("client_id").asText() + " "
                            + frame.get("message").get("seq"));
                } else {
                    own.add(frame.get("message").get("client_id").asText() + " " + frame.get("seq"));
                }
            }
            var expected = IntStream.range(0, 1_000)
                    .mapToObj(i -> "key-" + i + " " + (i + 1))
                    .toList();
            assertThat(acks).isEqualTo(expected);
            assertThat(own).isEqualTo(expected);
            var received = new ArrayList<String>();
            for (int i = 0; i < 1_000; i++) {
                var event = to.next("message.sent");
                received.add(event.get("message").get("client_id").asText() + " " + event.get("seq"));
            }
            assertThat(received).isEqualTo(expected);
            assertThat(from.waiting()).isZero();
            assertThat(to.waiting()).isZero();
        }
    }

    private JsonNode assertError(ChatClient client, String clientId, int status, String code) {
        var error = client.next("error");
        assertThat(error.get("client_id").asText()).isEqualTo(clientId);
        assertThat(error.get("status").asInt()).isEqualTo(status);
        assertThat(error.get("code").asText()).isEqualTo(code);
        assertThat(error.get("title").asText()).isNotBlank();
        assertThat(error.get("detail").asText()).isNotBlank();
        return error;
    }

    private void assertAlive(ChatClient client) {
        client.send(sendFrame("alive", bob.name(), "still here"));
        assertThat(client.skipTo("ack").get("client_id").asText()).isEqualTo("alive");
    }

    private static boolean isType(JsonNode frame, String type) {
        return frame.get("type").asText().equals(type);
    }

    private static String type(String frame) {
        return ChatClient.json(frame).get("type").asText();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

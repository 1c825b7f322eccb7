package io.messagecenter.app.socket;

import static io.messagecenter.app.socket.ChatClient.sendFrame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is told of typing and presence, and who is not. */
@Timeout(60)
class SignalsTest {
    private static TestService service;
    private final TestService.User alice = service.user("alice");
    private final TestService.User bob = service.user("bob");
    private final TestService.User carol = service.user("carol");

    @BeforeAll
    static void start() {
        service = TestService.start("");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String typing(String user) {
        return "{\"type\": \"typing\", \"user\": \"" + user + "\"}";
    }

    private static void assertTyping(ChatClient client, TestService.User by) {
        assertThat(client.next()).isEqualTo("{\"type\":\"typing\",\"user\":\"" + by.name() + "\"}");
    }

    private static void assertOnline(JsonNode frame, TestService.User who) {
        assertThat(frame.toString())
                .isEqualTo(
                        "{\"type\":\"presence\",\"user\":\"" + who.name() + "\",\"online\":true,\"last_seen\":null}");
    }

    private static void assertHidden(JsonNode frame, TestService.User who) {
        assertThat(frame.toString())
                .isEqualTo(
                        "{\"type\":\"presence\",\"user\":\"" + who.name() + "\",\"online\":false,\"last_seen\":null}");
    }

    private void block(TestService.User blocker, TestService.User blocked) {
        service.center().blocks().block(blocker.person(), blocked.name());
    }

    // --- typing

    @Test
    void everySocketOfWhoeverIsWrittenToHearsItAndNobodyElse() {
        try (var typist = service.greeted(alice);
                var one = service.greeted(bob);
                var two = service.greeted(bob);
                var original = service.original(bob);
                var other = service.greeted(carol)) {
            one.skipTo("message.sent"); // notes by which the original's channel came to life
            two.skipTo("message.sent");
            drain(one);
            drain(two);

            typist.send(typing(bob.name().toUpperCase(Locale.ROOT)));

            assertTyping(one, alice);
            assertTyping(two, alice);
            var message = service.send(alice, bob, "hello");
            service.send(carol, carol, "note");
            assertThat(original.next()).isEqualTo(TestService.notification(message));
            typist.next("message.sent");
            other.next("message.sent");
        }
    }

    private static void drain(ChatClient client) {
        var note = client.poll(Duration.ofMillis(200));
        while (note.isPresent()) {
            note = client.poll(Duration.ofMillis(200));
        }
    }

    @Test
    void nothingIsStored() {
        try (var typist = service.greeted(alice);
                var his = service.greeted(bob)) {
            typist.send(typing(bob.name()));
            assertTyping(his, alice);
        }
        assertThat(service.head(alice)).isZero();
        assertThat(service.head(bob)).isZero();
    }

    @Test
    void betweenTwoOfWhomOneBlocksTheOtherNothingPassesAndNothingIsSaid() {
        block(bob, alice);
        try (var hers = service.greeted(alice);
                var his = service.greeted(bob);
                var friend = service.greeted(carol)) {
            his.send(typing(alice.name()));
            hers.send(typing(bob.name()));
            friend.send(typing(bob.name()));
            friend.send(typing(alice.name()));
            assertTyping(his, carol);
            assertTyping(hers, carol);
            for (var client : List.of(hers, his)) {
                client.send(sendFrame("k", carol.name(), "anything else?"));
                assertThat(client.skipTo("ack")).isNotNull();
                assertThat(client.poll(Duration.ofMillis(50)).orElse("")).doesNotContain("typing", "error");
            }
        }
    }

    @Test
    void aBlockTakesEffectWithinTwoSeconds() {
        try (var hers = service.greeted(alice);
                var his = service.greeted(bob)) {
            hers.send(typing(bob.name()));
            assertTyping(his, alice);
            block(bob, alice);
            his.next("user.blocked");
            long blocked = System.nanoTime();
            long last = blocked;
            while (System.nanoTime() - blocked < Duration.ofMillis(2_500).toNanos()) {
                hers.send(typing(bob.name()));
                if (his.poll(Duration.ofMillis(50)).isPresent()) {
                    last = System.nanoTime();
                }
            }
            assertThat(Duration.ofNanos(last - blocked)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void whatCannotBeIsAnErrorLikeAnyOther() {
        var hermit = service.userEnding("-hermit");
        try (var client = service.greeted(alice)) {
            client.send(typing("no.such"));
            assertError(client.next("error"), 404);
            client.send(typing(hermit.name()));
            assertError(client.next("error"), 403);
            client.send(typing(service.userEnding("-broken").name()));
            assertError(client.next("error"), 500);
            client.send("{\"type\": \"typing\"}");
            assertThat(client.next("error").has("user")).isTrue();
            client.send(typing(" "));
            assertError(client.next("error"), 400);
            client.send("{\"type\": \"typing\", \"user\": 7}");
            assertError(client.next("error"), 400);
            for (var type : List.of("typing", "read", "delivered")) {
                client.send("{\"type\": \"" + type + "\", \"user\": \"no.such\", \"seq\": 1, \"client_id\": \"mine\"}");
                assertThat(client.next("error").get("client_id").textValue()).isEqualTo("mine");
            }
        }
    }

    @Test
    void aWholeNumberIsOneHoweverItIsWritten() {
        service.send(alice, bob, "hello");
        try (var his = service.greeted(bob)) {
            for (var type : List.of("read", "delivered")) {
                his.send("{\"type\": \"" + type + "\", \"user\": \"" + alice.name() + "\", \"seq\": 1.5}");
                assertError(his.next("error"), 400);
            }
            his.send("{\"type\": \"delivered\", \"user\": \"" + alice.name() + "\", \"seq\": 1.0}");
            his.next("conversation.delivered");
            his.send("{\"type\": \"read\", \"user\": \"" + alice.name() + "\", \"seq\": 1e0}");
            his.next("conversation.read");
        }
    }

    private static void assertError(JsonNode error, int status) {
        assertThat(error.get("status").asInt()).isEqualTo(status);
        assertThat(error.get("client_id").isNull()).isTrue();
    }

    // --- presence

    @Test
    void whoConnectsIsToldWhoIsOnlineAndThenWhoComesAndGoes() {
        service.send(alice, bob, "hello");
        service.send(carol, alice, "hello");
        try (var his = service.greeted(bob);
                var hers = service.greeted(alice)) {
            assertOnline(hers.nextPresence(), bob);
            assertOnline(his.nextPresence(), alice);

            var before = Instant.now();
            try (var third = service.greeted(carol)) {
                assertOnline(hers.nextPresence(), carol);
                assertOnline(third.nextPresence(), alice);
            }
            var gone = hers.nextPresence();
            assertThat(gone.get("user").asText()).isEqualTo(carol.name());
            assertThat(gone.get("online").asBoolean()).isFalse();
            assertThat(Instant.parse(gone.get("last_seen").asText())).isBetween(before, Instant.now());
            assertThat(his.pollPresence(Duration.ZERO)).as("they do not talk").isEmpty();
        }
    }

    @Test
    void whoBeginsToTalkIsWatchedFromThenOnByBoth() {
        try (var his = service.greeted(bob);
                var hers = service.greeted(alice)) {
            service.send(alice, bob, "hello");

            assertOnline(hers.nextPresence(), bob);
            assertOnline(his.nextPresence(), alice);
        }
    }

    @Test
    void whoConnectsAgainAtOnceWasNeverGone() {
        try (var patient = TestService.start("", "enabled: false", "60s", "")) {
            var one = patient.user("alice");
            var other = patient.user("bob");
            var third = patient.user("carol");
            patient.send(one, other, "hello");
            patient.send(one, third, "hello");
            try (var watching = patient.greeted(one)) {
                for (int i = 0; i < 3; i++) {
                    patient.greeted(other).close();
                }
                assertOnline(watching.nextPresence(), other);
                patient.greeted(other).abort();
                try (var marker = patient.greeted(third)) { // a round later
                    assertOnline(watching.nextPresence(), third);
                    assertOnline(marker.nextPresence(), one);
                }
                assertThat(watching.pollPresence(Duration.ofMillis(1_500))).isEmpty(); // and another
            }
        }
    }

    @Test
    void whoeverBlocksMeIsOfflineWithinTwoSecondsAndWasNeverSeen() {
        service.send(alice, bob, "hello");
        try (var his = service.greeted(bob)) {
            try (var hers = service.greeted(alice)) {
                assertOnline(hers.nextPresence(), bob);
                assertOnline(his.nextPresence(), alice);

                block(bob, alice);
                var told = hers.pollPresence(Duration.ofMillis(2_500)); // two seconds, and a little for the way
                assertHidden(told.orElseThrow(), bob);
                assertThat(his.pollPresence(Duration.ofMillis(1_200)))
                        .as("whom I block I still see")
                        .isEmpty();
            }
            try (var again = service.greeted(alice)) {
                service.send(alice, carol, "hello");
                try (var marker = service.greeted(carol)) {
                    assertOnline(again.nextPresence(), carol);
                    assertOnline(marker.nextPresence(), alice);
                }
            }
        }
    }

    @Test
    void whoIsErasedIsOfflineWithinTwoSecondsAndWasNeverSeen() {
        service.send(alice, bob, "hello");
        try (var hers = service.greeted(alice)) {
            try (var his = service.greeted(bob)) {
                assertOnline(hers.nextPresence(), bob);
                service.center().administration().erase(bob.person());
                var told = hers.pollPresence(Duration.ofMillis(2_500)); // two seconds, and a little for the way
                assertHidden(told.orElseThrow(), bob);
                assertThat(his.awaitClosed().code()).isEqualTo(1008);
            }
            assertThat(hers.pollPresence(Duration.ofMillis(1_200))).isEmpty();
        }
    }

    @Test
    void theOriginalsChannelIsAsEverAndItsUserIsOnlineToo() {
        service.send(alice, bob, "hello");
        try (var his = service.original(bob)) {
            try (var hers = service.greeted(alice)) {
                assertOnline(hers.nextPresence(), bob);
                hers.send(typing(bob.name()));
                hers.send(sendFrame("k", bob.name(), "hello"));
                var message = hers.skipTo("ack").at("/message/id").asText();
                assertThat(his.next()).isEqualTo("{\"message\": \"" + message + "\"}");
            }
        }
    }
}

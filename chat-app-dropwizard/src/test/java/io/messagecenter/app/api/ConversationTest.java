package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom one talks to, what is unread, and how far both have come. */
@Timeout(60)
class ConversationTest {
    private static final String CONVERSATIONS = "/api/v1/conversation/";

    private final String alicesName = People.freshName("talks.alice");
    private final String bobsName = People.freshName("talks.bob");
    private final Api alice = SharedService.as(alicesName);
    private final Api bob = SharedService.as(bobsName);

    private static Answer mark(Api who, String peer, String kind, Object seq) {
        return who.post(
                CONVERSATIONS + peer + "/" + kind + "/",
                Json.object().putPOJO("seq", seq).toString());
    }

    /** Unread, read, read by the peer, delivered to the peer. */
    private static List<Integer> numbers(Api who) {
        var one = who.get(CONVERSATIONS).expect(200).json().get(0);
        return List.of(
                one.get("unread").asInt(),
                one.get("read_upto").asInt(),
                one.get("peer_read_upto").asInt(),
                one.get("peer_delivered_upto").asInt());
    }

    private static List<String> users(JsonNode page) {
        var users = new ArrayList<String>();
        page.forEach(one -> users.add(one.get("user").asText()));
        return users;
    }

    @Test
    void conversationsComeLatestFirstPageByPage() {
        var names = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            names.add(0, People.freshName("talks.peer"));
            SharedService.as(names.get(0)).send(alicesName, "hello " + i).expect(201);
        }
        assertThat(alice.get(CONVERSATIONS).expect(200).header("Link")).isEmpty();

        var seen = new ArrayList<String>();
        var next = Optional.of(CONVERSATIONS + "?limit=2");
        while (next.isPresent()) {
            var page = alice.get(next.get()).expect(200);
            assertThat(page.json()).hasSizeBetween(1, 2);
            seen.addAll(users(page.json()));
            next = page.header("Link").map(link -> link.substring(1, link.indexOf('>')));
        }

        assertThat(seen).isEqualTo(names);
        var first = alice.get(CONVERSATIONS).json().get(0);
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactly(
                        "user",
                        "online",
                        "last_message",
                        "unread",
                        "read_upto",
                        "peer_read_upto",
                        "peer_delivered_upto",
                        "blocked");
        assertThat(first.at("/last_message/body").asText()).isEqualTo("hello 4");
        assertThat(SharedService.as(People.freshName("talks.nobody"))
                        .get(CONVERSATIONS)
                        .json())
                .isEmpty();
    }

    @Test
    void oneConversationIsAsTheListHasIt() {
        var carolsName = People.freshName("talks.carol");
        var carol = SharedService.as(carolsName);
        alice.send(bobsName, "to bob").expect(201);
        carol.send(alicesName, "from carol").expect(201);
        alice.send(alicesName, "a note").expect(201);
        bob.call("PUT", "/api/v1/block/" + alicesName + "/").expect(204);
        mark(alice, carolsName, "read", 1).expect(204);
        SharedService.api()
                .as(SharedService.people().admin(People.freshName("talks.root")))
                .delete("/api/v1/admin/account/" + carolsName + "/")
                .expect(204);

        var listed = alice.get(CONVERSATIONS).expect(200).json();
        assertThat(users(listed)).containsExactly(alicesName, carolsName, bobsName);
        for (var one : listed) {
            var name = one.get("user").asText();
            assertThat(alice.get(CONVERSATIONS + name + "/").expect(200).json()).isEqualTo(one);
            assertThat(alice.get(CONVERSATIONS + name.toUpperCase(Locale.ROOT))
                            .expect(200)
                            .json())
                    .isEqualTo(one);
        }
        assertThat(bob.get(CONVERSATIONS + alicesName + "/").expect(200).json())
                .isEqualTo(bob.get(CONVERSATIONS).json().get(0));
    }

    @Test
    void whereNothingWasSaidNobodyLearnsWhetherSomebodyIsThere() {
        alice.send(bobsName, "not his").expect(201);
        var davesName = People.freshName("talks.dave");
        var dave = SharedService.as(davesName);

        var toBob = dave.get(CONVERSATIONS + bobsName + "/");
        toBob.expectNotFound();
        for (var name : List.of(davesName, "no.such", "read", "a%20b", "x".repeat(151))) {
            var answer = dave.get(CONVERSATIONS + name + "/");
            answer.expectNotFound();
            assertThat(answer.json()).isEqualTo(toBob.json());
        }
    }

    @Test
    void whatIsReadAndDeliveredIsKnownToBoth() {
        for (int i = 0; i < 3; i++) {
            alice.send(bobsName, "hello").expect(201);
        }
        assertThat(numbers(bob)).containsExactly(3, 0, 0, 0);

        assertThat(mark(bob, alicesName, "delivered", 3).expect(204).bytes()).isEmpty();
        mark(bob, alicesName, "read", 2).expect(204);

        assertThat(numbers(bob)).containsExactly(1, 2, 0, 0);
        assertThat(numbers(alice)).containsExactly(0, 0, 2, 3);
        var events = alice.get("/api/v1/event/?after=3").expect(200).at("/events");
        assertThat(events)
                .containsExactly(
                        Json.parse("{\"seq\": 4, \"type\": \"conversation.delivered\", \"user\": \"" + bobsName
                                + "\", \"by\": \"" + bobsName + "\", \"upto\": 3}"),
                        Json.parse("{\"seq\": 5, \"type\": \"conversation.read\", \"user\": \"" + bobsName
                                + "\", \"by\": \"" + bobsName + "\", \"upto\": 2}"));
        assertThat(bob.get("/api/v1/event/?after=4").at("/events/0"))
                .isEqualTo(Json.parse("{\"seq\": 5, \"type\": \"conversation.read\", \"user\": \"" + alicesName
                        + "\", \"by\": \"" + bobsName + "\", \"upto\": 2}"));
    }

    @Test
    void marksNeverGoBackNorPastTheEnd() {
        alice.send(bobsName, "1").expect(201);
        alice.send(bobsName, "2").expect(201);

        mark(bob, alicesName, "read", 9007199254740991L).expect(204);
        mark(bob, alicesName, "read", 1).expect(204);
        mark(bob, alicesName, "read", 0).expect(204);
        assertThat(numbers(bob)).containsExactly(0, 2, 0, 0);

        alice.send(bobsName, "3").expect(201);
        assertThat(numbers(bob)).containsExactly(1, 2, 0, 0);
        mark(bob, alicesName, "read", 3).expect(204);
        assertThat(numbers(bob)).containsExactly(0, 3, 0, 0);
    }

    @Test
    void whoeverIsBlockedSeesNoReceipts() {
        alice.send(bobsName, "hello").expect(201);
        bob.call("PUT", "/api/v1/block/" + alicesName + "/").expect(204);

        mark(bob, alicesName, "read", 1).expect(204);

        assertThat(numbers(alice)).containsExactly(0, 0, 0, 0);
        assertThat(alice.get("/api/v1/event/?after=1").at("/events")).isEmpty();
        assertThat(numbers(bob)).containsExactly(0, 1, 0, 0);
        assertThat(bob.get(CONVERSATIONS).at("/0/blocked").asBoolean()).isTrue();
        assertThat(alice.get(CONVERSATIONS).at("/0/blocked").asBoolean()).isFalse();
    }

    @Test
    void aFormMarksToo() {
        alice.send(bobsName, "hello").expect(201);

        for (var kind : List.of("read", "delivered")) {
            bob.post(
                            CONVERSATIONS + alicesName + "/" + kind + "/",
                            "application/x-www-form-urlencoded",
                            "seq=1".getBytes(StandardCharsets.UTF_8))
                    .expect(204);
        }

        assertThat(numbers(bob)).containsExactly(0, 1, 0, 0);
    }

    @Test
    void aWholeNumberIsOneHoweverItIsWritten() {
        alice.send(bobsName, "hello").expect(201);
        alice.send(bobsName, "hello").expect(201);
        var read = CONVERSATIONS + alicesName + "/read/";

        for (var none : List.of("1.5", "1e-1", "1e400", "-1e400", "1e999999999", "1e20", "9007199254740993.0")) {
            bob.post(read, "{\"seq\": " + none + "}").expect(400);
        }
        assertThat(numbers(bob)).containsExactly(2, 0, 0, 0);
        bob.post(read, "{\"seq\": 1.0}").expect(204);
        assertThat(numbers(bob)).containsExactly(1, 1, 0, 0);
        bob.post(read, "{\"seq\": 0.2E1}").expect(204);
        assertThat(numbers(bob)).containsExactly(0, 2, 0, 0);
        bob.post(read, "{\"seq\": 9.007199254740991e15}").expect(204);
    }

    @Test
    void whatIsNoMarkChangesNothing() {
        alice.send(bobsName, "hello").expect(201);

        mark(bob, alicesName, "read", -1)
                .expectInvalid("{\"seq\": [\"Ensure this value is from 0 to 9007199254740991.\"]}");
        mark(bob, alicesName, "read", 1.5).expectInvalid("{\"seq\": [\"A valid integer is required.\"]}");
        mark(bob, alicesName, "read", "1").expectInvalid("{\"seq\": [\"A valid integer is required.\"]}");
        mark(bob, alicesName, "read", "one").expectInvalid("{\"seq\": [\"A valid integer is required.\"]}");
        mark(bob, alicesName, "read", null).expectInvalid("{\"seq\": [\"This field may not be null.\"]}");
        bob.post(CONVERSATIONS + alicesName + "/read/", "{}").expectInvalid("{\"seq\": [\"This field is required.\"]}");
        mark(bob, "no.such", "read", 1).expectNotFound();
        mark(bob, alicesName, "seen", 1).expectNotFound();
        bob.get(CONVERSATIONS + "?limit=0").expect(400);
        bob.get(CONVERSATIONS + "?after=x").expect(400);

        assertThat(numbers(bob)).containsExactly(1, 0, 0, 0);
    }
}

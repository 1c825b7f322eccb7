package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Editing, unsending and answering messages. */
@Timeout(60)
class ChangeMessageTest {
    private final String alicesName = People.freshName("changes.alice");
    private final String bobsName = People.freshName("changes.bob");
    private final Api alice = SharedService.as(alicesName);
    private final Api bob = SharedService.as(bobsName);
    private final Api stranger = SharedService.as(People.freshName("changes.stranger"));

    private static String path(long id) {
        return "/api/v1/message/" + id + "/";
    }

    private long send(String body) {
        return alice.send(bobsName, body, "key").expect(201).at("/id").asLong();
    }

    private static Answer edit(Api who, long id, String body) {
        return who.call("PATCH", path(id), Json.object().put("body", body).toString());
    }

    @Test
    void whatIsEditedSaysSoToBoth() {
        long id = send("helo");

        var edited = edit(alice, id, "  hello ").expect(200);

        assertThat(edited.at("/body").asText()).isEqualTo("hello");
        assertThat(edited.at("/edited").asText()).matches("\\d{4}-.*Z");
        assertThat(edited.at("/seq").asInt()).isEqualTo(1);
        for (var reader : java.util.List.of(alice, bob)) {
            assertThat(reader.get(path(id)).expect(200).json()).isEqualTo(edited.json());
            var event = reader.get("/api/v1/event/?after=1").expect(200).at("/events/0");
            assertThat(event.at("/type").asText()).isEqualTo("message.edited");
            assertThat(event.at("/message")).isEqualTo(edited.json());
        }
        assertThat(edit(alice, id, "hello").expect(200).json()).isEqualTo(edited.json());
        assertThat(alice.get("/api/v1/event/?after=2").at("/events")).isEmpty();
        assertThat(alice.send(bobsName, "helo", "key").expect(201).json())
                .as("a repeat of the send")
                .isEqualTo(edited.json());
        alice.send(bobsName, "hello", "key").expect(409);
    }

    @Test
    void whatIsUnsentLeavesItsPlace() {
        long id = send("hello");

        assertThat(alice.delete(path(id)).expect(204).bytes()).isEmpty();
        alice.delete(path(id)).expect(204);

        for (var reader : java.util.List.of(alice, bob)) {
            var message = reader.get(path(id)).expect(200);
            assertThat(message.at("/deleted").asBoolean()).isTrue();
            assertThat(message.at("/body").asText()).isEmpty();
            assertThat(message.at("/seq").asInt()).isEqualTo(1);
            var events = reader.get("/api/v1/event/?after=1").expect(200);
            assertThat(events.at("/events")).hasSize(1);
            assertThat(events.at("/events/0/type").asText()).isEqualTo("message.deleted");
        }
        edit(alice, id, "again").expectNotFound();
        assertThat(alice.send(bobsName, "hello", "key")
                        .expect(201)
                        .at("/deleted")
                        .asBoolean())
                .as("a repeat of the send")
                .isTrue();
    }

    @Test
    void onlyTheSenderMayChangeAMessage() {
        long id = send("hello");

        for (var other : java.util.List.of(bob, stranger)) {
            edit(other, id, "mine now").expectNotFound();
            other.delete(path(id)).expectNotFound();
        }
        edit(alice, 1L << 52, "nothing").expectNotFound();
        alice.delete("/api/v1/message/x/").expectNotFound();

        assertThat(bob.get(path(id)).at("/body").asText()).isEqualTo("hello");
    }

    @Test
    void whoeverIsBlockedCannotEditWhatTheySentButTakeItBack() {
        long id = send("hello");
        bob.call("PUT", "/api/v1/block/" + alicesName + "/").expect(204);

        edit(alice, id, "worse").expect(403);
        alice.delete(path(id)).expect(204);
    }

    @Test
    void whatIsNoBodyChangesNothing() {
        long id = send("hello");

        edit(alice, id, " ").expectInvalid("{\"body\": [\"This field may not be blank.\"]}");
        alice.call("PATCH", path(id), "{}").expectInvalid("{\"body\": [\"This field is required.\"]}");
        edit(alice, id, "x".repeat(10_001))
                .expectInvalid("{\"body\": [\"Ensure this field has no more than 10000 characters.\"]}");

        assertThat(bob.get(path(id)).at("/edited").isNull()).isTrue();
    }

    private Answer reply(Api who, String recipient, Object to) {
        return who.post(
                "/api/v1/message/",
                Json.object()
                        .put("recipient", recipient)
                        .put("body", "answer")
                        .putPOJO("reply_to", to)
                        .toString());
    }

    @Test
    void anAnswerNamesAMessageOfItsConversation() {
        long id = send("question");
        long elsewhere = alice.send(alicesName, "note").expect(201).at("/id").asLong();
        var wrong = "{\"reply_to\": [\"There is no such message in this conversation.\"]}";

        var answer = reply(bob, alicesName, id).expect(201);

        assertThat(answer.at("/reply_to").asLong()).isEqualTo(id);
        assertThat(reply(bob, alicesName, (double) id).expect(201).at("/reply_to"))
                .isEqualTo(answer.at("/reply_to"));
        assertThat(alice.get(path(answer.at("/id").asLong())).json()).isEqualTo(answer.json());
        assertThat(reply(bob, alicesName, null).expect(201).at("/reply_to").isNull())
                .isTrue();
        reply(bob, alicesName, elsewhere).expectInvalid(wrong);
        reply(alice, bobsName, elsewhere).expectInvalid(wrong);
        reply(stranger, bobsName, id).expectInvalid(wrong);
        reply(bob, alicesName, 1L << 52).expectInvalid(wrong);
        reply(bob, alicesName, 0).expectInvalid(wrong);
        reply(bob, alicesName, -1)
                .expectInvalid("{\"reply_to\": [\"Ensure this value is from 0 to 9007199254740991.\"]}");
        reply(bob, alicesName, "x").expectInvalid("{\"reply_to\": [\"A valid integer is required.\"]}");
    }
}

package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is found, and what is not. */
@Timeout(60)
class SearchTest {
    private static final String SEARCH = "/api/v1/message/search/";

    private final String alicesName = People.freshName("seeks.alice");
    private final String bobsName = People.freshName("seeks.bob");
    private final Api alice = SharedService.as(alicesName);
    private final Api bob = SharedService.as(bobsName);

    private static String query(String q) {
        return SEARCH + "?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8);
    }

    private static List<String> bodies(JsonNode page) {
        var bodies = new ArrayList<String>();
        page.forEach(message -> bodies.add(message.get("body").asText()));
        return bodies;
    }

    private static List<String> found(Api who, String q) {
        return bodies(who.get(query(q)).expect(200).json());
    }

    @Test
    void aMessageIsFoundAsItIsReadElsewhere() {
        long id = alice.send(bobsName, "Smørrebrød at the café")
                .expect(201)
                .at("/id")
                .asLong();

        var found = bob.get(query("Cafe smø")).expect(200);

        assertThat(found.json()).hasSize(1);
        assertThat(found.json().get(0))
                .isEqualTo(bob.get("/api/v1/message/" + id + "/").json());
        assertThat(found.header("Link")).isEmpty();
        assertThat(bodies(bob.get(SEARCH.replaceFirst("/$", "") + "?q=cafe").json()))
                .hasSize(1);
    }

    @Test
    void messagesComeLatestFirstPageByPage() {
        var expected = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            (i % 3 == 0 ? bob : alice)
                    .send(i % 3 == 0 ? alicesName : bobsName, "apple " + i)
                    .expect(201);
            expected.add(0, "apple " + i);
        }
        var seen = new ArrayList<String>();
        var next = Optional.of(query("apple") + "&limit=7");
        while (next.isPresent()) {
            var page = alice.get(next.get()).expect(200);
            assertThat(page.json()).hasSizeBetween(1, 7);
            seen.addAll(bodies(page.json()));
            next = page.header("Link").map(link -> link.substring(1, link.indexOf('>')));
        }

        assertThat(seen).isEqualTo(expected);
        assertThat(alice.get(query("apple")).json()).hasSize(15);
    }

    @Test
    void whereMuchWasSaidASearchGoesOnByItsLink() {
        alice.send(bobsName, "a cherry").expect(201);
        for (int i = 0; i < 30; i++) {
            alice.send(bobsName, "漢".repeat(10_000)).expect(201);
        }
        var seen = new ArrayList<String>();
        int pages = 0;
        var next = Optional.of(query("cherry"));
        while (next.isPresent()) {
            var page = bob.get(next.get()).expect(200);
            seen.addAll(bodies(page.json()));
            pages++;
            next = page.header("Link").map(link -> link.substring(1, link.indexOf('>')));
        }

        assertThat(seen).containsExactly("a cherry");
        assertThat(pages).isBetween(1, 3); // one if it is indexed meanwhile
    }

    @Test
    void whatWasEditedAwayOrUnsentIsNotFound() {
        long edited = alice.send(bobsName, "a pear").expect(201).at("/id").asLong();
        long unsent = alice.send(bobsName, "a pear, too").expect(201).at("/id").asLong();
        alice.call("PATCH", "/api/v1/message/" + edited + "/", "{\"body\": \"a plum\"}")
                .expect(200);
        alice.delete("/api/v1/message/" + unsent + "/").expect(204);

        assertThat(found(bob, "pear")).isEmpty();
        assertThat(found(bob, "plum")).containsExactly("a plum");
    }

    @Test
    void onlyOneConversationIsSearchedWhereOneIsNamed() {
        var carolsName = People.freshName("seeks.carol");
        SharedService.as(carolsName);
        alice.send(bobsName, "fig for bob").expect(201);
        alice.send(carolsName, "fig for carol").expect(201);

        assertThat(found(alice, "fig")).containsExactly("fig for carol", "fig for bob");
        assertThat(bodies(alice.get(query("fig") + "&target=" + bobsName)
                        .expect(200)
                        .json()))
                .containsExactly("fig for bob");
        assertThat(alice.get(query("fig") + "&target=nobody.at.all").expect(200).json())
                .isEmpty();
    }

    @Test
    void textWithoutSpacesAndOperatorsAreFoundAsText() {
        alice.send(bobsName, "明日は東京都庁で").expect(201);
        alice.send(bobsName, "+plus -minus \"quoted\" OR").expect(201);

        assertThat(found(bob, "東京都")).hasSize(1);
        assertThat(found(bob, "京東")).isEmpty();
        assertThat(found(bob, "-minus or")).hasSize(1);
        assertThat(found(bob, "\"quoted\" nothing")).isEmpty();
    }

    @Test
    void aQueryThatIsNoneNamesWhatIsWrong() {
        expectInvalid(alice.get(SEARCH), "q", "This field is required.");
        for (var q : List.of("", " ", "*", "%", "\"\"")) {
            expectInvalid(alice.get(query(q)), "q", "There is no word to search for.");
        }
        expectInvalid(alice.get(query("a ".repeat(41))), "q", "Ensure this field has no more than 40 words.");
        expectInvalid(alice.get(query("a".repeat(201))), "q", "Ensure this field has no more than 200 characters.");
        expectInvalid(alice.get(query("a") + "&limit=0"), "limit", "Ensure this value is from 1 to 100.");
        expectInvalid(alice.get(query("a") + "&limit=101"), "limit", "Ensure this value is from 1 to 100.");
        expectInvalid(alice.get(query("a") + "&before=x"), "before", "A valid integer is required.");
        expectInvalid(
                alice.get(query("a") + "&before=0"), "before", "Ensure this value is from 1 to 9007199254740991.");
        long notBobs = alice.send(alicesName, "a note").expect(201).at("/id").asLong();
        for (long id : List.of(notBobs, 9007199254740991L)) {
            expectInvalid(bob.get(query("a") + "&before=" + id), "before", "There is no such message.");
        }
    }

    private static void expectInvalid(Answer answer, String field, String what) {
        var fields = Json.object();
        fields.putArray(field).add(what);
        answer.expectInvalid(fields.toString());
    }
}

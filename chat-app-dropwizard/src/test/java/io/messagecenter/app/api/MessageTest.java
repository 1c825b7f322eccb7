package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MessageTest {
    static final String TIMESTAMP = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";

    private static final String MESSAGES = "/api/v1/message/";

    private String aliceName;
    private String bobName;
    private Api alice;
    private Api bob;

    @BeforeEach
    void people() {
        aliceName = People.freshName("Msg.Alice");
        bobName = People.freshName("msg.bob");
        alice = SharedService.as(aliceName);
        bob = SharedService.as(bobName);
    }

    private JsonNode send(String body) {
        return alice.send(bobName, body).expect(201).json();
    }

    private static List<Long> seqs(JsonNode page) {
        var seqs = new ArrayList<Long>();
        page.get("results").forEach(one -> seqs.add(one.get("seq").asLong()));
        return seqs;
    }

    private static List<Long> down(long from, long to) {
        return LongStream.iterate(from, i -> i >= to, i -> i - 1).boxed().toList();
    }

    // --- sending

    @Test
    void aMessageHasTheOriginalsMembersFirstAndTheOthersAfterThem() {
        var message = send("hello");
        assertThat(message.get("id").isIntegralNumber()).isTrue();
        assertThat(message.get("id").asLong()).isBetween(1L, (1L << 53) - 1);
        assertThat(message.get("timestamp").asText()).matches(TIMESTAMP);
        assertThat(message.toString())
                .isEqualTo("{\"id\":" + message.get("id") + ",\"user\":\"" + aliceName + "\",\"recipient\":\"" + bobName
                        + "\",\"timestamp\":" + message.get("timestamp") + ",\"body\":\"hello\",\"seq\":1,"
                        + "\"edited\":null,\"deleted\":false,\"reply_to\":null,\"client_id\":null}");
        assertThat(bob.get(MESSAGES + message.get("id") + "/").expect(200).json())
                .isEqualTo(message);
        assertThat(alice.get(MESSAGES + message.get("id")).expect(200).json()).isEqualTo(message);
    }

    @Test
    void seqCountsTheConversationFromBothSidesAndTimeMovesOn() {
        var messages = List.of(
                send("1"),
                bob.send(aliceName, "2").expect(201).json(),
                send("3"),
                alice.send(aliceName, "to myself").expect(201).json(),
                bob.send(aliceName.toLowerCase(Locale.ROOT), "4").expect(201).json());
        assertThat(messages).extracting(one -> one.get("seq").asLong()).containsExactly(1L, 2L, 3L, 1L, 4L);
        assertThat(messages.get(4).get("recipient").asText()).isEqualTo(aliceName);
        var times = messages.stream()
                .filter(one -> !one.get("body").asText().startsWith("to"))
                .map(one -> one.get("timestamp").asText())
                .toList();
        assertThat(times).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<b>&amp;</b><script>alert(1)</script>",
                "שלום 👋🏽 عربى",
                "quote \" backslash \\ slash / \\u0041",
                "a\tb\nc\r\nd",
                "👨‍👩‍👧‍👦 é\u0301 \u200f\u200b",
                "\ufffd\uffff\u2028\u2029.",
                "\udbff\udfff\ud800\udc00",
                "' OR 1=1; -- %_!",
                "null",
                "{}",
                "ẞ ı İ ſ ǆ",
                "𝕳𝖊𝖑𝖑𝖔",
                "\ufeffbom"
            })
    void aTextComesBackAsItWasSent(String text) {
        var message = send(text);
        assertThat(message.get("body").asText()).isEqualTo(text);
        assertThat(bob.get(MESSAGES + "?target=" + aliceName)
                        .json()
                        .at("/results/0/body")
                        .asText())
                .isEqualTo(text);
        assertThat(bob.get("/api/v1/event/").json().at("/events/0/message/body").asText())
                .isEqualTo(text);
    }

    @Test
    void outerWhiteSpaceOfEveryKindIsTrimmed() {
        assertThat(send(" \t\r\n\u00a0\u2003\u3000x y\u2028\u0085 ").get("body").asText())
                .isEqualTo("x y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "好", "👋"})
    void aBodyMayHave10000CodePoints(String codePoint) {
        var body = codePoint.repeat(10_000);
        assertThat(send(" " + body + "\n").get("body").asText()).isEqualTo(body);
        assertThat(bob.get(MESSAGES).json().at("/results/0/body").asText()).isEqualTo(body);
    }

    /** As many clients write JSON, and all browsers a form. */
    @ParameterizedTest
    @ValueSource(strings = {"好", "👋"})
    void aBodyMayBeAsLongThoughItIsEscaped(String codePoint) {
        var body = codePoint.repeat(10_000);
        var escaped = new StringBuilder();
        body.chars().forEach(unit -> escaped.append(String.format("\\u%04x", unit)));
        alice.post(MESSAGES, "{\"recipient\": \"" + bobName + "\", \"body\": \"" + escaped + "\"}")
                .expect(201);
        var form = "recipient=" + bobName + "&body=" + URLEncoder.encode(body, StandardCharsets.UTF_8);
        alice.post(MESSAGES, "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8))
                .expect(201);
        for (var one : bob.get(MESSAGES).json().get("results")) {
            assertThat(one.get("body").asText()).isEqualTo(body);
        }
    }

    private byte[] exactly192KiB(String body) {
        var json = Json.object().put("recipient", bobName).put("body", body).toString();
        return RawHttp.bytes(json.substring(0, json.length() - 1)
                + ",\"padding\":\"" + "x".repeat(192 * 1024 - json.length() - ",\"padding\":\"\"".length())
                + "\"}");
    }

    @Test
    void aRequestMayHave192KiB() {
        var bytes = exactly192KiB("full");
        assertThat(bytes).hasSize(192 * 1024);
        alice.post(MESSAGES, "application/json", bytes).expect(201);
        alice.call(
                        "POST",
                        MESSAGES,
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)),
                        request -> request.header("Content-Type", "application/json"))
                .expect(201);
        assertThat(bob.get(MESSAGES).json().get("count").asInt()).isEqualTo(2);
    }

    @Test
    void unknownMembersAreIgnoredAndNullsOfOptionalOnesAreNone() {
        var message = alice.post(
                        MESSAGES,
                        "{\"recipient\": \"" + bobName + "\", \"body\": \"x\", \"client_id\": null, \"id\": 5,"
                                + " \"user\": \"" + bobName + "\", \"\": {\"a\": [1, {}]}, \"seq\": 99}")
                .expect(201)
                .json();
        assertThat(message.get("user").asText()).isEqualTo(aliceName);
        assertThat(message.get("seq").asLong()).isEqualTo(1);
        assertThat(message.get("client_id").isNull()).isTrue();
    }

    @Test
    void ofAFieldThatComesTwiceTheLastOneCounts() {
        var json = "{\"body\": 1, \"recipient\": \"" + bobName + "\", \"body\": \"last\"}";
        assertThat(alice.post(MESSAGES, json).expect(201).json().get("body").asText())
                .isEqualTo("last");
        var form = "body=first&recipient=" + bobName + "&body=l%61st+one&&x";
        assertThat(alice.post(MESSAGES, "application/x-www-form-urlencoded; charset=UTF-8", form)
                        .expect(201)
                        .json()
                        .get("body")
                        .asText())
                .isEqualTo("last one");
    }

    @Test
    void aFormMaySayEverythingThatJsonMay() {
        var form = "recipient=" + bobName + "&client_id=form%2B1&body=%F0%9F%91%8B+1%2B1%3D2%26%0A%3D";
        var message = alice.post(MESSAGES, "application/x-www-form-urlencoded", form)
                .expect(201)
                .json();
        assertThat(message.get("body").asText()).isEqualTo("👋 1+1=2&\n=");
        assertThat(message.get("client_id").asText()).isEqualTo("form+1");
    }

    // --- exactly once

    @Test
    void aRepeatWithTheSameKeyAnswersWithTheFirstMessage() {
        var first = alice.send(bobName, "once", "key-1").expect(201).text();
        for (int i = 0; i < 3; i++) {
            assertThat(alice.send(bobName, "once", "key-1").expect(201).text()).isEqualTo(first);
        }
        assertThat(alice.send(bobName.toUpperCase(Locale.ROOT), " once\n", "key-1")
                        .expect(201)
                        .text())
                .isEqualTo(first);
        assertThat(Json.parse(first).get("client_id").asText()).isEqualTo("key-1");
        assertThat(bob.get(MESSAGES).json().get("count").asInt()).isEqualTo(1);
        assertThat(bob.get("/api/v1/event/").json().get("last").asLong()).isEqualTo(1);
    }

    private static Answer sendWithHeader(Api api, String key, String json) {
        return api.call("POST", MESSAGES, BodyPublishers.ofString(json), request -> request.header(
                        "Content-Type", "application/json")
                .header("Idempotency-Key", key));
    }

    @Test
    void theHeaderIsTheSameKeyAsTheField() {
        var json = Json.object().put("recipient", bobName).put("body", "once");
        var first = sendWithHeader(alice, "key-2", json.toString()).expect(201).text();
        assertThat(alice.send(bobName, "once", "key-2").expect(201).text()).isEqualTo(first);
        assertThat(sendWithHeader(alice, "key-2", json.put("client_id", "key-2").toString())
                        .expect(201)
                        .text())
                .isEqualTo(first);
        assertThat(bob.get(MESSAGES).json().get("count").asInt()).isEqualTo(1);
    }

    @Test
    void keysAreComparedExactlyAndBelongToTheirSender() {
        var longest = "k".repeat(64);
        var ids = new HashSet<Long>();
        for (var key : List.of("key", "KEY", "key.", "!", "~", longest)) {
            ids.add(alice.send(bobName, "x", key).expect(201).json().get("id").asLong());
        }
        ids.add(bob.send(bobName, "x", "key").expect(201).json().get("id").asLong());
        ids.add(bob.send(aliceName, "other", "KEY").expect(201).json().get("id").asLong());
        assertThat(ids).hasSize(8);
    }

    @Test
    void manyRepeatsAtOnceOnTwoNodesAreOneMessage() throws Exception {
        var threads = Executors.newFixedThreadPool(8);
        try (var other = Service.on(SharedService.database())) {
            var elsewhere = other.api().as(alice.token());
            var repeats = new ArrayList<Callable<String>>();
            for (int i = 0; i < 32; i++) {
                var node = i % 2 == 0 ? alice : elsewhere;
                repeats.add(
                        () -> node.send(bobName, "once", "key-3").expect(201).text());
            }
            var answers = new HashSet<String>();
            for (var answer : threads.invokeAll(repeats)) {
                answers.add(answer.get());
            }
            assertThat(answers).hasSize(1);
            assertThat(bob.get(MESSAGES).json().get("count").asInt()).isEqualTo(1);
        } finally {
            threads.shutdown();
        }
    }

    // --- reading by page

    private void talk(int count) {
        for (int i = 1; i <= count; i++) {
            (i % 2 == 0 ? bob.send(aliceName, "m" + i) : alice.send(bobName, "m" + i)).expect(201);
        }
    }

    @Test
    void pagesGoFromTheNewestToTheOldestAndLinkToEachOther() {
        talk(32);
        var base = SharedService.service().base() + "/api/v1/message/?";
        var first = alice.get(MESSAGES + "?target=" + bobName).expect(200).json();
        assertThat(seqs(first)).isEqualTo(down(32, 18));
        assertThat(first.get("count").asInt()).isEqualTo(32);
        assertThat(first.get("previous").isNull()).isTrue();
        assertThat(first.get("next").asText()).isEqualTo(base + "page=2&target=" + bobName);
        var second = alice.get(first.get("next").asText()).expect(200).json();
        assertThat(seqs(second)).isEqualTo(down(17, 3));
        assertThat(second.get("previous").asText()).isEqualTo(base + "target=" + bobName);
        var third = alice.get(second.get("next").asText()).expect(200).json();
        assertThat(seqs(third)).isEqualTo(down(2, 1));
        assertThat(third.get("next").isNull()).isTrue();
        assertThat(third.get("previous").asText()).isEqualTo(base + "page=2&target=" + bobName);
        assertThat(alice.get(MESSAGES + "?target=" + bobName + "&page=last")
                        .expect(200)
                        .json()
                        .get("results"))
                .isEqualTo(third.get("results"));
        assertThat(alice.get(second.get("previous").asText()).json()).isEqualTo(first);
    }

    @Test
    void aLinkLeadsOnInTheConversationThatWasReadWhereMoreAreNamed() {
        talk(5);
        var query = MESSAGES + "?target=" + bobName + "&target=nobody.else&limit=2&limit=3";
        for (var place : List.of("", "&before=6&before=9", "&after=0&after=9")) {
            var first = alice.get(query + place).expect(200).json();
            assertThat(seqs(first)).hasSize(2);
            var second = alice.get(first.get("next").asText()).expect(200).json();
            assertThat(seqs(second)).hasSize(2).doesNotContainAnyElementsOf(seqs(first));
        }
    }

    @Test
    void aLinkKeepsTheOtherParametersSortedAndEncoded() {
        talk(5);
        var answer = alice.get("/api/v1/message?z=%7B1%7D&target=" + bobName.toUpperCase(Locale.ROOT)
                        + "&limit=2&page=2&A=+b%26&%7Bn%7D=")
                .expect(200)
                .json();
        assertThat(seqs(answer)).containsExactly(3L, 2L);
        var base = SharedService.service().base() + "/api/v1/message?A=+b%26&limit=2&";
        var rest = "target=" + bobName.toUpperCase(Locale.ROOT) + "&z=%7B1%7D&%7Bn%7D=";
        assertThat(answer.get("next").asText()).isEqualTo(base + "page=3&" + rest);
        assertThat(answer.get("previous").asText()).isEqualTo(base + rest);
        assertThat(seqs(alice.get(answer.get("next").asText()).expect(200).json()))
                .containsExactly(1L);
    }

    @Test
    void aFullLastPageHasNoNext() {
        talk(4);
        var page = alice.get(MESSAGES + "?target=" + bobName + "&limit=2&page=2")
                .expect(200)
                .json();
        assertThat(seqs(page)).containsExactly(2L, 1L);
        assertThat(page.get("next").isNull()).isTrue();
        assertThat(seqs(alice.get(MESSAGES + "?target=" + bobName + "&limit=100")
                        .json()))
                .isEqualTo(down(4, 1));
    }

    @Test
    void anEmptyConversationHasOneEmptyPage() {
        for (var query : List.of(
                "?target=" + bobName, "", "?target=nobody.at.all", "?page=last", "?page=1&limit=100", "?target=")) {
            assertThat(alice.get(MESSAGES + query).expect(200).text())
                    .isEqualTo("{\"count\":0,\"next\":null,\"previous\":null,\"results\":[]}");
        }
    }

    @Test
    void withoutATargetAllOfMineAreListedNewestFirst() {
        var carolName = People.freshName("msg.carol");
        var carol = SharedService.as(carolName);
        send("1");
        carol.send(aliceName, "2").expect(201);
        alice.send(aliceName, "3").expect(201);
        carol.send(bobName, "not hers").expect(201);
        bob.send(aliceName, "4").expect(201);
        var mine = alice.get(MESSAGES).expect(200).json();
        assertThat(mine.get("count").asInt()).isEqualTo(4);
        assertThat(mine.get("results"))
                .extracting(one -> one.get("body").asText())
                .containsExactly("4", "3", "2", "1");
        assertThat(alice.get(MESSAGES + "?target=" + aliceName).json().get("results"))
                .extracting(one -> one.get("body").asText())
                .containsExactly("3");
        var page = alice.get(MESSAGES + "?limit=3").json();
        assertThat(page.get("next").asText())
                .isEqualTo(SharedService.service().base() + "/api/v1/message/?limit=3&page=2");
        assertThat(alice.get(page.get("next").asText()).json().get("results"))
                .extracting(one -> one.get("body").asText())
                .containsExactly("1");
    }

    // --- reading by place

    @Test
    void readingBackwardsDoesNotDriftWhileMessagesArrive() {
        talk(20);
        var seen = new ArrayList<Long>();
        var next = MESSAGES + "?before=21&limit=6&target=" + bobName;
        while (next != null) {
            var page = alice.get(next).expect(200).json();
            seen.addAll(seqs(page));
            talk(2); // in between
            next = page.get("next").isNull() ? null : page.get("next").asText();
            assertThat(seen).hasSizeLessThan(40);
        }
        assertThat(seen).isEqualTo(down(20, 1));
    }

    @Test
    void readingOnDoesNotDriftWhileMessagesArrive() {
        talk(7);
        var seen = new ArrayList<Long>();
        var next = MESSAGES + "?target=" + bobName + "&after=0&limit=3";
        int rounds = 0;
        while (next != null) {
            var page = alice.get(next).expect(200).json();
            var stretch = seqs(page);
            assertThat(stretch).isSortedAccordingTo((one, other) -> Long.compare(other, one)); // latest first
            for (int i = stretch.size() - 1; i >= 0; i--) {
                seen.add(stretch.get(i));
            }
            if (rounds++ < 3) {
                talk(2);
            }
            next = page.get("next").isNull() ? null : page.get("next").asText();
        }
        assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 13).boxed().toList());
    }

    @Test
    void aStretchSaysHowManyThereAreAndWhereItGoesOn() {
        talk(5);
        var base = SharedService.service().base() + "/api/v1/message/?";
        var target = "target=" + bobName;
        var back = alice.get(MESSAGES + "?" + target + "&before=5&limit=2&z=1").json();
        assertThat(seqs(back)).containsExactly(4L, 3L);
        assertThat(back.get("count").asInt()).isEqualTo(5);
        assertThat(back.get("previous").isNull()).isTrue();
        assertThat(back.get("next").asText()).isEqualTo(base + "before=3&limit=2&" + target + "&z=1");
        var on = alice.get(MESSAGES + "?limit=2&" + target + "&after=1").json();
        assertThat(seqs(on)).containsExactly(3L, 2L);
        assertThat(on.get("next").asText()).isEqualTo(base + "after=3&limit=2&" + target);
    }

    @Test
    void aStretchGoesOnAsLongAsASingleMessageIsLeft() {
        talk(4);
        var back =
                alice.get(MESSAGES + "?target=" + bobName + "&before=4&limit=2").json();
        assertThat(seqs(back)).containsExactly(3L, 2L);
        var first = alice.get(back.get("next").asText()).expect(200).json();
        assertThat(seqs(first)).containsExactly(1L);
        assertThat(first.get("next").isNull()).isTrue();
        var on = alice.get(MESSAGES + "?target=" + bobName + "&after=1&limit=2").json();
        assertThat(seqs(on)).containsExactly(3L, 2L);
        var last = alice.get(on.get("next").asText()).expect(200).json();
        assertThat(seqs(last)).containsExactly(4L);
        assertThat(last.get("next").isNull()).isTrue();
    }

    @Test
    void theEndsOfAConversationAreEmptyStretches() {
        talk(2);
        for (var query : List.of(
                "before=0",
                "before=1",
                "after=2",
                "after=3",
                "after=9007199254740991",
                "after=9007199254740990&limit=100")) {
            assertThat(alice.get(MESSAGES + "?target=" + bobName + "&" + query)
                            .expect(200)
                            .text())
                    .as(query)
                    .isEqualTo("{\"count\":2,\"next\":null,\"previous\":null,\"results\":[]}");
        }
        assertThat(seqs(alice.get(MESSAGES + "?target=" + bobName + "&before=9007199254740991&limit=1")
                        .json()))
                .as("a place far past the end")
                .containsExactly(2L);
        for (var query : List.of("before=5", "after=0")) {
            assertThat(alice.get(MESSAGES + "?target=nobody.at.all&" + query)
                            .expect(200)
                            .text())
                    .isEqualTo("{\"count\":0,\"next\":null,\"previous\":null,\"results\":[]}");
        }
    }
}

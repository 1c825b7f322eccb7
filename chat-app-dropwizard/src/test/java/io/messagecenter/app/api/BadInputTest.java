package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.app.support.State;
import io.messagecenter.domain.session.SessionToken;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Whatever is wrong with a request, it gets a clear problem for an answer, and after each of these nothing has changed. */
@Timeout(60)
class BadInputTest {
    private static final String ALICE = People.freshName("bad.alice");
    private static final String BOB = People.freshName("bad.bob");
    private static final String NOBODY = People.freshName("bad.nobody");
    private static final String PASSWORD = "correct horse";

    private static final String REQUIRED = "[\"This field is required.\"]";
    private static final String NOT_NULL = "[\"This field may not be null.\"]";
    private static final String NOT_BLANK = "[\"This field may not be blank.\"]";
    private static final String NO_STRING = "[\"Not a valid string.\"]";
    private static final String NO_INTEGER = "[\"A valid integer is required.\"]";
    private static final String NO_CLIENT_ID = "[\"Use 1 to 64 visible ASCII characters.\"]";
    private static final String NO_NAME =
            "[\"Enter a valid username: 1 to 150 letters, numbers, and @/./+/-/_ characters, nothing else.\"]";
    private static final String SURROGATES = "[\"Lone surrogates are not allowed.\"]";
    private static final String CONTROLS = "[\"Control characters are not allowed.\"]";

    private static Api alice;
    private static Api newcomer;
    private static String expired;
    private static String ended;

    private State before;

    @BeforeAll
    static void people() {
        alice = SharedService.as(ALICE);
        SharedService.as(BOB);
        newcomer = SharedService.as(People.freshName("bad.newcomer"));
        SharedService.api()
                .post("/api/v1/account/", object("username", NOBODY, "password", PASSWORD))
                .expect(201);
        alice.send(BOB, "the first").expect(201);
        try (var past = new People(
                SharedService.database(), Clock.offset(Clock.systemUTC(), Duration.ofDays(-15)), Duration.ofDays(14))) {
            expired = past.token(ALICE);
        }
        var leaving = SharedService.as(ALICE);
        leaving.delete("/api/v1/session/current/").expect(204);
        ended = leaving.token();
    }

    @BeforeEach
    void remember() {
        before = SharedService.state();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(SharedService.state()).isEqualTo(before);
    }

    private static String object(String... fields) {
        var object = Json.object();
        for (int i = 0; i < fields.length; i += 2) {
            object.put(fields[i], fields[i + 1]);
        }
        return object.toString();
    }

    private static String message(String body) {
        return object("recipient", BOB, "body", body);
    }

    private static Answer post(String json) {
        return alice.post("/api/v1/message/", json);
    }

    private static byte[] joined(String begin, byte[] middle, String end) {
        return RawHttp.bytes(begin + new String(middle, StandardCharsets.ISO_8859_1) + end);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    // --- no JSON

    private static final List<String> ENDPOINTS = List.of("/api/v1/message/", "/api/v1/session/", "/api/v1/account/");

    static Stream<Arguments> noJson() {
        return ENDPOINTS.stream().flatMap(endpoint -> NO_JSON.stream().map(json -> Arguments.of(endpoint, json)));
    }

    private static final List<String> NO_JSON = List.of(
            " ",
            "\r\n",
            "{",
            "}",
            "{\"recipient\":",
            "{\"recipient\": \"x\"",
            "{\"recipient\" \"x\"}",
            "{\"recipient\": \"x\",}",
            "{'recipient': 'x'}",
            "{recipient: \"x\"}",
            "{\"a\": 01}",
            "{\"a\": +1}",
            "{\"a\": .5}",
            "{\"a\": NaN}",
            "{\"a\": nul}",
            "{\"a\": \"\\x41\"}",
            "{\"a\": \"\\u12\"}",
            "{\"a\": \"a\tb\"}",
            "{\"a\": \"a\nb\"}",
            "{\"a\": \"a\u0000b\"}",
            "{} {}",
            "{} x",
            "{}]",
            "/* c */ {}",
            "// c\n{}",
            "# c\n{}",
            "\uFEFF{}",
            "<message/>",
            "recipient=u1&body=x");

    @ParameterizedTest
    @MethodSource("noJson")
    void malformedJsonIsRefused(String endpoint, String json) {
        alice.post(endpoint, json).expectMalformed("JSON parse error");
    }

    static Stream<Arguments> noObject() {
        return ENDPOINTS.stream()
                .flatMap(endpoint -> Stream.of("[]", "[{\"recipient\": \"x\"}]", "\"text\"", "17", "true", "null")
                        .map(json -> Arguments.of(endpoint, json)));
    }

    @ParameterizedTest
    @MethodSource("noObject")
    void jsonThatIsNoObjectIsRefused(String endpoint, String json) {
        alice.post(endpoint, json).expectMalformed("JSON parse error - expected an object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void deeplyNestedJsonIsRefused(String opening) {
        post(opening.repeat(60_000 / opening.length())).expectMalformed("JSON parse error");
        post("{\"a\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}").expectMalformed("JSON parse error");
    }

    @Test
    void aNumberOfThousandsOfDigitsIsRefused() {
        post("{\"a\":" + "9".repeat(20_000) + "}").expectMalformed("JSON parse error");
    }

    @Test
    void ofAMemberThatComesTwiceTheLastOneCounts() {
        post("{\"body\": \"fine\", \"recipient\": \"" + BOB + "\", \"body\": 1}")
                .expectInvalid("{\"body\": " + NO_STRING + "}");
    }

    @Test
    void anEmptyBodyHasNoFields() {
        for (var endpoint : ENDPOINTS) {
            var fields = endpoint.contains("message")
                    ? "{\"recipient\": " + REQUIRED + ", \"body\": " + REQUIRED + "}"
                    : "{\"username\": " + REQUIRED + ", \"password\": " + REQUIRED + "}";
            alice.post(endpoint, "").expectInvalid(fields);
            alice.post(endpoint, "application/x-www-form-urlencoded", "").expectInvalid(fields);
            alice.call("POST", endpoint).expectInvalid(fields);
        }
    }

    // --- bytes that are no text

    private static final List<String> NO_UTF_8 = List.of(
            "ff", // never
            "80", // a continuation of nothing
            "c080", // an overlong NUL
            "c181", // an overlong A
            "e08080", // overlong again
            "eda080", // a surrogate
            "edb080", // the other kind
            "eda0bdedb18b", // a pair of them
            "f4908080", // past the last code point
            "f8888080", // five bytes that were never allowed
            "e282"); // cut off

    @ParameterizedTest
    @FieldSource("NO_UTF_8")
    void bytesThatAreNoUtf8AreRefused(String hex) {
        var json = joined("{\"recipient\": \"" + BOB + "\", \"body\": \"x", bytes(hex), "\"}");
        alice.post("/api/v1/message/", "application/json", json).expectMalformed("JSON parse error - not UTF-8");
    }

    @ParameterizedTest
    @FieldSource("NO_UTF_8")
    void bytesThatAreNoUtf8AreRefusedInForms(String hex) {
        var form = joined("recipient=" + BOB + "&body=x", bytes(hex), "");
        alice.post("/api/v1/message/", "application/x-www-form-urlencoded", form)
                .expectMalformed("Form parse error - not UTF-8");
    }

    @ParameterizedTest
    @FieldSource("NO_UTF_8")
    void escapesThatAreNoUtf8AreRefusedInForms(String hex) {
        var form = "recipient=" + BOB + "&body=x" + hex.replaceAll("..", "%$0");
        alice.post("/api/v1/message/", "application/x-www-form-urlencoded", form)
                .expectMalformed("Form parse error - not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void otherEncodingsAreRefusedWhateverTheHeaderSays(String charset) {
        var json = message("hello").getBytes(Charset.forName(charset));
        var type = "application/json; charset=" + charset;
        alice.post("/api/v1/message/", type, json)
                .expectProblem(415, "unsupported_media_type", "Unsupported media type \"" + type + "\" in request.");
        for (var utf8 : List.of("application/json", "application/json; charset=UTF-8")) {
            alice.post("/api/v1/message/", utf8, json).expectMalformed("JSON parse error");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-8", "\"UTF-8\"", "utf8", "us-ascii"})
    void whateverIsReadAsUtf8MayBeCalledSo(String charset) {
        alice.post("/api/v1/message/", "application/json; charset=" + charset, "{}")
                .expectInvalid(
                        "{\"recipient\": [\"This field is required.\"], \"body\": [\"This field is required.\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "%u0041", "%+1", "% 1", "%-1", "a%"})
    void brokenPercentEscapesAreRefusedInForms(String text) {
        alice.post("/api/v1/message/", "application/x-www-form-urlencoded", "recipient=" + BOB + "&body=" + text)
                .expectMalformed("Form parse error - a broken percent escape");
        alice.post("/api/v1/message/", "application/x-www-form-urlencoded", "body=x&" + text + "=" + BOB)
                .expectMalformed("Form parse error - a broken percent escape");
    }

    // --- fields of the wrong kind

    private static final Map<String, ObjectNode> COMPLETE = Map.of(
            "/api/v1/message/",
            Json.object().put("recipient", BOB).put("body", "x").put("client_id", "k"),
            "/api/v1/session/",
            Json.object().put("username", NOBODY).put("password", PASSWORD),
            "/api/v1/account/",
            Json.object().put("username", "new").put("password", PASSWORD).put("email", "a@b.example"));

    private static Stream<Arguments> fields() {
        return ENDPOINTS.stream().flatMap(endpoint -> {
            var names = new ArrayList<String>();
            COMPLETE.get(endpoint).fieldNames().forEachRemaining(names::add);
            return names.stream().map(name -> Arguments.of(endpoint, name));
        });
    }

    private static Answer postWith(String endpoint, String field, String json) {
        var object = COMPLETE.get(endpoint).deepCopy();
        object.set(field, Json.parse(json));
        return alice.post(endpoint, object.toString());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aFieldOfTheWrongTypeIsNamed(String endpoint, String field) {
        for (var json : List.of("1", "1.5", "-0", "true", "false", "[]", "[\"x\"]", "{}", "{\"x\": \"x\"}")) {
            postWith(endpoint, field, json).expectInvalid("{\"" + field + "\": " + NO_STRING + "}");
        }
    }

    static Stream<Arguments> requiredFields() {
        return fields().filter(one -> !List.of("email", "client_id").contains(one.get()[1]));
    }

    @ParameterizedTest
    @MethodSource("requiredFields")
    void aFieldThatIsNullIsNamed(String endpoint, String field) {
        postWith(endpoint, field, "null").expectInvalid("{\"" + field + "\": " + NOT_NULL + "}");
    }

    @ParameterizedTest
    @MethodSource("requiredFields")
    void aFieldThatIsMissingIsNamed(String endpoint, String field) {
        var object = COMPLETE.get(endpoint).deepCopy();
        object.remove(field);
        alice.post(endpoint, object.toString()).expectInvalid("{\"" + field + "\": " + REQUIRED + "}");
    }

    @ParameterizedTest
    @MethodSource("requiredFields")
    void aFieldThatIsBlankIsNamed(String endpoint, String field) {
        for (var blank : List.of("", " ", "\t\r\n ", "\u2003")) {
            postWith(endpoint, field, Json.write(blank)).expectInvalid("{\"" + field + "\": " + NOT_BLANK + "}");
        }
    }

    @Test
    void everyFieldAtFaultIsNamedAtOnce() {
        post("{\"recipient\": null, \"body\": \"a\\u0000b\", \"client_id\": \"\"}")
                .expectInvalid("{\"recipient\": " + NOT_NULL + ", \"body\": " + CONTROLS + ", \"client_id\": "
                        + NO_CLIENT_ID + "}");
        SharedService.api()
                .post("/api/v1/account/", object("username", "a b", "password", "short", "email", "x"))
                .expectInvalid("{\"username\": " + NO_NAME + ", \"password\": [\"Use at least 8 characters.\"],"
                        + " \"email\": [\"Enter a valid email address.\"]}");
    }

    // --- what a message may say

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u0001", "\b", "\u000b", "\f", "\u001b", "\u007f", "\u0085", "\u009f"})
    void controlCharactersAreRefused(String control) {
        post(message("a" + control + "b")).expectInvalid("{\"body\": " + CONTROLS + "}");
        alice.post(
                        "/api/v1/message/",
                        "application/x-www-form-urlencoded",
                        "recipient=" + BOB + "&body=a" + URLEncoder.encode(control, StandardCharsets.UTF_8) + "b")
                .expectInvalid("{\"body\": " + CONTROLS + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\udc4b", "a\\ud83db", "\\udc4b\\ud83d", "\\ud83d\\ud83d\\udc4b", "👋\\udc4b"})
    void loneSurrogatesAreRefused(String escaped) {
        post("{\"recipient\": \"" + BOB + "\", \"body\": \"" + escaped + "\"}")
                .expectInvalid("{\"body\": " + SURROGATES + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "好", "👋"})
    void aBodyOfOneCodePointTooManyIsRefused(String codePoint) {
        post(message(codePoint.repeat(10_001)))
                .expectInvalid("{\"body\": [\"Ensure this field has no more than 10000 characters.\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad.somebody.else", "a b", "a/b", "a\u0000b", "👋", "' OR 1=1 --", "%", "_"})
    void aRecipientWhoIsNotThereIsNotFound(String name) {
        post(object("recipient", name, "body", "x")).expectNotFound();
    }

    @Test
    void aRecipientWithALoneSurrogateOrTooLongANameIsNotFound() {
        post("{\"recipient\": \"\\ud83d\", \"body\": \"x\"}").expectNotFound();
        post(object("recipient", "a".repeat(151), "body", "x")).expectNotFound();
        post(object("recipient", "a".repeat(30_000), "body", "x")).expectNotFound();
    }

    // --- too much

    private static final int LIMIT = 192 * 1024;

    private static byte[] filled(int size) {
        var json = message("x");
        return RawHttp.bytes(json + " ".repeat(size - json.length()));
    }

    private static Answer expectTooLarge(Answer answer) {
        return answer.expectProblem(413, "request_entity_too_large", "The request is larger than " + LIMIT + " bytes.");
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT + 1, 300_000, 3_000_000})
    void aRequestOver192KiBIsRefused(int size) {
        for (var endpoint : ENDPOINTS) {
            expectTooLarge(alice.post(endpoint, "application/json", filled(size)));
            expectTooLarge(alice.post(endpoint, "application/x-www-form-urlencoded", filled(size)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT + 1, 300_000, 3_000_000})
    void aRequestOver192KiBThatDoesNotSayHowLongItIsIsRefused(int size) {
        expectTooLarge(alice.call(
                "POST",
                "/api/v1/message/",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(filled(size))),
                request -> request.header("Content-Type", "application/json")));
    }

    @Test
    void aRequestThatSaysItIsTooLongIsRefusedBeforeItComes() {
        expectTooLarge(raw("Content-Type: application/json\nContent-Length: 9999999999", ""));
        expectTooLarge(raw("Content-Type: application/json\nExpect: 100-continue\nContent-Length: " + (LIMIT + 1), ""));
    }

    @Test
    void whoeverSendsTooMuchIsToldWhyWhereverItGoesAndThatTheConnectionEnds() {
        for (var api : List.of(alice, SharedService.api())) {
            for (var path : List.of("/api/v1/message/", "/api/v1/user/", "/api/v1/nothing/")) {
                var answer = expectTooLarge(api.post(path, "application/json", filled(1_000_000)));
                assertThat(answer.header("Connection")).contains("close");
            }
        }
        assertThat(post("{}").header("Connection")).isEmpty();
    }

    @Test
    void aRequestThatIsTooLongIsNotParsed() {
        expectTooLarge(alice.post("/api/v1/message/", "application/json", "[".repeat(LIMIT + 1)));
    }

    @Test
    void anAddressThatIsTooLongIsRefused() {
        var answer = alice.get("/api/v1/user/?q=" + "x".repeat(20_000));
        answer.expectProblem(414, "uri_too_long", "URI Too Long");
        assertThat(answer.header("Connection")).contains("close");
    }

    private static Answer raw(String headers, String body) {
        return RawHttp.exchange(
                SharedService.service().port(),
                "POST /api/v1/message/ HTTP/1.1\nHost: localhost\nConnection: close\nAuthorization: Bearer "
                        + alice.token() + "\n" + headers,
                RawHttp.bytes(body));
    }

    @Test
    void aRequestThatEndsEarlyIsRefused() {
        try (var raw = new RawHttp(SharedService.service().port())) {
            raw.write(RawHttp.bytes("POST /api/v1/message/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + alice.token() + "\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000\r\n\r\n" + message("cut off")));
            raw.halfClose();
            var answer = raw.read();
            answer.expectProblem(400, "bad_request", answer.at("/detail").asText());
            // Who notices it first depends on when it comes.
            assertThat(answer.at("/detail").asText()).isIn("The request ended early.", "Early EOF");
        }
    }

    @Test
    void aBrokenChunkIsRefused() {
        raw("Content-Type: application/json\nTransfer-Encoding: chunked", "2\r\n{}\r\nzz\r\n")
                .expectProblem(400, "bad_request", "The request ended early.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "99999999999999999999", "x"})
    void aLengthThatIsNoneIsRefused(String length) {
        var answer = raw("Content-Type: application/json\nContent-Length: " + length, "{}");
        answer.expectProblem(400, "bad_request", answer.at("/detail").asText());
    }

    // --- accounts and sessions

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a/b",
                "a#b",
                "a,b",
                "a%b",
                "<b>",
                "a\u0000b",
                "a\nb",
                "👋",
                "a\u200fb",
                "a\u00a0b",
                "\u0085"
            })
    void aUsernameOutsideThePatternIsRefused(String name) {
        SharedService.api()
                .post("/api/v1/account/", object("username", name, "password", PASSWORD))
                .expectInvalid("{\"username\": " + NO_NAME + "}");
    }

    @Test
    void aUsernameThatIsTooLongOrHasALoneSurrogateIsRefused() {
        SharedService.api()
                .post("/api/v1/account/", object("username", "a".repeat(151), "password", PASSWORD))
                .expectInvalid("{\"username\": " + NO_NAME + "}");
        SharedService.api()
                .post("/api/v1/account/", "{\"username\": \"a\\ud83d\", \"password\": \"" + PASSWORD + "\"}")
                .expectInvalid("{\"username\": " + NO_NAME + "}");
    }

    static Stream<String> namesOfAlice() {
        return Stream.of(
                ALICE,
                ALICE.toUpperCase(Locale.ROOT),
                ALICE.replace("alice", "Alice"),
                ALICE.replace("a", "\uff41")); // full width, the same in NFKC
    }

    @ParameterizedTest
    @MethodSource("namesOfAlice")
    void aUsernameThatDiffersInCaseOrWidthAloneIsTaken(String name) {
        var normal = Normalizer.normalize(name, Normalizer.Form.NFKC);
        SharedService.api()
                .post("/api/v1/account/", object("username", name, "password", PASSWORD))
                .expectProblem(409, "username_taken", "A user with the name " + normal + " already exists.");
    }

    @Test
    void aPasswordOfAWrongLengthIsRefused() {
        var api = SharedService.api();
        api.post("/api/v1/account/", object("username", "new", "password", "iloveyou"))
                .expectInvalid("{\"password\": [\"This password is too common.\"]}");
        api.post("/api/v1/account/", object("username", "new", "password", "seven77"))
                .expectInvalid("{\"password\": [\"Use at least 8 characters.\"]}");
        api.post("/api/v1/account/", object("username", "new", "password", "👋".repeat(7)))
                .expectInvalid("{\"password\": [\"Use at least 8 characters.\"]}");
        api.post("/api/v1/account/", object("username", "new", "password", "x".repeat(257)))
                .expectInvalid("{\"password\": [\"Use at most 256 characters.\"]}");
    }

    @Test
    void aPasswordWithALoneSurrogateIsRefused() {
        SharedService.api()
                .post("/api/v1/account/", "{\"username\": \"new\", \"password\": \"12345678\\ud83d\"}")
                .expectInvalid("{\"password\": " + SURROGATES + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "@",
                "a@b",
                "@b.c",
                "a@.c",
                "a@b.",
                "a b@c.d",
                "a@b c.d",
                "a@b@c.d",
                "a\\u0000@b.c",
                "a@b\\n.c",
                "a\\ud83d@b.c",
                "a@b\\ud83d.c"
            })
    void anEmailAddressThatIsNoneIsRefused(String email) {
        SharedService.api()
                .post(
                        "/api/v1/account/",
                        "{\"username\": \"new\", \"password\": \"" + PASSWORD + "\", \"email\": \"" + email + "\"}")
                .expectInvalid("{\"email\": [\"Enter a valid email address.\"]}");
    }

    @Test
    void signingInWithTheWrongCredentialsDoesNotTellWhichWereWrong() {
        var attempts = List.of(
                object("username", NOBODY, "password", PASSWORD + " "),
                object("username", NOBODY, "password", PASSWORD.toUpperCase(Locale.ROOT)),
                object("username", NOBODY, "password", "x"),
                object("username", NOBODY, "password", "x".repeat(257)),
                object("username", NOBODY + "x", "password", PASSWORD),
                object("username", "a b", "password", PASSWORD),
                object("username", ALICE, "password", PASSWORD), // has no password at all
                object("username", ALICE, "password", "!"));
        for (var attempt : attempts) {
            var answer = SharedService.api().post("/api/v1/session/", attempt);
            answer.expectProblem(401, "wrong_credentials", "Unable to sign in with the provided credentials.");
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
            assertThat(answer.header("Set-Cookie")).isEmpty();
        }
    }

    // --- who is asking

    private static final List<String> PROTECTED = List.of(
            "GET /api/v1/account/",
            "PATCH /api/v1/account/",
            "DELETE /api/v1/account/",
            "GET /api/v1/account/export/",
            "GET /api/v1/admin/account/",
            "POST /api/v1/account/password/",
            "GET /api/v1/session/",
            "DELETE /api/v1/session/current/",
            "GET /api/v1/user/",
            "GET /api/v1/user/" + BOB + "/",
            "POST /api/v1/message/",
            "GET /api/v1/message/",
            "GET /api/v1/message/1/",
            "PATCH /api/v1/message/1/",
            "DELETE /api/v1/message/1/",
            "GET /api/v1/message/search/?q=x",
            "GET /api/v1/conversation/",
            "GET /api/v1/conversation/" + BOB + "/",
            "POST /api/v1/conversation/" + BOB + "/read/",
            "GET /api/v1/event/");

    private static void expectNotSignedIn(String detail, Map<String, String> headers) {
        for (var call : PROTECTED) {
            var parts = call.split(" ");
            var answer = SharedService.api()
                    .call(
                            parts[0],
                            parts[1],
                            parts[0].equals("POST") ? BodyPublishers.ofString(message("x")) : BodyPublishers.noBody(),
                            request -> {
                                headers.forEach(request::header);
                                return request.header("Content-Type", "application/json");
                            });
            answer.expectProblem(401, "not_signed_in", detail);
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
        }
    }

    private static final String NO_CREDENTIALS = "Authentication credentials were not provided.";
    private static final String NO_SESSION = "The session has ended, or never was.";

    @Test
    void withoutCredentialsNothingIsAnswered() {
        expectNotSignedIn(NO_CREDENTIALS, Map.of());
    }

    @Test
    void anotherSchemeIsNoCredential() {
        expectNotSignedIn(NO_CREDENTIALS, Map.of("Authorization", "Basic " + alice.token()));
        expectNotSignedIn(NO_CREDENTIALS, Map.of("Authorization", "Token " + alice.token()));
        expectNotSignedIn(NO_CREDENTIALS, Map.of("Authorization", alice.token()));
        expectNotSignedIn(NO_CREDENTIALS, Map.of("Authorization", "Bearer"));
        expectNotSignedIn(NO_CREDENTIALS, Map.of("Cookie", "session=" + alice.token()));
        expectNotSignedIn(NO_CREDENTIALS, Map.of("Cookie", "sessionid="));
    }

    @Test
    void aTokenThatNobodyHasIsRefused() {
        for (var token : List.of("x", "null", alice.token() + "x", alice.token().substring(1), "é", "a b", "\"")) {
            expectNotSignedIn(NO_SESSION, Map.of("Authorization", "Bearer " + token));
        }
        expectNotSignedIn(NO_SESSION, Map.of("Cookie", "sessionid=" + alice.token() + "x"));
    }

    @Test
    void theHashOfATokenIsNoToken() {
        var hash = new SessionToken(alice.token()).hash();
        expectNotSignedIn(NO_SESSION, Map.of("Authorization", "Bearer " + hash.hex()));
    }

    @Test
    void aBearerTokenThatNobodyHasIsNotMadeUpForByACookie() {
        expectNotSignedIn(NO_SESSION, Map.of("Authorization", "Bearer x", "Cookie", "sessionid=" + alice.token()));
    }

    @Test
    void anExpiredTokenIsRefused() {
        expectNotSignedIn(NO_SESSION, Map.of("Authorization", "Bearer " + expired));
        expectNotSignedIn(NO_SESSION, Map.of("Cookie", "sessionid=" + expired));
    }

    @Test
    void theTokenOfAnEndedSessionIsRefused() {
        expectNotSignedIn(NO_SESSION, Map.of("Authorization", "Bearer " + ended));
        expectNotSignedIn(NO_SESSION, Map.of("Cookie", "sessionid=" + ended));
    }

    // --- pages, cursors, limits

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "x",
                "99",
                "2",
                "1.5",
                "1e0",
                "",
                "%201",
                "%EF%BC%91",
                "99999999999999999999",
                "9007199254740991",
                "9223372036854775807",
                "LAST",
                "%00"
            })
    void aPageThatIsNoneIsNotFound(String page) {
        for (var query : List.of("?target=" + BOB + "&page=", "?page=", "?target=" + NOBODY + "x&page=")) {
            alice.get("/api/v1/message/" + query + page).expectProblem(404, "invalid_page", "Invalid page.");
        }
    }

    private static final String SEQ_RANGE = "[\"Ensure this value is from 0 to 9007199254740991.\"]";

    @ParameterizedTest
    @CsvSource({
        "-1,range",
        "9007199254740992,range",
        "x,none",
        "'',none",
        "1e3,none",
        "1.0,none",
        "%2B1,none",
        "99999999999999999999,none",
        "9223372036854775808,none"
    })
    void aCursorThatIsNoneIsRefused(String cursor, String why) {
        var fault = why.equals("range") ? SEQ_RANGE : NO_INTEGER;
        alice.get("/api/v1/event/?after=" + cursor).expectInvalid("{\"after\": " + fault + "}");
        alice.get("/api/v1/message/?target=" + BOB + "&after=" + cursor).expectInvalid("{\"after\": " + fault + "}");
        alice.get("/api/v1/message/?target=" + BOB + "&before=" + cursor).expectInvalid("{\"before\": " + fault + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1000000", "9007199254740991"})
    void aCursorPastTheEndOfTheFeedIsRefused(String cursor) {
        newcomer.get("/api/v1/event/?after=" + cursor)
                .expectInvalid("{\"after\": [\"The feed has not come so far: it is at 0.\"]}");
    }

    @Test
    void twoCursorsOrNoTargetAreRefused() {
        alice.get("/api/v1/message/?target=" + BOB + "&after=0&before=5")
                .expectInvalid("{\"after\": [\"Use either before or after.\"]}");
        alice.get("/api/v1/message/?after=0").expectInvalid("{\"target\": " + REQUIRED + "}");
        alice.get("/api/v1/message/?before=9").expectInvalid("{\"target\": " + REQUIRED + "}");
    }

    @ParameterizedTest
    @CsvSource({"0,range", "-1,range", "100000,range", "x,none", "'',none", "1.0,none", "99999999999999999999,none"})
    void aLimitThatIsNoneIsRefused(String limit, String why) {
        var most = Map.of("message", 100, "event", 1_000, "user", 1_000);
        for (var path : most.keySet()) {
            var fault =
                    why.equals("range") ? "[\"Ensure this value is from 1 to " + most.get(path) + ".\"]" : NO_INTEGER;
            alice.get("/api/v1/" + path + "/?limit=" + limit).expectInvalid("{\"limit\": " + fault + "}");
        }
    }

    @ParameterizedTest
    @CsvSource({"message,101", "event,1001", "user,1001"})
    void aLimitOneOverTheMostIsRefused(String path, int limit) {
        alice.get("/api/v1/" + path + "/?limit=" + limit)
                .expectInvalid("{\"limit\": [\"Ensure this value is from 1 to " + (limit - 1) + ".\"]}");
    }

    // --- addresses and methods

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "+1",
                "1e3",
                "1.0",
                "x",
                "9007199254740992",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999",
                "%20",
                "1%20",
                "%EF%BC%91",
                "1;x=2x",
                "null"
            })
    void anIdThatIsNoneIsNotFound(String id) {
        alice.get("/api/v1/message/" + id.replace(";x=2x", "x") + "/").expectNotFound();
        alice.get("/api/v1/message/" + id.replace(";x=2x", "x")).expectNotFound();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1",
                "/api/v1/",
                "/api/v1/nothing",
                "/api/v1/nothing/",
                "/api/v1/messages/",
                "/api/v1/message/1/x",
                "/api/v1/user/a/b/",
                "/api/v1/session/x/y/",
                "/api/v1/MESSAGE/",
                "/api/v1/%6Eothing/"
            })
    void anAddressThatIsNoneIsNotFoundByWhomever(String path) {
        alice.get(path).expectNotFound();
        SharedService.api().get(path).expectNotFound();
        alice.post(path, "{}").expectNotFound();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/message/%00/",
                "/api/v1/user/%00",
                "/api/v1/user/a%2Fb/",
                "/api/v1//message/",
                "/api/v1/message//",
                "/api/v1/user/%zz/",
                "/api/v1/user/%",
                "/api/v1/user/%2e%2e/message/",
                "/api/v1/user/a\\b",
                "/api/v1/user/\u00e9"
            })
    void anAddressThatHttpDoesNotAllowIsRefused(String path) {
        var answer = RawHttp.exchange(
                SharedService.service().port(),
                "GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\nAuthorization: Bearer "
                        + alice.token());
        answer.expectProblem(400, "bad_request", answer.at("/detail").asText());
        assertThat(answer.text()).doesNotContain("Exception", "jetty", "java");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: [", "Host: a b", "Host: a\nHost: b", "Host: localhost\nA b: c", "X: y"})
    void aHeaderThatHttpDoesNotAllowIsRefused(String headers) {
        var answer = RawHttp.exchange(
                SharedService.service().port(), "GET /api/v1/user/ HTTP/1.1\nConnection: close\n" + headers);
        answer.expectProblem(400, "bad_request", answer.at("/detail").asText());
    }

    private static final Map<String, List<String>> METHODS = Map.ofEntries(
            Map.entry("/api/v1/account/", List.of("GET", "POST", "PATCH", "DELETE")),
            Map.entry("/api/v1/account/export/", List.of("GET")),
            Map.entry("/api/v1/admin/account/", List.of("GET")),
            Map.entry("/api/v1/admin/account/" + BOB + "/", List.of("GET", "PATCH", "DELETE")),
            Map.entry("/api/v1/account/password/", List.of("POST")),
            Map.entry("/api/v1/password-reset/", List.of("POST")),
            Map.entry("/api/v1/password-reset/confirm/", List.of("POST")),
            Map.entry("/api/v1/session/", List.of("GET", "POST", "DELETE")),
            Map.entry("/api/v1/session/1/", List.of("DELETE")),
            Map.entry("/api/v1/session/current/", List.of("DELETE")),
            Map.entry("/api/v1/user/", List.of("GET")),
            Map.entry("/api/v1/user/" + BOB + "/", List.of("GET")),
            Map.entry("/api/v1/message/", List.of("GET", "POST")),
            Map.entry("/api/v1/message/1/", List.of("GET", "PATCH", "DELETE")),
            Map.entry("/api/v1/message/search/", List.of("GET")),
            Map.entry("/api/v1/conversation/", List.of("GET")),
            Map.entry("/api/v1/conversation/" + BOB + "/", List.of("GET")),
            Map.entry("/api/v1/conversation/" + BOB + "/read/", List.of("POST")),
            Map.entry("/api/v1/conversation/" + BOB + "/delivered/", List.of("POST")),
            Map.entry("/api/v1/event/", List.of("GET")),
            Map.entry("/api/v1/block/", List.of("GET")));

    static Stream<Arguments> wrongMethods() {
        return METHODS.entrySet().stream().flatMap(entry -> Stream.of("GET", "POST", "PUT", "PATCH", "DELETE")
                .filter(method -> !entry.getValue().contains(method))
                .map(method -> Arguments.of(method, entry.getKey())));
    }

    @ParameterizedTest
    @MethodSource("wrongMethods")
    void aMethodThatIsNotThereIsRefusedWithThoseThatAre(String method, String path) {
        var allowed = new ArrayList<>(METHODS.get(path));
        allowed.add("OPTIONS");
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        for (var address : List.of(path, path.replaceFirst("/$", ""))) {
            alice.call(
                            method,
                            address,
                            BodyPublishers.ofString("{}"),
                            request -> request.header("Content-Type", "application/json"))
                    .expectNotAllowed(method, allowed.toArray(String[]::new));
        }
    }

    // --- media types

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/json",
                "application/xml",
                "application/octet-stream",
                "multipart/form-data; boundary=x",
                "application/problem+json",
                "application/jsonp",
                "text/plain; charset=utf-8",
                "garbage",
                "///",
                "application/",
                "application/json; charset=bogus",
                "application/json; charset=iso-8859-1",
                "application/x-www-form-urlencoded; charset=windows-1252",
                "application/*",
                "*/*",
                "application/x-www-form-urlencoded; charset=bogus",
                "application/json; charset=''",
                "a b/c"
            })
    void anotherMediaTypeIsRefused(String type) {
        for (var endpoint : ENDPOINTS) {
            alice.post(endpoint, type, message("x"))
                    .expectProblem(
                            415, "unsupported_media_type", "Unsupported media type \"" + type + "\" in request.");
        }
    }

    /** Or anybody could fill it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json;charset=%00",
                "application/json;charset='utf-8'",
                "application/json;charset=\"",
                "application/json;charset=",
                "application/x-www-form-urlencoded;charset=%00",
                "text/plain;charset=%00",
                "multipart/form-data;charset=%00"
            })
    void whatSomebodyCallsTheirTextLeavesNothingInTheLog(String type) {
        var log = new ListAppender<ILoggingEvent>();
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        try {
            for (var endpoint : ENDPOINTS) {
                for (var api : List.of(alice, SharedService.api())) {
                    var answer = api.post(endpoint, type, message("x"));
                    assertThat(answer.status()).as(endpoint).isIn(400, 401, 415);
                    assertThat(answer.header("Content-Type")).contains("application/problem+json");
                }
            }
            SharedService.api()
                    .call("GET", "/ws", BodyPublishers.noBody(), request -> request.header("Content-Type", type))
                    .expect(401);
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }

    @Test
    void aBodyWithoutAMediaTypeIsRefused() {
        for (var endpoint : ENDPOINTS) {
            alice.call("POST", endpoint, BodyPublishers.ofString(message("x")), request -> request)
                    .expectProblem(415, "unsupported_media_type", "Unsupported media type \"\" in request.");
        }
    }

    @Test
    void whoDoesNotTakeJsonGetsNothingElse() {
        for (var accept : List.of("text/html", "application/xml", "image/*")) {
            alice.call("GET", "/api/v1/user/", BodyPublishers.noBody(), request -> request.header("Accept", accept))
                    .expectProblem(406, "not_acceptable", "HTTP 406 Not Acceptable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {";;;", "*/*;q=x"})
    void anAcceptThatCannotBeReadIsRefusedWithAProblem(String accept) {
        alice.call("GET", "/api/v1/user/", BodyPublishers.noBody(), request -> request.header("Accept", accept))
                .expectMalformed("A header of the request cannot be read.");
    }

    // --- idempotency keys

    private static Answer postWithKey(String header, String json) {
        return alice.call("POST", "/api/v1/message/", BodyPublishers.ofString(json), request -> request.header(
                        "Content-Type", "application/json")
                .header("Idempotency-Key", header));
    }

    @Test
    void aKeyThatIsNoneIsRefused() {
        for (var key : List.of("", " ", "a b", "é", "👋", "a\u0000b", "a\nb", "x".repeat(65), "x".repeat(10_000))) {
            post(object("recipient", BOB, "body", "x", "client_id", key))
                    .expectInvalid("{\"client_id\": " + NO_CLIENT_ID + "}");
        }
        for (var key : List.of("", "a b", "x".repeat(65))) {
            postWithKey(key, message("x")).expectInvalid("{\"client_id\": " + NO_CLIENT_ID + "}");
        }
        var json = message("x");
        raw("Content-Type: application/json\nContent-Length: " + json.length() + "\nIdempotency-Key: \u00e9", json)
                .expectInvalid("{\"client_id\": " + NO_CLIENT_ID + "}");
    }

    @Test
    void aHeaderAndAFieldThatNameDifferentKeysAreRefused() {
        postWithKey("one", object("recipient", BOB, "body", "x", "client_id", "other"))
                .expectInvalid("{\"client_id\": [\"The header Idempotency-Key says something else.\"]}");
    }

    @Test
    void aKeyThatWasUsedForAnotherMessageIsAConflict() {
        var key = People.freshName("key");
        alice.send(BOB, "the one", key).expect(201);
        remember();
        var detail = "The key " + key + " was used for another message.";
        alice.send(BOB, "another", key).expectProblem(409, "client_key_reused", detail);
        alice.send(NOBODY, "the one", key).expectProblem(409, "client_key_reused", detail);
        alice.send(ALICE, "the one", key).expectProblem(409, "client_key_reused", detail);
        postWithKey(key, message("another")).expectProblem(409, "client_key_reused", detail);
    }
}

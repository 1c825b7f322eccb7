package io.messagecenter.app.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Repeats the recorded requests against a service, in their order, and compares each answer, member by member and in the
 * order of members, with the recorded one. Ids and times are those of the service; wherever a recording shows one again,
 * the service has to show its own again.
 */
final class Replay {
    static final int USERS = 50;

    private static final String EMOJI = "send: emoji and right-to-left text";
    private static final String FIRST_LIST = "conversation: newest 15 first";
    /** What the recordings have between the single messages and the lists: see their bodies. */
    private static final int LINES = 40;

    private static final long FIRST_LINE_ID = 5;
    private static final int PAGE = 15;
    private static final Pattern IN_ALL = Pattern.compile("… (\\d+) in all");
    private static final Pattern REST = Pattern.compile(".*the rest of (\\d+) entries");
    private static final Pattern MESSAGE_PATH = Pattern.compile("/api/v1/message/(\\d+)(/?)");
    private static final List<String> MORE_IN_MESSAGES = List.of("seq", "edited", "deleted", "reply_to", "client_id");
    private static final List<String> PROBLEM = List.of("type", "title", "status", "code");

    private final Api api;
    private final Function<String, String> tokens;
    private final boolean emoji;

    private final Map<String, String> cookies = new HashMap<>();
    private final Map<Long, ObjectNode> byRecordedId = new HashMap<>();
    private final Map<String, String> times = new HashMap<>();
    private final List<ObjectNode> messages = new ArrayList<>();
    private final Map<Deviation, List<String>> deviations = new EnumMap<>(Deviation.class);
    private String name = "";

    /**
     * Of a service where {@value #USERS} users are there.
     *
     * @param tokens what signs a user in
     * @param emoji whether to send the message that the original could not store, too
     */
    Replay(Api api, Function<String, String> tokens, boolean emoji) {
        this.api = api;
        this.tokens = tokens;
        this.emoji = emoji;
    }

    static JsonNode recordings() {
        try (var file = Replay.class.getResourceAsStream("/seed/exchanges.json")) {
            return Json.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8))
                    .get("exchanges");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which deviation was met in which exchanges. */
    Map<Deviation, List<String>> run() {
        for (var exchange : recordings()) {
            name = exchange.get("name").asText();
            if (name.equals(FIRST_LIST)) {
                sendLines();
            }
            if (emoji || !name.equals(EMOJI)) {
                replay(exchange);
            }
        }
        return deviations;
    }

    private void deviates(Deviation deviation) {
        deviations.computeIfAbsent(deviation, first -> new ArrayList<>()).add(name);
    }

    /** Even lines are the recipient's, odd ones the sender's of the single messages. */
    private void sendLines() {
        for (int i = 0; i < LINES; i++) {
            boolean even = i % 2 == 0;
            var answer = request(
                    even ? "u1" : "u0",
                    "POST",
                    "/api/v1/message/",
                    "application/json",
                    Json.object()
                            .put("recipient", even ? "u0" : "u1")
                            .put("body", "line " + i)
                            .toString());
            remember(FIRST_LINE_ID + i, (ObjectNode) answer.expect(201).json());
        }
    }

    private void replay(JsonNode exchange) {
        var request = exchange.get("request");
        var recorded = exchange.get("response");
        var method = request.get("method").asText();
        var path = path(request.get("path").asText());
        var user = exchange.get("as").isNull() ? null : exchange.get("as").asText();
        var answer = request(
                user,
                method,
                path,
                request.path("content_type").asText(""),
                request.path("body").isTextual()
                        ? request.get("body").asText()
                        : request.path("body").toString());
        if (method.equals("DELETE")) {
            deviates(Deviation.NOBODY_DELETES_WHAT_OTHERS_SENT);
            deviates(Deviation.ERRORS_ARE_PROBLEMS);
            answer.expectNotFound();
        } else if (name.equals(EMOJI)) {
            deviates(Deviation.EMOJI_IS_ACCEPTED);
            compareEmoji(request.get("body"), answer);
        } else {
            compare(user, exchange, recorded, answer);
        }
    }

    private Answer request(String user, String method, String path, String contentType, String body) {
        return api.call(
                method,
                path,
                contentType.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
                request -> {
                    if (user != null) {
                        request.header("Cookie", "sessionid=" + cookies.computeIfAbsent(user, tokens));
                    }
                    return contentType.isEmpty() ? request : request.header("Content-Type", contentType);
                });
    }

    private String path(String recorded) {
        if (recorded.equals("/api/v1/user/2/")) {
            deviates(Deviation.ONE_USER_BY_NAME);
            return "/api/v1/user/u1/";
        }
        var message = MESSAGE_PATH.matcher(recorded);
        if (message.matches() && byRecordedId.containsKey(Long.valueOf(message.group(1)))) {
            return "/api/v1/message/"
                    + byRecordedId.get(Long.valueOf(message.group(1))).get("id") + message.group(2);
        }
        return recorded;
    }

    // --- what comes back

    private void compare(String user, JsonNode exchange, JsonNode recorded, Answer answer) {
        int status = recorded.get("status").asInt();
        assertThat(answer.header("Allow"))
                .as(name)
                .contains(recorded.get("allow").asText());
        if (status >= 400) {
            compareError(exchange, status, recorded, answer);
            return;
        }
        assertThat(answer.status()).as(name + answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type"))
                .as(name)
                .contains(recorded.get("content_type").asText());
        var expected = recorded.get("body").deepCopy();
        var actual = answer.json();
        if (expected.isArray()) {
            compareUsers(user, exchange, (ArrayNode) expected, actual);
        } else if (expected.has("results")) {
            comparePage(user, exchange, (ObjectNode) expected, actual);
        } else if (expected.has("username")) {
            assertThat(withoutPresence(actual).toString()).as(name).isEqualTo(expected.toString());
        } else {
            if (status == 201) {
                remember(expected.get("id").asLong(), (ObjectNode) actual);
            }
            assertThat(original(actual).toString())
                    .as(name)
                    .isEqualTo(own(expected).toString());
        }
    }

    private void compareError(JsonNode exchange, int recordedStatus, JsonNode recorded, Answer answer) {
        int status = recordedStatus;
        if (status == 403 && exchange.get("as").isNull()) {
            deviates(Deviation.NOT_SIGNED_IN_IS_401);
            status = 401;
            assertThat(answer.header("WWW-Authenticate")).as(name).contains("Bearer");
        }
        deviates(Deviation.ERRORS_ARE_PROBLEMS);
        assertThat(answer.status()).as(name).isEqualTo(status);
        assertThat(answer.header("Content-Type")).as(name).contains("application/problem+json");
        var problem = (ObjectNode) answer.json();
        assertThat(problem.path("status").asInt()).as(name).isEqualTo(status);
        assertThat(problem.fieldNames()).toIterable().as(name).startsWith("type", "title", "status", "detail", "code");
        problem.remove(PROBLEM);
        var expected = (ObjectNode) recorded.get("body").deepCopy();
        if (expected.path("detail").asText().startsWith("JSON parse error")) {
            deviates(Deviation.PARSE_ERROR_IN_OTHER_WORDS);
            assertThat(problem.path("detail").asText()).as(name).startsWith("JSON parse error");
            problem.set("detail", expected.get("detail"));
        } else if (!expected.has("detail")) {
            // Where the original names fields and no more, a problem says in general what is wrong as well.
            assertThat(problem.remove("detail").asText()).as(name).isEqualTo("Some fields are missing or wrong.");
        }
        assertThat(problem.toString()).as(name).isEqualTo(expected.toString());
    }

    private void compareEmoji(JsonNode sent, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.header("Content-Type")).contains("application/json");
        var message = (ObjectNode) answer.json();
        assertThat(message.get("user").asText()).isEqualTo("u0");
        assertThat(message.get("recipient").asText()).isEqualTo("u1");
        assertThat(message.get("body").asText()).isEqualTo(sent.get("body").asText());
        check(message);
        messages.add(original(message));
    }

    private void compareUsers(String user, JsonNode exchange, ArrayNode recorded, JsonNode actual) {
        deviates(Deviation.USERS_ARE_ONLINE_OR_NOT_AND_BY_NAME);
        var count = REST.matcher(exchange.get("note").asText());
        assertThat(count.matches()).isTrue();
        var expected = IntStream.range(0, USERS)
                .mapToObj(i -> "u" + i)
                .filter(name -> !name.equals(user))
                .sorted()
                .map(name -> Json.object().put("username", name).toString())
                .toList();
        assertThat(expected).as("what was recorded of them").hasSize(Integer.parseInt(count.group(1)));
        assertThat(recorded.remove(recorded.size() - 1).asText()).isEqualTo("…");
        assertThat(expected).contains(texts(recorded).toArray(String[]::new));
        var users = new ArrayList<String>();
        actual.forEach(one -> users.add(without(one, "online", "false").toString()));
        assertThat(users).as(name).isEqualTo(expected);
    }

    private JsonNode withoutPresence(JsonNode user) {
        deviates(Deviation.USERS_ARE_ONLINE_OR_NOT_AND_BY_NAME);
        return without(without(user, "online", "false"), "last_seen", "null");
    }

    private JsonNode without(JsonNode object, String member, String value) {
        var rest = (ObjectNode) object.deepCopy();
        var removed = rest.remove(member);
        assertThat(removed).as(name).hasToString(value);
        return rest;
    }

    private void comparePage(String user, JsonNode exchange, ObjectNode recorded, JsonNode actual) {
        var query = exchange.at("/request/path").asText().replaceFirst("[^?]*\\??", "");
        var all = messagesOf(user, parameter(query, "target"));
        int page = Integer.parseInt(parameter(query, "page").orElse("1"));
        var expected = Json.object();
        expected.put("count", withEmoji(recorded.get("count").asInt(), 0));
        expected.set("next", link(recorded.get("next")));
        expected.set("previous", link(recorded.get("previous")));
        var results = expected.putArray("results");
        int from = Math.min(all.size(), (page - 1) * PAGE);
        all.subList(from, Math.min(all.size(), from + PAGE)).forEach(results::add);
        // What is expected from what was sent must be what was recorded, too.
        assertThat(all).as(name).hasSize(expected.get("count").asInt());
        compareShown((ArrayNode) recorded.get("results"), results);

        var shown = (ObjectNode) actual.deepCopy();
        var shownResults = shown.putArray("results");
        actual.get("results").forEach(one -> shownResults.add(original(one)));
        assertThat(shown.toString()).as(name).isEqualTo(expected.toString());
    }

    private void compareShown(ArrayNode recorded, ArrayNode expected) {
        int size = recorded.size();
        if (size > 0 && recorded.get(size - 1).isTextual()) {
            var inAll = IN_ALL.matcher(recorded.remove(size - 1).asText());
            assertThat(inAll.matches()).isTrue();
            size = Integer.parseInt(inAll.group(1));
        }
        assertThat(expected).as(name).hasSize(size < PAGE ? withEmoji(size, 0) : size);
        for (int i = 0; i < recorded.size(); i++) {
            assertThat(expected.get(i).toString())
                    .as(name)
                    .isEqualTo(own(recorded.get(i)).toString());
        }
    }

    /** One more, where there is anything at all. */
    private int withEmoji(int recorded, int none) {
        if (!emoji || recorded == none) {
            return recorded;
        }
        if (!deviations.getOrDefault(Deviation.EMOJI_COUNTS, List.of()).contains(name)) {
            deviates(Deviation.EMOJI_COUNTS);
        }
        return recorded + 1;
    }

    private JsonNode link(JsonNode recorded) {
        return recorded.isNull()
                ? recorded
                : Json.parse(
                        Json.write(recorded.asText().replace("BASE", api.base().toString())));
    }

    private static Optional<String> parameter(String query, String parameter) {
        for (var pair : query.split("&")) {
            if (pair.startsWith(parameter + "=")) {
                return Optional.of(pair.substring(parameter.length() + 1));
            }
        }
        return Optional.empty();
    }

    /** Latest first. */
    private List<ObjectNode> messagesOf(String user, Optional<String> peer) {
        var found = new ArrayList<ObjectNode>();
        for (var message : messages) {
            var from = message.get("user").asText();
            var to = message.get("recipient").asText();
            boolean mine = from.equals(user) || to.equals(user);
            if (mine && (peer.isEmpty() || (from.equals(user) ? to : from).equals(peer.get()))) {
                found.add(0, message);
            }
        }
        return found;
    }

    // --- messages

    private void remember(long recordedId, ObjectNode message) {
        check(message);
        var kept = original(message);
        assertThat(byRecordedId.values())
                .as(name)
                .extracting(one -> one.get("id"))
                .doesNotContain(kept.get("id"));
        byRecordedId.put(recordedId, kept);
        messages.add(kept);
    }

    private void check(ObjectNode message) {
        var time = message.get("timestamp").asText();
        assertThat(time).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(Instant.parse(time)).isCloseTo(Instant.now(), within(2, ChronoUnit.MINUTES));
        assertThat(message.get("id").isIntegralNumber()).isTrue();
    }

    /** A message with the original's members alone; fails if it has others than may be there. */
    private ObjectNode original(JsonNode message) {
        if (!deviations
                .getOrDefault(Deviation.MESSAGES_HAVE_MORE_MEMBERS, List.of())
                .contains(name)) {
            deviates(Deviation.MESSAGES_HAVE_MORE_MEMBERS);
        }
        var names = new ArrayList<String>();
        message.fieldNames().forEachRemaining(names::add);
        var expected = new ArrayList<>(List.of("id", "user", "recipient", "timestamp", "body"));
        expected.addAll(MORE_IN_MESSAGES);
        assertThat(names).as(name).isEqualTo(expected);
        return ((ObjectNode) message.deepCopy()).remove(MORE_IN_MESSAGES);
    }

    /** A recorded message, with the service's id and time. */
    private ObjectNode own(JsonNode recorded) {
        var mine = byRecordedId.get(recorded.get("id").asLong());
        var time = mine.get("timestamp").asText();
        assertThat(times.computeIfAbsent(recorded.get("timestamp").asText(), first -> time))
                .as(name)
                .isEqualTo(time);
        var own = (ObjectNode) recorded.deepCopy();
        own.set("id", mine.get("id"));
        own.set("timestamp", mine.get("timestamp"));
        return own;
    }

    private static List<String> texts(ArrayNode nodes) {
        var texts = new ArrayList<String>();
        nodes.forEach(node -> texts.add(node.toString()));
        return texts;
    }
}

package io.messagecenter.app.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.assertj.core.api.AbstractStringAssert;

/** What came back over HTTP. */
public record Answer(int status, HttpHeaders headers, byte[] bytes) {
    private static final List<String> STANDARD = List.of("type", "title", "status", "detail", "code");

    public Optional<String> header(String name) {
        var values = headers.allValues(name);
        assertThat(values).as("headers " + name).hasSizeLessThanOrEqualTo(1);
        return values.stream().findFirst();
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return Json.parse(text());
    }

    public JsonNode at(String pointer) {
        return json().at(pointer);
    }

    /** Fails unless it has this status; shows the body where it has not. */
    public Answer expect(int wanted) {
        assertThat(status).as(this::text).isEqualTo(wanted);
        return this;
    }

    /** The methods that the header {@code Allow} names, sorted. */
    public List<String> allowed() {
        return header("Allow").stream()
                .flatMap(allow -> Arrays.stream(allow.split(",")))
                .map(String::strip)
                .sorted()
                .toList();
    }

    /** Fails unless this is a whole problem of that status and code, with exactly these members beside the standard ones. */
    public Answer expectProblem(int wanted, String code, String detail, String extensions) {
        expect(wanted);
        assertThat(header("Content-Type")).contains("application/problem+json");
        assertThat(header("Cache-Control")).contains("no-store");
        assertThat(header("Content-Length")).contains(Integer.toString(bytes.length));
        var problem = (ObjectNode) json();
        var standard = problem.deepCopy().retain(STANDARD);
        var expected = Json.object()
                .put("type", "about:blank")
                .put("title", title(wanted))
                .put("status", wanted)
                .put("detail", detail)
                .put("code", code);
        assertThat(standard).isEqualTo(expected);
        assertThat(problem.deepCopy().remove(STANDARD)).isEqualTo(Json.parse(extensions));
        return this;
    }

    public Answer expectProblem(int wanted, String code, String detail) {
        return expectProblem(wanted, code, detail, "{}");
    }

    /** Fails unless this is a 400 that names exactly these fields, as a JSON object of lists of sentences. */
    public Answer expectInvalid(String fields) {
        return expectProblem(400, "invalid", "Some fields are missing or wrong.", fields);
    }

    /** Fails unless this is a 400 for what could not be read at all; any plain sentence will do. */
    public Answer expectMalformed(String beginning) {
        expectProblem(400, "bad_request", json().path("detail").asText());
        plainSentence().startsWith(beginning);
        return this;
    }

    private AbstractStringAssert<?> plainSentence() {
        return assertThat(json().path("detail").asText()).doesNotContain("Exception", "com.fasterxml", "java.", "\n");
    }

    public Answer expectNotSignedIn() {
        expect(401);
        assertThat(header("WWW-Authenticate")).contains("Bearer");
        assertThat(json().path("code").asText()).isEqualTo("not_signed_in");
        return expectProblem(401, "not_signed_in", json().path("detail").asText());
    }

    public Answer expectNotFound() {
        return expectProblem(404, "not_found", "Not found.");
    }

    public Answer expectNotAllowed(String method, String... allowed) {
        expectProblem(405, "method_not_allowed", "Method \"" + method + "\" not allowed.");
        assertThat(allowed()).isEqualTo(List.copyOf(new TreeSet<>(Arrays.asList(allowed))));
        return this;
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 413 -> "Request Entity Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> throw new IllegalArgumentException("No title for " + status);
        };
    }
}

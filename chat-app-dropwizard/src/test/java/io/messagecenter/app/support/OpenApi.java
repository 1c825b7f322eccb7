package io.messagecenter.app.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.messagecenter.app.support.Endpoints.Endpoint;
import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Holds what the service answers to what openapi.yaml says. Every exchange of the tests' clients passes here, so an answer
 * that is not described fails the test that got it. Thread-safe.
 */
public final class OpenApi {
    private static final String BASE = "/api/v1";

    /** What can come from everywhere: HTTP's own refusals, and failures. The document has them under {@code default}. */
    private static final Set<Integer> ANYWHERE = Set.of(400, 406, 408, 413, 414, 415, 431, 500);

    /** What a client acts on; where it is there, it is described. */
    private static final List<String> TELLING =
            List.of("Set-Cookie", "Link", "Location", "Retry-After", "WWW-Authenticate");

    /** What the service acts on, of what no other service would know; where it is sent, it is described. */
    private static final List<String> HEEDED = List.of("Expected-User", "Idempotency-Key");

    private static final OpenApi SERVICE = new OpenApi(Description.read("openapi.yaml"));

    private final Description description;
    private final List<String> paths;

    public OpenApi(JsonNode document) {
        description = new Description(document, VersionFlag.V202012);
        paths = new ArrayList<>();
        document.path("paths").fieldNames().forEachRemaining(paths::add);
        paths.sort(Comparator.comparing((String path) -> path.contains("{"))); // what is spelt out comes first
    }

    /** The service's own. */
    public static OpenApi service() {
        return SERVICE;
    }

    /** A request as it went out; the body is empty where it cannot be looked at. */
    public record Request(String method, String target, HttpHeaders headers, Optional<byte[]> body) {
        String path() {
            return target.split("\\?", 2)[0];
        }

        String query() {
            var parts = target.split("\\?", 2);
            return parts.length == 1 ? "" : parts[1];
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    /** All that is described, as {@link Endpoints} has it. */
    public Set<Endpoint> endpoints() {
        var endpoints = new LinkedHashSet<Endpoint>();
        for (var path : paths) {
            for (var method : methods(path)) {
                endpoints.add(new Endpoint(method, (BASE + path).replaceAll("\\{[^}]*}", "1")));
            }
        }
        return endpoints;
    }

    /**
     * Fails unless the exchange is as described. What is not below the API's path is none of this, nor is an empty segment,
     * which Jetty refuses before it is known whose address that is.
     */
    public void check(Request request, Answer answer) {
        if (!request.path().startsWith(BASE + "/") || request.path().contains("//")) {
            return;
        }
        var path = path(request.path());
        var method = request.method().equals("HEAD") ? "GET" : request.method();
        if (path.isPresent() && methods(path.get()).contains(method)) {
            var pointer = "/paths/" + Description.token(path.get()) + "/" + method.toLowerCase(Locale.ROOT);
            new Exchange(pointer, request, answer).check();
        } else if (path.isPresent() && method.equals("OPTIONS") && answer.status() == 200) {
            requireAllow(path.get(), request, answer);
        } else {
            require(answer.status() >= 400, request, answer, "is not described");
            requireProblem(request, answer);
            if (answer.status() == 405) {
                require(path.isPresent(), request, answer, "allows methods of a path that is not described");
                requireAllow(path.orElseThrow(), request, answer);
            }
        }
    }

    private Optional<String> path(String requested) {
        var segments = requested.substring(BASE.length()).replaceFirst("/$", "").split("/", -1);
        return paths.stream().filter(path -> matches(path, segments)).findFirst();
    }

    private static boolean matches(String path, String[] segments) {
        var described = path.replaceFirst("/$", "").split("/", -1);
        if (described.length != segments.length) {
            return false;
        }
        for (int i = 0; i < segments.length; i++) {
            if (described[i].startsWith("{") ? segments[i].isEmpty() : !described[i].equals(segments[i])) {
                return false;
            }
        }
        return true;
    }

    private List<String> methods(String path) {
        var methods = new ArrayList<String>();
        description
                .at("/paths/" + Description.token(path))
                .fieldNames()
                .forEachRemaining(name -> methods.add(name.toUpperCase(Locale.ROOT)));
        return methods;
    }

    private void requireAllow(String path, Request request, Answer answer) {
        var methods = new TreeSet<>(methods(path));
        methods.add("OPTIONS");
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        require(answer.allowed().equals(List.copyOf(methods)), request, answer, "allows " + answer.allowed());
    }

    private void requireProblem(Request request, Answer answer) {
        require(
                mediaType(answer.headers()).equals("application/problem+json"),
                request,
                answer,
                "is refused by something else than a problem");
        if (!request.method().equals("HEAD")) {
            var problem = answer.json();
            var known = List.of("Problem", "Invalid", "CursorTooOld", "TooManyRequests", "UnexpectedFailure");
            require(
                    known.stream().anyMatch(name -> description
                            .faults("/components/schemas/" + name, problem)
                            .isEmpty()),
                    request,
                    answer,
                    "is answered with a problem of an unknown kind");
            require(problem.path("status").asInt() == answer.status(), request, answer, "says another status");
        }
    }

    private static String mediaType(HttpHeaders headers) {
        return headers.firstValue("Content-Type").orElse("").split(";")[0].strip();
    }

    private static void require(boolean condition, Request request, Answer answer, String fault) {
        if (!condition) {
            throw new AssertionError("Not as openapi.yaml has it: " + request + " " + fault + "; it was answered with "
                    + answer.status() + " " + answer.headers().map() + " " + answer.text());
        }
    }

    /** Of a parameter that is repeated the last, as the service has it for a form. */
    private static ObjectNode form(String encoded) {
        var fields = Json.object();
        for (var pair : encoded.split("&")) {
            var parts = pair.split("=", 2);
            fields.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
        }
        return fields;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** One request to an endpoint that is described, and its answer. */
    private final class Exchange {
        private final String operation;
        private final Request request;
        private final Answer answer;

        Exchange(String operation, Request request, Answer answer) {
            this.operation = operation;
            this.request = request;
            this.answer = answer;
        }

        void check() {
            var response = response();
            var content = description.at(response).path("content");
            if (content.isMissingNode()) {
                demand(answer.bytes().length == 0, "has a body that is not described");
            } else {
                var type = mediaType(answer.headers());
                demand(content.has(type), "has a body of the type \"" + type + "\"");
                if (!request.method().equals("HEAD")) {
                    valid(response + "/content/" + Description.token(type) + "/schema", answer.json(), "has a body");
                }
            }
            headers(description.at(response).path("headers"), response);
            if (answer.status() == 400 && answer.bytes().length > 0) {
                faultsNameWhatIsDescribed();
            } else if (answer.status() < 300) {
                signedIn();
                parameters();
                body();
            }
        }

        private String response() {
            var responses = operation + "/responses/";
            if (description.at(responses + answer.status()).isObject()) {
                return description.resolve(responses + answer.status());
            }
            demand(ANYWHERE.contains(answer.status()), "has a status that is not described");
            return description.resolve(responses + "default");
        }

        private void headers(JsonNode described, String response) {
            described.fieldNames().forEachRemaining(name -> {
                var pointer = description.resolve(response + "/headers/" + name);
                var values = answer.headers().allValues(name);
                demand(
                        !values.isEmpty()
                                || !description.at(pointer + "/required").asBoolean(),
                        "lacks the header " + name);
                values.forEach(
                        value -> valid(pointer + "/schema", typed(pointer + "/schema", value), "has a header " + name));
            });
            for (var name : TELLING) {
                demand(
                        described.has(name) || answer.headers().allValues(name).isEmpty(),
                        "has a header " + name + " that is not described");
            }
        }

        /** What is said to be wrong is a parameter or a member that the document knows. */
        private void faultsNameWhatIsDescribed() {
            var known = new TreeSet<>(List.of("type", "title", "status", "detail", "code"));
            for (int i = 0; i < description.at(operation + "/parameters").size(); i++) {
                known.add(description
                        .at(description.resolve(operation + "/parameters/" + i) + "/name")
                        .asText());
            }
            if (description.at(operation).has("requestBody")) {
                var schema = operation + "/requestBody/content/application~1json/schema";
                description
                        .at(description.resolve(schema) + "/properties")
                        .fieldNames()
                        .forEachRemaining(known::add);
            }
            answer.json()
                    .fieldNames()
                    .forEachRemaining(name -> demand(
                            known.contains(name), "is said to be wrong in " + name + ", which is not described"));
        }

        private void signedIn() {
            var open = description.at(operation + "/security");
            var carries = request.headers().firstValue("Authorization").isPresent()
                    || request.headers().allValues("Cookie").stream().anyMatch(cookie -> cookie.contains("sessionid="));
            demand(carries || (open.isArray() && open.isEmpty()), "needs nobody to be signed in");
        }

        private void parameters() {
            var query = form(request.query());
            var headers = new TreeSet<String>();
            for (int i = 0; i < description.at(operation + "/parameters").size(); i++) {
                var pointer = description.resolve(operation + "/parameters/" + i);
                var name = description.at(pointer + "/name").asText();
                if (description.at(pointer + "/in").asText().equals("query") && query.has(name)) {
                    var value = query.get(name).asText();
                    valid(pointer + "/schema", typed(pointer + "/schema", value), "takes a parameter " + name);
                } else if (description.at(pointer + "/in").asText().equals("header")) {
                    headers.add(name);
                    request.headers()
                            .allValues(name)
                            .forEach(value -> valid(
                                    pointer + "/schema", typed(pointer + "/schema", value), "takes a header " + name));
                }
            }
            for (var name : HEEDED) {
                demand(
                        headers.contains(name)
                                || request.headers().allValues(name).isEmpty(),
                        "takes a header " + name + " that is not described");
            }
        }

        private void body() {
            var described = description.at(operation + "/requestBody");
            if (described.isMissingNode() || request.body().isEmpty() || encoded()) {
                return;
            }
            var bytes = request.body().get();
            if (bytes.length == 0) {
                demand(!described.path("required").asBoolean(), "does without a body");
                return;
            }
            var type = mediaType(request.headers()).toLowerCase(Locale.ROOT);
            demand(described.path("content").has(type), "takes a body of the type \"" + type + "\"");
            var text = new String(bytes, StandardCharsets.UTF_8);
            var schema = operation + "/requestBody/content/" + Description.token(type) + "/schema";
            valid(
                    schema,
                    type.equals("application/json") ? Json.parse(text) : typed(schema, form(text)),
                    "takes a body");
        }

        private boolean encoded() {
            return request.headers().firstValue("Content-Encoding").isPresent();
        }

        private JsonNode typed(String schema, ObjectNode form) {
            var properties = description.resolve(schema) + "/properties";
            form.fieldNames().forEachRemaining(name -> {
                if (description.at(properties).has(name)) {
                    form.set(name, typed(properties + "/" + name, form.get(name).textValue()));
                }
            });
            return form;
        }

        /** Parameters, headers and forms are text; one that is described as a number may look like one. */
        private JsonNode typed(String schema, String value) {
            var text = description
                    .at(description.resolve(schema) + "/type")
                    .asText()
                    .equals("string");
            return !text && value.matches("-?[0-9]{1,18}") ? Json.number(Long.parseLong(value)) : Json.text(value);
        }

        private void valid(String schema, JsonNode value, String what) {
            var faults = description.faults(schema, value);
            demand(faults.isEmpty(), what + " that is not as described: " + faults);
        }

        private void demand(boolean condition, String fault) {
            require(condition, request, answer, fault);
        }
    }
}

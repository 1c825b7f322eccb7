package io.messagecenter.app.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.apicurio.datamodels.Library;
import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Description;
import io.messagecenter.app.support.Endpoints;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.OpenApi;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** openapi.yaml is sound and whole, and what the service says otherwise is noticed. */
class OpenApiTest {
    private static final String PERSON = "{\"username\": \"bob\", \"online\": true}";
    private static final String PROFILE = "{\"username\": \"bob\", \"online\": true, \"last_seen\": null}";

    /** What OpenAPI 3.1 has from JSON Schema, and the body of a DELETE, which it allows: its validator knows neither. */
    private static final Set<String> UNHEARD_OF = Set.of("examples", "if", "then", "else", "requestBody");

    private static final Map<String, List<String>> JSON = Map.of("Content-Type", List.of("application/json"));
    private static final Map<String, List<String>> PROBLEM =
            Map.of("Content-Type", List.of("application/problem+json"));

    @Test
    void theDocumentIsOpenApi() {
        var document = (ObjectNode) Description.read("openapi.yaml");
        assertThat(document.path("openapi").asText()).startsWith("3.1.");
        assertThat(problems(document)).isEmpty();
        document.withObject("/paths/~1user~1/get/responses/200").remove("description");
        assertThat(problems(document)).hasSize(1);
    }

    private static List<String> problems(ObjectNode document) {
        return Library.validate(Library.readDocument(document), null).stream()
                .filter(problem -> !UNHEARD_OF.contains(String.valueOf(problem.property)))
                // It takes the name of a webhook for a path.
                .filter(problem -> !problem.nodePath.toString().startsWith("/webhooks["))
                .map(problem -> problem.nodePath + ": " + problem.message + " " + problem.property)
                .toList();
    }

    @Test
    void everySchemaIsJsonSchema() {
        var document = Description.read("openapi.yaml");
        var schemas = Json.object();
        schemas.set("$defs", document.at("/components/schemas"));
        assertThat(Description.faultsOfSchema(schemas, VersionFlag.V202012)).isEmpty();
        ((ObjectNode) schemas.at("/$defs/Person")).put("required", "username");
        assertThat(Description.faultsOfSchema(schemas, VersionFlag.V202012)).isNotEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        var document = Description.read("openapi.yaml");
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> assertThat(
                        document.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
    }

    @Test
    void everyEndpointIsDescribedAndNothingElse() {
        assertThat(OpenApi.service().endpoints()).containsExactlyInAnyOrderElementsOf(Endpoints.all());
    }

    /** Whose a request is to be can be said wherever it matters. */
    @Test
    void everyEndpointThatNeedsACallerTakesWhoThatIsExpectedToBe() {
        var document = Description.read("openapi.yaml");
        for (var path : document.path("paths")) {
            assertThat(path).isNotEmpty().allSatisfy(operation -> assertThat(
                            operation.path("parameters").toString().contains("ExpectedUser"))
                    .as(operation.path("operationId").asText())
                    .isEqualTo(operation.path("security").isMissingNode()));
        }
    }

    private static void check(
            String method, String target, int status, Map<String, List<String>> headers, String body) {
        check(OpenApi.service(), method, target, "", status, headers, body);
    }

    private static void check(
            OpenApi description,
            String method,
            String target,
            String sent,
            int status,
            Map<String, List<String>> headers,
            String body) {
        var signedIn = HttpHeaders.of(
                Map.of("Authorization", List.of("Bearer x"), "Content-Type", List.of("application/json")),
                (name, value) -> true);
        description.check(
                new OpenApi.Request(method, target, signedIn, Optional.of(sent.getBytes(StandardCharsets.UTF_8))),
                new Answer(
                        status, HttpHeaders.of(headers, (name, value) -> true), body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String problem(int status, String code, String more) {
        return "{\"type\": \"about:blank\", \"title\": \"Title\", \"status\": " + status
                + ", \"detail\": \"Detail.\", \"code\": \"" + code + "\"" + more + "}";
    }

    @Test
    void whatIsAsDescribedPasses() {
        check("GET", "/api/v1/user/bob/", 200, JSON, PROFILE);
        check("GET", "/api/v1/user/bob", 200, JSON, PROFILE);
        check("HEAD", "/api/v1/user/bob", 200, JSON, "");
        check("GET", "/api/v1/user/?limit=7", 200, JSON, "[" + PERSON + "]");
        check("GET", "/api/v1/user/bob/", 404, PROBLEM, problem(404, "not_found", ""));
        check("GET", "/api/v1/nothing/", 404, PROBLEM, problem(404, "not_found", ""));
        check("DELETE", "/api/v1/session/5/", 204, Map.of(), "");
        check("GET", "/elsewhere", 200, Map.of(), "whatever");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "GET    | /api/v1/user/bob/   | 200 | '{\"username\": \"bob\", \"online\": true, \"last_seen\": null, \"age\": 7}'",
                "GET    | /api/v1/user/bob/   | 200 | '{\"username\": \"bob\", \"online\": true, \"last_seen\": \"now\"}'",
                "GET    | /api/v1/user/bob/   | 200 | '{\"username\": \"bob\", \"last_seen\": null}'",
                "GET    | /api/v1/user/bob/   | 200 | '{\"username\": \"bob\", \"online\": null, \"last_seen\": null}'",
                "GET    | /api/v1/user/bob/   | 200 | '[]'",
                "GET    | /api/v1/user/bob/   | 201 | '{\"username\": \"bob\", \"online\": true, \"last_seen\": null}'",
                "GET    | /api/v1/user/bob/   | 204 | ''",
                "POST   | /api/v1/user/bob/   | 200 | '{\"username\": \"bob\", \"online\": true, \"last_seen\": null}'",
                "GET    | /api/v1/user/?limit=1001 | 200 | '[]'",
                "GET    | /api/v1/user/?limit=x    | 200 | '[]'",
                "GET    | /api/v1/nothing/    | 200 | '{}'",
                "DELETE | /api/v1/session/5/  | 204 | '{}'",
                "DELETE | /api/v1/session/5/  | 200 | ''",
            })
    void whatIsOtherwiseFails(String method, String target, int status, String body) {
        assertThatThrownBy(() -> check(method, target, status, JSON, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Not as openapi.yaml has it: " + method + " " + target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "GET    | /api/v1/user/bob/  | 404 | 404 | not_found   | ', \"more\": 1'",
                "GET    | /api/v1/user/bob/  | 404 | 404 | forbidden   | ''",
                "GET    | /api/v1/user/bob/  | 404 | 403 | not_found   | ''",
                "GET    | /api/v1/user/bob/  | 403 | 403 | forbidden   | ''",
                "GET    | /api/v1/user/bob/  | 401 | 401 | not_signed_in | ''",
                "GET    | /api/v1/user/bob/  | 503 | 503 | overloaded  | ''",
                "GET    | /api/v1/user/bob/  | 500 | 500 | internal_server_error | ''",
                "GET    | /api/v1/user/bob/  | 418 | 418 | teapot      | ''",
                "GET    | /api/v1/user/      | 400 | 400 | invalid     | ', \"recipient\": [\"What?\"]'",
                "GET    | /api/v1/user/      | 400 | 400 | invalid     | ''",
                "PATCH  | /api/v1/user/bob/  | 405 | 405 | method_not_allowed | ''",
                "GET    | /api/v1/nothing/   | 405 | 405 | method_not_allowed | ''",
            })
    void aRefusalThatIsOtherwiseFails(String method, String target, int status, int said, String code, String more) {
        assertThatThrownBy(() -> check(method, target, status, PROBLEM, problem(said, code, more)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void headersAreLookedAt() {
        assertThatThrownBy(() ->
                        check("GET", "/api/v1/user/bob/", 200, Map.of("Content-Type", List.of("text/html")), PROFILE))
                .hasMessageContaining("has a body of the type \"text/html\"");
        var link = Map.of(
                "Content-Type", List.of("application/json"), "Link", List.of("</api/v1/user/?after=a>; rel=\"next\""));
        check("GET", "/api/v1/user/", 200, link, "[]");
        assertThatThrownBy(() -> check("GET", "/api/v1/block/", 200, link, "[]"))
                .hasMessageContaining("has a header Link that is not described");
        var wrong = Map.of("Content-Type", List.of("application/json"), "Link", List.of("next"));
        assertThatThrownBy(() -> check("GET", "/api/v1/user/", 200, wrong, "[]"))
                .hasMessageContaining("has a header Link that is not as described");
        assertThatThrownBy(() -> check("DELETE", "/api/v1/session/current/", 204, Map.of(), ""))
                .hasMessageContaining("lacks the header Set-Cookie");
    }

    @Test
    void requestsThatAreTakenAreLookedAt() {
        var account = "{\"username\": \"bob\", \"email\": null, \"created\": \"2026-11-22T07:45:26.450886Z\"}";
        Consumer<String> patch =
                sent -> check(OpenApi.service(), "PATCH", "/api/v1/account/", sent, 200, JSON, account);
        patch.accept("{\"email\": \"bob@example.org\"}");
        assertThatThrownBy(() -> patch.accept("{\"email\": 7}")).hasMessageContaining("takes a body");
        assertThatThrownBy(() -> patch.accept("[]")).hasMessageContaining("takes a body");
    }

    @Test
    void whoeverNeedBeSignedInIsLookedAt() {
        var nobody = HttpHeaders.of(Map.of(), (name, value) -> true);
        var answer =
                new Answer(200, HttpHeaders.of(JSON, (name, value) -> true), PROFILE.getBytes(StandardCharsets.UTF_8));
        var request = new OpenApi.Request("GET", "/api/v1/user/bob/", nobody, Optional.empty());
        assertThatThrownBy(() -> OpenApi.service().check(request, answer))
                .hasMessageContaining("needs nobody to be signed in");
    }

    @Test
    void whatIsNotDescribedAnyMoreFails() {
        var document = (ObjectNode) Description.read("openapi.yaml");
        document.withObject("/components/schemas/Profile/properties").remove("online");
        var drifted = new OpenApi(document);
        assertThatThrownBy(() -> check(drifted, "GET", "/api/v1/user/bob/", "", 200, JSON, PROFILE))
                .hasMessageContaining("online");
        assertThatCode(() -> check(
                        "GET",
                        "/api/v1/user/bob/",
                        200,
                        JSON,
                        Json.parse(PROFILE).toString()))
                .doesNotThrowAnyException();
    }
}

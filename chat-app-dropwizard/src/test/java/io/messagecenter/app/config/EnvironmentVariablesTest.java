package io.messagecenter.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVariablesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode read(String yaml, Map<String, String> environment) throws JsonProcessingException {
        var variables = new EnvironmentVariables(environment::get);
        return variables.fill(YAML.readTree(variables.mark(yaml)));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "S3cr\\et",
                "hunter2\\question",
                "\"",
                "'",
                "a\"b'c",
                "${HOME}",
                "$1 \\1",
                "a: b # c",
                "- [x, {y: z}]",
                "%@`&*!|>",
                "two\nlines\t",
                " outer ",
                "true",
                "שלום 👋",
                "\uE000X.0\uE001"
            })
    void whateverASecretHasInItIsTakenAsItIs(String secret) throws JsonProcessingException {
        var environment = Map.of("SECRET", secret);
        for (var place : new String[] {"${SECRET}", "\"${SECRET}\"", "'${SECRET}'", "${NOT_SET:-${SECRET}}"}) {
            assertThat(read("password: " + place + " # a comment", environment)
                            .path("password")
                            .textValue())
                    .as(place)
                    .isEqualTo(secret);
        }
        assertThat(read("url: redis://:${SECRET}@host/${SECRET}", environment)
                        .path("url")
                        .textValue())
                .isEqualTo("redis://:" + secret + "@host/" + secret);
        assertThat(read("[\"${SECRET}\"]", environment).path(0).textValue()).isEqualTo(secret);
    }

    @Test
    void whatIsNotSetHasTheValueThatIsGivenInstead() throws JsonProcessingException {
        var environment = Map.of("PORT", "9000", "EMPTY", "");
        assertThat(read(
                        """
                        port: ${PORT:-8080}
                        grace: ${GRACE:-3s}
                        url: ${URL:-jdbc:h2:file:${DIR:-./data}/chat}
                        page: ${PAGE:-http://127.0.0.1:${PORT:-8080}/}
                        none: ${NONE:-}
                        empty: ${EMPTY:-something}
                        text: "${NONE:-}"
                        # ${NEEDED} in a comment is nobody's
                        itself: $${PORT}
                        other: $PORT ${not a name} ${OPEN
                        """,
                        environment))
                .isEqualTo(
                        json(
                                """
                                {'port': '9000', 'grace': '3s', 'url': 'jdbc:h2:file:./data/chat',
                                'page': 'http://127.0.0.1:9000/', 'none': null, 'empty': null, 'text': '',
                                'itself': '${PORT}', 'other': '$PORT ${not a name} ${OPEN'}
                                """));
    }

    @Test
    void inAListOneStandsForAsManyAsThereAre() throws JsonProcessingException {
        for (var list : new String[] {"[${PROXIES:-}]", "\n- ${PROXIES:-}"}) {
            var yaml = "proxies: " + list;
            assertThat(read(yaml, Map.of())).isEqualTo(json("{'proxies': []}"));
            assertThat(read(yaml, Map.of("PROXIES", "::1"))).isEqualTo(json("{'proxies': ['::1']}"));
            assertThat(read(yaml, Map.of("PROXIES", "10.0.0.0/8, fd00::/8,::1")))
                    .isEqualTo(json("{'proxies': ['10.0.0.0/8', 'fd00::/8', '::1']}"));
        }
        assertThat(read("[a, ${X:-b}, {c: [${X:-d,e}]}]", Map.of())).isEqualTo(json("['a', 'b', {'c': ['d', 'e']}]"));
    }

    @Test
    void whatHasNoValueIsNamed() {
        assertThatThrownBy(() -> read("secret: ${CHAT_WEBHOOK_SECRET}", Map.of()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("CHAT_WEBHOOK_SECRET");
    }
}

package io.messagecenter.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonMembersTest {
    @Test
    void aMemberOfTheOuterObjectIsFoundBehindOneOfTheSameNameWithin() {
        assertThat(number("{\"message\":{\"seq\":5,\"x\":[{\"seq\":6}]},\"seq\":7}", "seq"))
                .isEqualTo(7);
    }

    @Test
    void whatAStringSaysIsNoMember() {
        assertThat(number("{\"body\":\"\\\"seq\\\":1,{\",\"a\":\"seq\",\"seq\": 12}", "seq"))
                .isEqualTo(12);
    }

    @Test
    void aStringDoesNotEndAtAQuoteThatIsEscaped() {
        assertThat(number("{\"body\":\"\\\"\",\"seq\":5}", "seq")).isEqualTo(5);
        assertThat(number("{\"body\":\"\\\\\",\"seq\":6}", "seq")).isEqualTo(6);
    }

    @Test
    void aNumberMayBeginAString() {
        assertThat(number("{\"client_id\":\"0000000042 and text\"}", "client_id"))
                .isEqualTo(42);
    }

    @Test
    void whatIsNotThereHasNoPlaceAndNoNumber() {
        assertThat(number("{\"a\":{\"seq\":1}}", "seq")).isEqualTo(-1);
        assertThat(number("{\"seq\":null}", "seq")).isEqualTo(-1);
        assertThat(number("", "seq")).isEqualTo(-1);
    }

    @Test
    void anInnerObjectIsSearchedFromItsOwnPlace() {
        var json = bytes("{\"n\":1,\"message\":{\"seq\":5,\"body\":\"17 x\"},\"body\":\"18\"}");
        int message = JsonMembers.find(json, 0, json.length, JsonMembers.quoted("message"));
        int body = JsonMembers.find(json, message, json.length, JsonMembers.quoted("body"));

        assertThat(JsonMembers.number(json, body, json.length)).isEqualTo(17);
        assertThat(JsonMembers.find(json, message, json.length, JsonMembers.quoted("n")))
                .isEqualTo(-1);
    }

    @Test
    void aStringIsComparedWhole() {
        var json = bytes("{\"type\":\"message.sent\"}");
        int type = JsonMembers.find(json, 0, json.length, JsonMembers.quoted("type"));

        assertThat(JsonMembers.isAt(json, type, json.length, JsonMembers.quoted("message.sent")))
                .isTrue();
        assertThat(JsonMembers.isAt(json, type, json.length, JsonMembers.quoted("message")))
                .isFalse();
        assertThat(JsonMembers.isAt(json, -1, json.length, JsonMembers.quoted("message")))
                .isFalse();
    }

    private static long number(String json, String name) {
        var bytes = bytes(json);
        return JsonMembers.number(
                bytes, JsonMembers.find(bytes, 0, bytes.length, JsonMembers.quoted(name)), bytes.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

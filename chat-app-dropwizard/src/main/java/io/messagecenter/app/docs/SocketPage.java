package io.messagecenter.app.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Writes the AsyncAPI description as a page of plain HTML: what there is to show one needs a script that compiles scripts,
 * which no sound policy allows. Knows as much of AsyncAPI as this description uses.
 */
final class SocketPage {
    private static final String PLACE = "<!-- frames -->";

    private final JsonNode description;
    private final StringBuilder html = new StringBuilder();

    private SocketPage(JsonNode description) {
        this.description = description;
    }

    static String html() {
        try {
            var page = new SocketPage(YAMLMapper.builder().build().readTree(Resources.own("asyncapi.yaml")));
            page.write();
            return new String(Resources.own("socket.html"), StandardCharsets.UTF_8).replace(PLACE, page.html);
        } catch (IOException e) {
            throw new UncheckedIOException("The description cannot be read", e);
        }
    }

    private void write() {
        html.append("<h1>").append(text(description.at("/info/title"))).append("</h1>");
        paragraphs(description.at("/info/description"));
        description.path("channels").properties().forEach(channel -> {
            html.append("<h2>").append(text(channel.getValue().path("title"))).append("</h2>");
            paragraphs(channel.getValue().path("description"));
            for (var operation : description.path("operations")) {
                if (operation.at("/channel/$ref").asText().equals("#/channels/" + channel.getKey())) {
                    operation(operation);
                }
            }
        });
        html.append("<h2>Parts of frames</h2>");
        description.at("/components/schemas").properties().forEach(schema -> {
            html.append("<article id=\"").append(escaped(schema.getKey())).append("\"><h3><code>");
            html.append(escaped(schema.getKey())).append("</code></h3>");
            schema(schema.getValue());
            html.append("</article>");
        });
    }

    private void operation(JsonNode operation) {
        html.append("<h3>").append(text(operation.path("title"))).append("</h3>");
        paragraphs(operation.path("summary"));
        for (var reference : operation.path("messages")) {
            var message = resolved(resolved(reference));
            html.append("<article><h4><code>")
                    .append(text(message.path("name")))
                    .append("</code></h4>");
            paragraphs(message.path("summary"));
            for (var example : message.path("examples")) {
                html.append("<pre><code>")
                        .append(escaped(example.path("payload").toString()));
                html.append("</code></pre>");
            }
            schema(message.path("payload"));
            html.append("</article>");
        }
    }

    private void schema(JsonNode schema) {
        if (!schema.has("properties")) {
            html.append("<p>").append(type(schema)).append("</p>");
            return;
        }
        paragraphs(schema.path("description"));
        html.append("<dl>");
        schema.path("properties").properties().forEach(member -> {
            html.append("<dt><code>").append(escaped(member.getKey())).append("</code></dt><dd>");
            html.append(type(member.getValue())).append("</dd>");
        });
        if (schema.path("additionalProperties").isObject()) {
            html.append("<dt>any other</dt><dd>").append(type(schema.path("additionalProperties")));
            html.append("</dd>");
        }
        html.append("</dl>");
    }

    /** What a value may be, in a line. */
    private static String type(JsonNode schema) {
        var words = new ArrayList<String>();
        if (schema.has("$ref")) {
            var name = escaped(schema.path("$ref").asText().replaceFirst(".*/", ""));
            words.add("<a href=\"#" + name + "\">" + name + "</a>");
        } else if (schema.has("const")) {
            words.add("<code>" + escaped(schema.path("const").toString()) + "</code>");
        } else if (schema.has("enum")) {
            words.add(joined(schema.path("enum"), one -> "<code>" + escaped(one.toString()) + "</code>"));
        } else if (schema.has("oneOf")) {
            words.add(joined(schema.path("oneOf"), SocketPage::type));
        } else if (schema.path("type").isArray()) {
            words.add(joined(schema.path("type"), SocketPage::text));
        } else {
            words.add(text(schema.path("type")));
        }
        bound(words, schema, "minimum", "from ");
        bound(words, schema, "maximum", "to ");
        bound(words, schema, "minLength", "of at least ");
        bound(words, schema, "maxLength", "of at most ");
        bound(words, schema, "pattern", "like ");
        if (schema.has("items")) {
            words.add("of: " + type(schema.path("items")));
        }
        var line = String.join(" ", words);
        return schema.has("description") ? line + ". " + prose(schema.path("description")) : line;
    }

    private static void bound(List<String> words, JsonNode schema, String keyword, String word) {
        if (schema.has(keyword)) {
            var value = text(schema.path(keyword));
            var unit = keyword.endsWith("Length") ? " characters" : "";
            words.add(word + (keyword.equals("pattern") ? "<code>" + value + "</code>" : value) + unit);
        }
    }

    private static String joined(JsonNode all, Function<JsonNode, String> each) {
        return StreamSupport.stream(all.spliterator(), false).map(each).collect(Collectors.joining(" or "));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? description.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** Of Markdown it knows empty lines and back-ticks. */
    private void paragraphs(JsonNode markdown) {
        if (!markdown.isMissingNode()) {
            for (var paragraph : markdown.asText().strip().split("\n\n", -1)) {
                html.append("<p>").append(code(escaped(paragraph))).append("</p>");
            }
        }
    }

    private static String prose(JsonNode markdown) {
        return code(escaped(markdown.asText().strip()));
    }

    private static String code(String escaped) {
        return escaped.replaceAll("`([^`]*)`", "<code>$1</code>");
    }

    private static String text(JsonNode node) {
        return escaped(node.asText());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

package io.messagecenter.app.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A YAML document with JSON Schemas in it, as the service serves it. Thread-safe. */
public final class Description {
    private final JsonNode document;
    private final String address;
    private final JsonSchemaFactory factory;
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    /** @param version of JSON Schema that its schemas are written in */
    public Description(JsonNode document, VersionFlag version) {
        this.document = document;
        this.address = "https://message-center.example/description";
        this.factory = JsonSchemaFactory.getInstance(
                version,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(address, document.toString()))));
    }

    /** One of those that stand beside the pages which show them. */
    public static JsonNode read(String name) {
        try (var in = Description.class.getResourceAsStream("/io/messagecenter/app/docs/" + name)) {
            if (in == null) {
                throw new FileNotFoundException(name);
            }
            return YAMLMapper.builder().build().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** Where a reference leads to, or the place itself if there is none. */
    public String resolve(String pointer) {
        var node = at(pointer);
        if (node.isMissingNode()) {
            throw new AssertionError("Nothing is described at " + pointer);
        }
        return node.has("$ref") ? resolve(node.get("$ref").asText().substring(1)) : pointer;
    }

    /** What is wrong with a value, by the schema at that place; empty if nothing is. */
    public List<String> faults(String pointer, JsonNode value) {
        return schemas.computeIfAbsent(pointer, this::schema).validate(value).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    /** What is wrong with a schema itself. */
    public static List<String> faultsOfSchema(JsonNode schema, VersionFlag version) {
        return JsonSchemaFactory.getInstance(version)
                .getSchema(SchemaLocation.of(version.getId()))
                .validate(schema)
                .stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private JsonSchema schema(String pointer) {
        var config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        return factory.getSchema(SchemaLocation.of(address + "#" + pointer), config);
    }

    /** A name as a part of a pointer. */
    public static String token(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}

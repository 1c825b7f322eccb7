package io.messagecenter.app.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds the frames of the WebSocket to what asyncapi.yaml says. Thread-safe. */
public final class AsyncApi {
    private static final AsyncApi SERVICE = new AsyncApi(Description.read("asyncapi.yaml"));

    private final Description description;
    /** By operation: the message of each type, or of any, where there is but one. */
    private final Map<String, Map<JsonNode, String>> messages = new ConcurrentHashMap<>();

    public AsyncApi(JsonNode document) {
        description = new Description(document, VersionFlag.V7);
    }

    /** The service's own. */
    public static AsyncApi service() {
        return SERVICE;
    }

    /** Fails unless the frame is one that the server sends over message-center.v1. */
    public void checkTold(String frame) {
        check("tell", Json.parse(frame));
    }

    /** Fails unless the frame is one that the server takes over message-center.v1. */
    public void checkTaken(JsonNode frame) {
        check("take", frame);
    }

    /** Fails unless the frame is one that the server sends over the original's channel. */
    public void checkNotified(String frame) {
        check("notify", Json.parse(frame));
    }

    /** By the one message of its type, so that the fault is told and not that no message fits. */
    private void check(String operation, JsonNode frame) {
        var byType = messages.computeIfAbsent(operation, this::messages);
        var message = byType.size() == 1 ? byType.values().iterator().next() : byType.get(frame.path("type"));
        if (message == null) {
            throw new AssertionError("Not in asyncapi.yaml: " + frame);
        }
        var faults = description.faults(message + "/payload", frame);
        if (!faults.isEmpty()) {
            throw new AssertionError("Not as asyncapi.yaml has it: " + frame + ": " + faults);
        }
    }

    private Map<JsonNode, String> messages(String operation) {
        var all = "/operations/" + operation + "/messages";
        var byType = new HashMap<JsonNode, String>();
        for (int i = 0; i < description.at(all).size(); i++) {
            var message = description.resolve(all + "/" + i);
            if (byType.put(type(message), message) != null) {
                throw new IllegalStateException("Two messages of one type in " + operation + ": " + message);
            }
        }
        return byType;
    }

    private JsonNode type(String message) {
        var payload = message + "/payload";
        return description.at(payload).has("oneOf")
                ? description.at(description.resolve(payload + "/oneOf/0") + "/properties/type/const")
                : description.at(payload + "/properties/type/const");
    }
}

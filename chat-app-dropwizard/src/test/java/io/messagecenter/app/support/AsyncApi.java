package io.messagecenter.app.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.ArrayList;
import java.util.List;

/** Holds the frames of the WebSocket to what asyncapi.yaml says. Thread-safe. */
public final class AsyncApi {
    private static final AsyncApi SERVICE = new AsyncApi(Description.read("asyncapi.yaml"));

    private final Description description;

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
        var messages = messages(operation).stream()
                .filter(pointer ->
                        messages(operation).size() == 1 || type(pointer).equals(frame.path("type")))
                .toList();
        if (messages.size() != 1) {
            throw new AssertionError("Not in asyncapi.yaml: " + frame);
        }
        var faults = description.faults(messages.get(0) + "/payload", frame);
        if (!faults.isEmpty()) {
            throw new AssertionError("Not as asyncapi.yaml has it: " + frame + ": " + faults);
        }
    }

    private List<String> messages(String operation) {
        var messages = new ArrayList<String>();
        for (int i = 0;
                i < description.at("/operations/" + operation + "/messages").size();
                i++) {
            messages.add(description.resolve("/operations/" + operation + "/messages/" + i));
        }
        return messages;
    }

    private JsonNode type(String message) {
        var payload = message + "/payload";
        return description.at(payload).has("oneOf")
                ? description.at(description.resolve(payload + "/oneOf/0") + "/properties/type/const")
                : description.at(payload + "/properties/type/const");
    }
}

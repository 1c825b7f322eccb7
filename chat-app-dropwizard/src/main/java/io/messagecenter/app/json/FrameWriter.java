package io.messagecenter.app.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.problem.Problem;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.presence.Presence.Status;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** Writes the frames of {@code message-center.v1}. Thread-safe. */
public final class FrameWriter {
    private final JsonFactory factory = new JsonFactory();
    private final ObjectMapper mapper;
    private final MessageWriter messages;

    public FrameWriter(ObjectMapper mapper, MessageWriter messages) {
        this.mapper = mapper;
        this.messages = messages;
    }

    /** Reads frames by the same rules. */
    public ObjectMapper mapper() {
        return mapper;
    }

    public String hello(Person person, FeedSeq last, Duration ping) {
        return write(json -> {
            json.writeStartObject();
            json.writeStringField("type", "hello");
            json.writeNumberField("last", last.value());
            json.writeStringField("user", person.name().value());
            json.writeNumberField("ping", ping.toSeconds());
            json.writeEndObject();
        });
    }

    public String reset(FeedSeq last) {
        return "{\"type\":\"reset\",\"last\":" + last + "}";
    }

    public String event(Event event) {
        if (event instanceof MessageSent sent) {
            return "{\"seq\":" + event.seq() + ",\"type\":\"message.sent\",\"message\":" + messages.json(sent.message())
                    + "}";
        }
        return write(json -> ChatJson.write(event, json));
    }

    /** Somebody is writing. */
    public String typing(Person by) {
        return "{\"type\":\"typing\",\"user\":" + quoted(by.name().value()) + "}";
    }

    /** How things stand with somebody. */
    public String presence(Person person, Status status) {
        var seen = status.lastSeen().map(moment -> "\"" + Timestamps.format(moment) + "\"");
        return "{\"type\":\"presence\",\"user\":" + quoted(person.name().value()) + ",\"online\":" + status.online()
                + ",\"last_seen\":" + seen.orElse("null") + "}";
    }

    public String ack(String clientId, Message message) {
        return "{\"type\":\"ack\",\"client_id\":" + quoted(clientId) + ",\"message\":" + messages.json(message) + "}";
    }

    /**
     * A problem. The frame has members of its own where a problem has {@code type}, a URI that says no more than the
     * code, and where it has the faults of {@code client_id}; those go by the name of {@code client_id_errors}.
     *
     * @param clientId of the frame that it answers, if that had one
     */
    public String error(Optional<String> clientId, Problem problem) {
        return write(json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            if (clientId.isPresent()) {
                json.writeStringField("client_id", clientId.get());
            } else {
                json.writeNullField("client_id");
            }
            for (var member : problem.members().entrySet()) {
                var name = member.getKey();
                if (!name.equals("type")) {
                    json.writeFieldName(name.equals("client_id") ? "client_id_errors" : name);
                    mapper.writeValue(json, member.getValue());
                }
            }
            json.writeEndObject();
        });
    }

    private String quoted(String text) {
        return write(json -> json.writeString(text));
    }

    private String write(Content content) {
        var out = new StringWriter(256);
        try (var json = factory.createGenerator(out)) {
            content.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("A string takes every write", e);
        }
        return out.toString();
    }

    @FunctionalInterface
    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }
}

package io.messagecenter.app.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.ConversationDelivered;
import io.messagecenter.domain.feed.Event.ConversationRead;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Function;

/**
 * The JSON of the public contract: snake case, times in UTC with microseconds, values as plain numbers and strings. Kept
 * apart from the JSON of an application that embeds the bundle.
 */
public final class ChatJson {
    private ChatJson() {}

    /** A mapper of its own for each caller that might configure it further. */
    public static ObjectMapper mapper() {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .addModule(new Jdk8Module())
                .addModule(domain())
                .build();
    }

    private static SimpleModule domain() {
        var module = new SimpleModule("message-center");
        text(module, Instant.class, Timestamps::format);
        text(module, Username.class, Username::value);
        text(module, EmailAddress.class, EmailAddress::value);
        text(module, MessageBody.class, MessageBody::text);
        text(module, SessionToken.class, SessionToken::value);
        number(module, MessageId.class, MessageId::value);
        number(module, SessionId.class, SessionId::value);
        number(module, FeedSeq.class, FeedSeq::value);
        number(module, MessageSeq.class, MessageSeq::value);
        module.addSerializer(Message.class, new JsonSerializer<>() {
            @Override
            public void serialize(Message message, JsonGenerator json, SerializerProvider provider) throws IOException {
                write(message, json);
            }
        });
        module.addSerializer(Event.class, new JsonSerializer<>() {
            @Override
            public void serialize(Event event, JsonGenerator json, SerializerProvider provider) throws IOException {
                write(event, json);
            }
        });
        return module;
    }

    static void write(Event event, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("seq", event.seq().value());
        if (event instanceof MessageSent sent) {
            json.writeStringField("type", "message.sent");
            json.writeFieldName("message");
            write(sent.message(), json);
        } else if (event instanceof MessageEdited edited) {
            json.writeStringField("type", "message.edited");
            json.writeFieldName("message");
            write(edited.message(), json);
        } else if (event instanceof MessageDeleted deleted) {
            json.writeStringField("type", "message.deleted");
            json.writeFieldName("message");
            write(deleted.message(), json);
        } else if (event instanceof ConversationRead read) {
            writeMark("conversation.read", read.peer(), read.by(), read.upto(), json);
        } else if (event instanceof ConversationDelivered delivered) {
            writeMark("conversation.delivered", delivered.peer(), delivered.by(), delivered.upto(), json);
        } else if (event instanceof UserBlocked blocked) {
            json.writeStringField("type", "user.blocked");
            json.writeStringField("user", blocked.user().name().value());
        } else if (event instanceof UserUnblocked unblocked) {
            json.writeStringField("type", "user.unblocked");
            json.writeStringField("user", unblocked.user().name().value());
        } else if (event instanceof SessionEnded ended) {
            json.writeStringField("type", "session.ended");
            json.writeNumberField("session", ended.session().value());
        } else {
            throw new IllegalStateException("Unknown event " + event);
        }
        json.writeEndObject();
    }

    private static void writeMark(String type, Person peer, Person by, MessageSeq upto, JsonGenerator json)
            throws IOException {
        json.writeStringField("type", type);
        json.writeStringField("user", peer.name().value());
        json.writeStringField("by", by.name().value());
        json.writeNumberField("upto", upto.value());
    }

    static void write(Message message, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", message.id().value());
        json.writeStringField("user", message.sender().name().value());
        json.writeStringField("recipient", message.recipient().name().value());
        json.writeStringField("timestamp", Timestamps.format(message.sent()));
        json.writeStringField("body", message.text());
        json.writeNumberField("seq", message.seq().value());
        if (message.edited().isPresent()) {
            json.writeStringField("edited", Timestamps.format(message.edited().get()));
        } else {
            json.writeNullField("edited");
        }
        json.writeBooleanField("deleted", message.deleted());
        if (message.replyTo().isPresent()) {
            json.writeNumberField("reply_to", message.replyTo().get().value());
        } else {
            json.writeNullField("reply_to");
        }
        if (message.clientKey().isPresent()) {
            json.writeStringField("client_id", message.clientKey().get().value());
        } else {
            json.writeNullField("client_id");
        }
        json.writeEndObject();
    }

    private static <T> void text(SimpleModule module, Class<T> type, Function<T, String> text) {
        module.addSerializer(type, new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
                json.writeString(text.apply(value));
            }
        });
    }

    private static <T> void number(SimpleModule module, Class<T> type, Function<T, Long> number) {
        module.addSerializer(type, new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
                json.writeNumber(number.apply(value));
            }
        });
    }
}

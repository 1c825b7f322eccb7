package io.messagecenter.redis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hints and signals as they travel: compact JSON with a version first.
 *
 * <pre>
 * {"v":1,"node":"…","user":7,"seq":12,"event":{"type":"message.sent","message":{"id":…,"sender":{"id":…,"name":"…"},
 *  "recipient":{…},"body":"…","sent":microseconds since 1970,"seq":…,"client_id":"…","reply_to":…}}}
 * {"v":1,"node":"…","user":7,"typing":{"id":…,"name":"…"}}
 * </pre>
 *
 * {@code event}, {@code client_id} and {@code reply_to} may be absent; members that are not known are passed over. A change that an older
 * reader would misunderstand takes a new version. What has no {@code seq} is no hint: an older reader takes a signal for
 * word that something has changed, and looks once in vain. Thread-safe.
 */
final class HintCodec {
    private static final int VERSION = 1;
    private static final String MESSAGE_SENT = "message.sent";
    private static final String TYPING = "typing";

    private final JsonFactory json = new JsonFactory();
    private final String node;
    private final byte[] ownStart;

    /** @param node names this node among all; visible ASCII without quotes */
    HintCodec(String node) {
        this.node = node;
        this.ownStart = ("{\"v\":" + VERSION + ",\"node\":\"" + node + "\",").getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether this very node has written it. */
    boolean isOwn(byte[] payload) {
        return payload.length > ownStart.length
                && Arrays.equals(payload, 0, ownStart.length, ownStart, 0, ownStart.length);
    }

    /** Writes hints one after the other, each message once although it concerns two people. For one thread. */
    final class Writer {
        private @Nullable Message last;
        private SerializableString lastEvent = new SerializedString("");

        byte[] write(Hint hint) {
            var bytes = new ByteArrayOutputStream(512);
            try (var out = json.createGenerator(bytes)) {
                out.writeStartObject();
                out.writeNumberField("v", VERSION);
                out.writeStringField("node", node);
                out.writeNumberField("user", hint.user().value());
                out.writeNumberField("seq", hint.seq().value());
                if (hint.event().orElse(null) instanceof MessageSent sent
                        && !sent.message().deleted()) {
                    out.writeFieldName("event"); // of anything else, which is rare, the place says enough
                    out.writeRawValue(event(sent));
                }
                out.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e); // to memory, so it cannot be
            }
            return bytes.toByteArray();
        }

        @SuppressWarnings("ReferenceEquality") // cheaper, and equal names may differ in case
        private SerializableString event(MessageSent sent) throws IOException {
            if (sent.message() != last) {
                lastEvent = new SerializedString(json(sent.message()));
                last = sent.message();
            }
            return lastEvent;
        }

        private String json(Message message) throws IOException {
            var text = new StringWriter(384);
            try (var out = json.createGenerator(text)) {
                out.writeStartObject();
                out.writeStringField("type", MESSAGE_SENT);
                out.writeObjectFieldStart("message");
                out.writeNumberField("id", message.id().value());
                person(out, "sender", message.sender());
                person(out, "recipient", message.recipient());
                out.writeStringField("body", message.text());
                out.writeNumberField("sent", micros(message.sent()));
                out.writeNumberField("seq", message.seq().value());
                if (message.clientKey().isPresent()) {
                    out.writeStringField("client_id", message.clientKey().get().value());
                }
                if (message.replyTo().isPresent()) {
                    out.writeNumberField("reply_to", message.replyTo().get().value());
                }
                out.writeEndObject();
                out.writeEndObject();
            }
            return text.toString();
        }

        private static long micros(Instant time) {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
        }
    }

    private static void person(JsonGenerator out, String field, Person person) throws IOException {
        out.writeObjectFieldStart(field);
        out.writeNumberField("id", person.id().value());
        out.writeStringField("name", person.name().value());
        out.writeEndObject();
    }

    Writer writer() {
        return new Writer();
    }

    byte[] write(Signal signal) {
        var bytes = new ByteArrayOutputStream(128);
        try (var out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("v", VERSION);
            out.writeStringField("node", node);
            out.writeNumberField("user", signal.user().value());
            if (signal instanceof Signal.Typing typing) {
                person(out, TYPING, typing.by());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // to memory, so it cannot be
        }
        return bytes.toByteArray();
    }

    /** Reads a signal; empty for whatever is none, or cannot be read in full. */
    Optional<Signal> readSignal(byte[] payload) {
        try (var in = json.createParser(payload)) {
            var signal = readSignal(in);
            return in.nextToken() == null ? signal : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Signal> readSignal(JsonParser in) throws IOException {
        in.nextToken();
        requireObject(in);
        long version = 0;
        long user = 0;
        Optional<Person> typing = Optional.empty();
        for (var field = nextField(in); field != null; field = nextField(in)) {
            switch (field) {
                case "v" -> version = number(in);
                case "user" -> user = number(in);
                case TYPING -> typing = Optional.of(readPerson(in));
                default -> in.skipChildren();
            }
        }
        if (version != VERSION || typing.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Signal.Typing(new UserId(user), typing.get()));
    }

    /** Reads a hint; empty for whatever cannot be read in full: another version, an unknown event, no JSON at all. */
    Optional<Hint> read(byte[] payload) {
        try (var in = json.createParser(payload)) {
            var hint = readHint(in);
            return in.nextToken() == null ? hint : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // values out of range throw like malformed ones
        }
    }

    private static Optional<Hint> readHint(JsonParser in) throws IOException {
        in.nextToken();
        requireObject(in);
        long version = 0;
        long user = 0;
        long seq = -1; // refused below, unless it is there
        boolean hasEvent = false;
        Optional<Message> message = Optional.empty();
        for (var field = nextField(in); field != null; field = nextField(in)) {
            switch (field) {
                case "v" -> {
                    version = number(in);
                    if (version != VERSION) {
                        return Optional.empty();
                    }
                }
                case "user" -> user = number(in);
                case "seq" -> seq = number(in);
                case "event" -> {
                    hasEvent = true;
                    message = readEvent(in);
                }
                default -> in.skipChildren();
            }
        }
        if (version != VERSION || (hasEvent && message.isEmpty())) {
            return Optional.empty();
        }
        var at = new FeedSeq(seq);
        return Optional.of(new Hint(new UserId(user), at, message.map(found -> new MessageSent(at, found))));
    }

    private static Optional<Message> readEvent(JsonParser in) throws IOException {
        requireObject(in);
        var type = "";
        Optional<Message> message = Optional.empty();
        for (var field = nextField(in); field != null; field = nextField(in)) {
            switch (field) {
                case "type" -> type = text(in);
                case "message" -> message = Optional.of(readMessage(in));
                default -> in.skipChildren();
            }
        }
        return type.equals(MESSAGE_SENT) ? message : Optional.empty();
    }

    private static Message readMessage(JsonParser in) throws IOException {
        requireObject(in);
        long id = 0;
        long seq = -1; // refused below, unless it is there
        Optional<Instant> sent = Optional.empty();
        Optional<Person> sender = Optional.empty();
        Optional<Person> recipient = Optional.empty();
        var body = "";
        Optional<ClientKey> clientKey = Optional.empty();
        Optional<MessageId> replyTo = Optional.empty();
        for (var field = nextField(in); field != null; field = nextField(in)) {
            switch (field) {
                case "id" -> id = number(in);
                case "sender" -> sender = Optional.of(readPerson(in));
                case "recipient" -> recipient = Optional.of(readPerson(in));
                case "body" -> body = text(in);
                case "sent" -> sent = Optional.of(Instant.EPOCH.plus(number(in), ChronoUnit.MICROS));
                case "seq" -> seq = number(in);
                case "client_id" -> clientKey = Optional.of(new ClientKey(text(in)));
                case "reply_to" -> replyTo = Optional.of(new MessageId(number(in)));
                default -> in.skipChildren();
            }
        }
        return new Message(
                new MessageId(id),
                sender.orElseThrow(),
                recipient.orElseThrow(),
                Optional.of(new MessageBody(body)),
                sent.orElseThrow(),
                new MessageSeq(seq),
                clientKey,
                replyTo,
                Optional.empty());
    }

    private static Person readPerson(JsonParser in) throws IOException {
        requireObject(in);
        long id = 0;
        var name = "";
        for (var field = nextField(in); field != null; field = nextField(in)) {
            switch (field) {
                case "id" -> id = number(in);
                case "name" -> name = text(in);
                default -> in.skipChildren();
            }
        }
        return new Person(new UserId(id), new Username(name));
    }

    private static void requireObject(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw new IOException("Not an object");
        }
    }

    /** Moves on to the value of an object's next member, and names it; null at the end. */
    private static @Nullable String nextField(JsonParser in) throws IOException {
        var name = in.nextFieldName();
        if (name != null) {
            in.nextToken();
        }
        return name;
    }

    private static long number(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new IOException("Not a number");
        }
        return in.getLongValue();
    }

    private static String text(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw new IOException("Not a text");
        }
        return in.getText();
    }
}

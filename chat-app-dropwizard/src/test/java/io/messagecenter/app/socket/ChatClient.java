package io.messagecenter.app.socket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.messagecenter.app.support.AsyncApi;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A well-behaved client, as a library makes one: it answers pings and reads whatever comes. */
public final class ChatClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final String PRESENCE = "{\"type\":\"presence\",";
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    /** Apart from the others, since they come at any time and in between. */
    private final BlockingQueue<String> presence = new LinkedBlockingQueue<>();

    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final WebSocket socket;

    /** How the server closed; 1006 if it did not say. */
    public record Closed(int code, String reason) {}

    private ChatClient(URI address, String token, Optional<String> protocol) {
        var builder = HTTP.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .header("Authorization", "Bearer " + token);
        protocol.ifPresent(name -> builder.subprotocols(name));
        socket = get(builder.buildAsync(address, new Incoming()));
    }

    /** On the original's channel. */
    public static ChatClient original(URI address, String token) {
        return new ChatClient(address, token, Optional.empty());
    }

    /** Speaks message-center.v1. */
    public static ChatClient v1(URI address, String token) {
        var client = new ChatClient(address, token, Optional.of(Protocol.V1_NAME));
        if (!client.socket.getSubprotocol().equals(Protocol.V1_NAME)) {
            throw new AssertionError("The server chose \"" + client.socket.getSubprotocol() + "\"");
        }
        return client;
    }

    private final class Incoming implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var frame = text.toString();
                (frame.startsWith(PRESENCE) ? presence : frames).add(frame);
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
            closed.complete(new Closed(statusCode, reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.complete(new Closed(1006, String.valueOf(error)));
        }
    }

    /** The next text frame but those of presence. */
    public String next() {
        return poll(Duration.ofSeconds(PATIENCE_SECONDS))
                .orElseThrow(() -> new AssertionError("No frame came; closed: " + closed.getNow(null)));
    }

    /** The next text frame but those of presence, if one comes within that time. */
    public Optional<String> poll(Duration atMost) {
        return poll(frames, atMost);
    }

    /** The next frame of presence. */
    public JsonNode nextPresence() {
        return pollPresence(Duration.ofSeconds(PATIENCE_SECONDS))
                .orElseThrow(() -> new AssertionError("Nobody came or went; closed: " + closed.getNow(null)));
    }

    /** The next frame of presence, if one comes within that time. */
    public Optional<JsonNode> pollPresence(Duration atMost) {
        return poll(presence, atMost).map(ChatClient::json);
    }

    private Optional<String> poll(BlockingQueue<String> queue, Duration atMost) {
        try {
            var frame = Optional.ofNullable(queue.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
            frame.ifPresent(this::checkDescribed);
            return frame;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fails unless the frame is as asyncapi.yaml has it, and, where it acknowledges one, that one too. */
    private void checkDescribed(String frame) {
        if (!socket.getSubprotocol().equals(Protocol.V1_NAME)) {
            AsyncApi.service().checkNotified(frame);
            return;
        }
        AsyncApi.service().checkTold(frame);
        if (frame.startsWith("{\"type\":\"ack\"")) {
            var clientId = json(frame).get("client_id");
            sent.stream()
                    .filter(text -> text.contains(clientId.toString()))
                    .map(ChatClient::json)
                    .filter(send -> clientId.equals(send.get("client_id")))
                    .forEach(AsyncApi.service()::checkTaken);
        }
    }

    /** The next frame, which must be of that type. */
    public JsonNode next(String type) {
        var frame = json(next());
        if (!frame.path("type").asText().equals(type)) {
            throw new AssertionError("Expected " + type + ", but got " + frame);
        }
        return frame;
    }

    /** The next frame of that type; others are passed over. */
    public JsonNode skipTo(String type) {
        var frame = json(next());
        while (!frame.path("type").asText().equals(type)) {
            frame = json(next());
        }
        return frame;
    }

    /** Passes over frames up to and with this one. */
    public void skipUntil(String text) {
        while (!next().equals(text)) {
            // what came before it
        }
    }

    /** Passes over frames up to and with the event of a message of that text. */
    public JsonNode skipUntilBody(String body) {
        var frame = json(next());
        while (!frame.path("message").path("body").asText().equals(body)) {
            frame = json(next());
        }
        return frame;
    }

    /** How many frames came that nobody has taken yet. */
    public int waiting() {
        return frames.size();
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("No JSON: " + text, e);
        }
    }

    /** The text of a send. */
    public static String sendFrame(String clientId, String recipient, String body) {
        return JSON.createObjectNode()
                .put("type", "send")
                .put("client_id", clientId)
                .put("recipient", recipient)
                .put("body", body)
                .toString();
    }

    public void send(String text) {
        if (text.contains("\"client_id\"")) {
            sent.add(text);
        }
        get(socket.sendText(text, true));
    }

    public void sendBinary(byte[] data) {
        get(socket.sendBinary(ByteBuffer.wrap(data), true));
    }

    /** Completes when the connection is over. */
    public CompletableFuture<Closed> closed() {
        return closed;
    }

    /** How the server ended it; waits for that. */
    public Closed awaitClosed() {
        return get(closed);
    }

    @Override
    public void close() {
        get(socket.sendClose(WebSocket.NORMAL_CLOSURE, "").handle((done, failure) -> true));
        awaitClosed();
        frames.forEach(this::checkDescribed);
        presence.forEach(this::checkDescribed);
    }

    /** Breaks off without a word. */
    public void abort() {
        socket.abort();
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}

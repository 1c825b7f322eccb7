package io.messagecenter.app.cluster;

import io.messagecenter.app.socket.ChatClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of message-center.v1 as one should be: it keeps its cursor and what was not acknowledged, and when its
 * connection breaks it goes on with both at the next node. It checks every frame on the way.
 */
final class Member implements AutoCloseable {
    private static final int WINDOW = 8;
    private static final int MAX_ATTEMPTS = 200;

    private final String name;
    private final String token;
    private final String keys;
    private final List<URI> nodes;
    private final Semaphore window = new Semaphore(WINDOW);
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger reconnects = new AtomicInteger();
    private final Thread reader;

    // Guarded by this.
    private final List<String> events = new ArrayList<>();
    private final Map<String, String> unacknowledged = new LinkedHashMap<>();
    private Optional<AssertionError> fault = Optional.empty();
    private ChatClient client;
    private int sent;
    private int node;
    private volatile boolean over;

    /**
     * @param keys what this client's keys begin with
     * @param nodes where to connect, the first one first
     */
    Member(String name, String token, String keys, List<URI> nodes) {
        this.name = name;
        this.token = token;
        this.keys = keys;
        this.nodes = nodes;
        this.client = connect();
        this.reader = new Thread(this::readUntilOver, keys);
        reader.setDaemon(true);
        reader.start();
    }

    String name() {
        return name;
    }

    String token() {
        return token;
    }

    /** Sends once there is room in its window. */
    void send(String recipient, String body) {
        try {
            if (!window.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new AssertionError(keys + " waits for " + unacknowledged.keySet() + fault);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        synchronized (this) {
            var key = keys + "-" + sent++;
            var frame = ChatClient.sendFrame(key, recipient, body);
            unacknowledged.put(key, frame);
            trySend(frame);
        }
    }

    /** What was acknowledged: the message's id by its key. */
    Map<String, Long> acknowledged() {
        return acknowledged;
    }

    synchronized boolean allAcknowledged() {
        return unacknowledged.isEmpty();
    }

    synchronized List<String> events() {
        fault.ifPresent(error -> {
            throw error;
        });
        return List.copyOf(events);
    }

    synchronized int cursor() {
        fault.ifPresent(error -> {
            throw error;
        });
        return events.size();
    }

    int reconnects() {
        return reconnects.get();
    }

    @Override
    public void close() {
        over = true;
        synchronized (this) {
            client.abort();
        }
    }

    private void readUntilOver() {
        try {
            while (!over) {
                var frame = client.poll(Duration.ofMillis(50));
                if (frame.isPresent()) {
                    take(frame.get());
                } else if (client.closed().isDone() && client.waiting() == 0 && !over) {
                    reconnects.incrementAndGet();
                    goOn();
                }
            }
        } catch (AssertionError e) {
            synchronized (this) {
                fault = Optional.of(e);
            }
        } catch (RuntimeException e) {
            synchronized (this) {
                fault = Optional.of(new AssertionError(keys + " broke", e));
            }
        }
    }

    private synchronized void goOn() {
        node++;
        client = connect();
        unacknowledged.values().forEach(this::trySend);
    }

    private ChatClient connect() {
        for (int attempt = 0; ; attempt++) {
            var address = URI.create(nodes.get(node % nodes.size()) + "?after=" + events.size());
            try {
                return ChatClient.v1(address, token);
            } catch (IllegalStateException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new AssertionError(keys + " connects nowhere", e);
                }
                node++;
            }
        }
    }

    private void trySend(String frame) {
        try {
            client.send(frame);
        } catch (IllegalStateException e) {
            // The connection is broken; whoever reads it will notice, and send it again.
        }
    }

    private synchronized void take(String text) {
        var frame = ChatClient.json(text);
        switch (frame.get("type").asText()) {
            case "hello" -> check(frame.get("last").asInt() == events.size(), text);
            case "message.sent" -> {
                check(frame.get("seq").asInt() == events.size() + 1, text);
                events.add(text);
            }
            case "ack" ->
                acknowledge(
                        frame.get("client_id").asText(),
                        frame.path("message").get("id").asLong(),
                        text);
            case "error" -> {
                check(frame.get("status").asInt() == 503, text); // try again
                trySend(String.valueOf(unacknowledged.get(frame.get("client_id").asText())));
            }
            default -> throw new AssertionError(text);
        }
    }

    private void acknowledge(String key, long id, String text) {
        var before = acknowledged.put(key, id);
        check(before == null || before == id, text);
        if (unacknowledged.remove(key) != null) {
            window.release();
        }
    }

    private void check(boolean right, String text) {
        if (!right) {
            throw new AssertionError(keys + " stands at " + events.size() + " and gets " + text);
        }
    }
}

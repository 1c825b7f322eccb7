package io.messagecenter.app.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;

/** A client of the service at one address, signed in or not. Thread-safe. */
public final class Api {
    /** One for all tests: it has threads and connections of its own. */
    public static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final URI base;
    private final Optional<String> token;
    private final List<String> expected;

    public Api(URI base, Optional<String> token) {
        this(base, token, List.of());
    }

    private Api(URI base, Optional<String> token, List<String> expected) {
        this.base = base;
        this.token = token;
        this.expected = expected;
    }

    /** Says in each request whose it is to be, in as many headers. */
    public Api expecting(String... names) {
        return new Api(base, token, List.of(names));
    }

    public Api as(String bearer) {
        return new Api(base, Optional.of(bearer));
    }

    public Api signedOut() {
        return new Api(base, Optional.empty());
    }

    public URI base() {
        return base;
    }

    public String token() {
        return token.orElseThrow();
    }

    public URI uri(String path) {
        return base.resolve(path);
    }

    public Answer get(String path) {
        return call("GET", path, BodyPublishers.noBody(), request -> request);
    }

    public Answer delete(String path) {
        return call("DELETE", path, BodyPublishers.noBody(), request -> request);
    }

    /** Posts JSON. */
    public Answer post(String path, String json) {
        return post(path, "application/json", json);
    }

    public Answer post(String path, String contentType, String body) {
        return post(path, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public Answer post(String path, String contentType, byte[] body) {
        return call("POST", path, BodyPublishers.ofByteArray(body), r -> r.header("Content-Type", contentType));
    }

    public Answer call(String method, String path) {
        return call(method, path, BodyPublishers.noBody(), request -> request);
    }

    public Answer call(String method, String path, BodyPublisher body, UnaryOperator<HttpRequest.Builder> more) {
        return exchange(request(method, path, body, more));
    }

    public HttpRequest request(
            String method, String path, BodyPublisher body, UnaryOperator<HttpRequest.Builder> more) {
        var request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).method(method, body);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        expected.forEach(name -> request.header("Expected-User", name));
        return more.apply(request).build();
    }

    /** A call with a body of JSON. */
    public Answer call(String method, String path, String json) {
        return call(method, path, BodyPublishers.ofString(json), r -> r.header("Content-Type", "application/json"));
    }

    /** Sends a message; the answer whatever it is. */
    public Answer send(String recipient, String body) {
        return post(
                "/api/v1/message/",
                Json.object().put("recipient", recipient).put("body", body).toString());
    }

    public Answer send(String recipient, String body, String clientId) {
        return post(
                "/api/v1/message/",
                Json.object()
                        .put("recipient", recipient)
                        .put("body", body)
                        .put("client_id", clientId)
                        .toString());
    }

    public static Answer exchange(HttpRequest request) {
        try {
            var response = HTTP.send(request, BodyHandlers.ofByteArray());
            return described(request, new Answer(response.statusCode(), response.headers(), response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Fails unless the answer is as openapi.yaml has it. */
    private static Answer described(HttpRequest request, Answer answer) {
        var uri = request.uri();
        var target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        OpenApi.service()
                .check(new OpenApi.Request(request.method(), target, request.headers(), body(request)), answer);
        return answer;
    }

    /** The body of a request, where it is one that can be read once more. */
    private static Optional<byte[]> body(HttpRequest request) {
        var publisher = request.bodyPublisher().orElse(BodyPublishers.noBody());
        if (publisher.contentLength() < 0) {
            return Optional.empty();
        }
        var body = BodySubscribers.ofByteArray();
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                body.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                body.onNext(List.of(bytes));
            }

            @Override
            public void onError(Throwable failure) {
                body.onError(failure);
            }

            @Override
            public void onComplete() {
                body.onComplete();
            }
        });
        return Optional.of(body.getBody().toCompletableFuture().join());
    }
}

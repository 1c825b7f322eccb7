package io.messagecenter.app.config;

import io.messagecenter.app.auth.JwtKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A JSON Web Key Set on the network: a few seconds of patience, no redirects, and no more than anybody needs. */
final class JwksUrl implements JwtKeys.Source {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI url;

    JwksUrl(URI url) {
        this.url = url;
    }

    @Override
    public String read() throws IOException {
        var request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
        try {
            var response = client.send(request, BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                var bytes = body.readNBytes(MAX_BYTES + 1);
                if (response.statusCode() != 200 || bytes.length > MAX_BYTES) {
                    throw new IOException("Answered with status " + response.statusCode() + " and " + bytes.length
                            + " bytes or more");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}

package io.messagecenter.app.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.json.ChatJson;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.user.Username;
import io.messagecenter.domain.webhook.WebhookAnswer;
import io.messagecenter.domain.webhook.WebhookBatch;
import io.messagecenter.domain.webhook.WebhookSender;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Posts batches to a receiver, signed. A status of 2xx means that it has taken one, though its answer breaks off after it;
 * whatever else comes of it, that it gets it again. Follows no redirect, and reads next to nothing of an answer. Names neither the address nor the secret in
 * what it says. Thread-safe.
 */
public final class HttpWebhookSender implements WebhookSender {
    public static final String SIGNATURE = "Message-Center-Signature";
    public static final String DELIVERY = "Message-Center-Delivery";

    private static final int VERSION = 1;
    private static final int GONE = 410;

    /** Longer than any configuration waits. */
    private static final Duration AS_LONG_AS_CAN_BE = Duration.ofDays(3_650);

    private final URI url;
    private final Signature signature;
    private final Duration timeout;
    private final HttpClient http;
    private final Clock clock;
    private final ObjectMapper mapper = ChatJson.mapper();

    /** @param timeout from the beginning of a request to the end of its answer */
    public HttpWebhookSender(URI url, String secret, Duration timeout, HttpClient http, Clock clock) {
        this.url = url;
        this.signature = new Signature(secret);
        this.timeout = timeout;
        this.http = http;
        this.clock = clock;
    }

    /** A client for senders, which may share it. */
    public static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    private record Body(int version, String id, String webhook, List<Delivery> deliveries) {}

    private record Delivery(Username user, Event event) {}

    @Override
    public WebhookAnswer send(WebhookBatch batch) throws InterruptedException {
        var status = new AtomicInteger(); // as soon as it is known
        var answer = http.sendAsync(request(batch), info -> {
            status.set(info.statusCode());
            return new BoundedDiscard();
        });
        try {
            return judge(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return WebhookAnswer.again("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return isTaken(status.get())
                    ? WebhookAnswer.TAKEN
                    : WebhookAnswer.again(Reasons.of(e.getCause() == null ? e : e.getCause()));
        } finally {
            answer.cancel(true); // does nothing to one that is complete
        }
    }

    private HttpRequest request(WebhookBatch batch) {
        var body = body(batch);
        long now = clock.instant().getEpochSecond();
        return HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("User-Agent", "message-center")
                .header(DELIVERY, batch.id())
                .header(SIGNATURE, signature.of(now, body))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    private byte[] body(WebhookBatch batch) {
        var deliveries = batch.deliveries().stream()
                .map(delivery -> new Delivery(delivery.user().name(), delivery.event()))
                .toList();
        try {
            return mapper.writeValueAsBytes(
                    new Body(VERSION, batch.id(), batch.webhook().value(), deliveries));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("An array takes every write", e);
        }
    }

    private static boolean isTaken(int status) {
        return status / 100 == 2;
    }

    private WebhookAnswer judge(HttpResponse<Boolean> response) {
        int status = response.statusCode();
        if (isTaken(status)) {
            return WebhookAnswer.TAKEN;
        }
        var reason = "status " + status;
        if (status == GONE) {
            return WebhookAnswer.again(reason, AS_LONG_AS_CAN_BE);
        }
        return response.headers()
                .firstValue("Retry-After")
                .flatMap(value -> RetryAfter.parse(value, clock.instant()))
                .map(pause -> WebhookAnswer.again(reason, pause))
                .orElseGet(() -> WebhookAnswer.again(reason));
    }
}

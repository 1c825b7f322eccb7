package io.messagecenter.domain.webhook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What is handed over at once.
 *
 * @param id the same for the same events, and another one otherwise
 * @param deliveries at least one; those of one user in the order of their feed
 */
public record WebhookBatch(WebhookName webhook, String id, List<WebhookDelivery> deliveries) {
    private static final int ID_BYTES = 16;

    public WebhookBatch {
        deliveries = List.copyOf(deliveries);
    }

    /** The batch of these events. */
    public static WebhookBatch of(WebhookName webhook, List<WebhookDelivery> deliveries) {
        return new WebhookBatch(webhook, id(webhook, deliveries), deliveries);
    }

    private static String id(WebhookName webhook, List<WebhookDelivery> deliveries) {
        var text = new StringBuilder(webhook.value());
        for (var delivery : deliveries) {
            text.append('\n')
                    .append(delivery.user().id())
                    .append(' ')
                    .append(delivery.event().seq());
        }
        try {
            var hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has it", e);
        }
    }
}

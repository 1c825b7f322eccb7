package io.messagecenter.domain.webhook;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of a batch.
 *
 * @param taken whether the receiver has it; otherwise it gets it again
 * @param reason why not, for the log
 * @param pause when the receiver wants it again, if it has said so
 */
public record WebhookAnswer(boolean taken, String reason, Optional<Duration> pause) {
    /** The receiver has it. */
    public static final WebhookAnswer TAKEN = new WebhookAnswer(true, "", Optional.empty());

    /** The receiver does not have it, or it is not known whether it has. */
    public static WebhookAnswer again(String reason) {
        return new WebhookAnswer(false, reason, Optional.empty());
    }

    /** The receiver does not have it, and said when to ask again. */
    public static WebhookAnswer again(String reason, Duration pause) {
        return new WebhookAnswer(false, reason, Optional.of(pause));
    }
}

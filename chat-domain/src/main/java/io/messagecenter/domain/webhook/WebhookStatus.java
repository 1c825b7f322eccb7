package io.messagecenter.domain.webhook;

import java.time.Duration;

/**
 * How a webhook is doing, as one node knows it.
 *
 * @param delivering whether it is this node that delivers; where it is not, the rest is zero
 * @param behind how many events were not taken yet when all feeds were looked at last, of types that it is not told of, too
 * @param failing for how long every attempt has failed
 */
public record WebhookStatus(WebhookName name, boolean delivering, long behind, Duration failing) {}

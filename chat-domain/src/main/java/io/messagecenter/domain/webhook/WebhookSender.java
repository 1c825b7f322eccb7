package io.messagecenter.domain.webhook;

/**
 * Hands events over to whoever wants them: over HTTP, into a queue, or to code beside it. It sees one batch at a time, on
 * a thread of the webhook's own, and sees a batch again until it was taken.
 */
@FunctionalInterface
public interface WebhookSender {
    /**
     * Hands a batch over, and returns once it is known whether it was taken. What is thrown means that it was not.
     *
     * @throws InterruptedException if the node stops meanwhile; another one hands the same over again
     */
    WebhookAnswer send(WebhookBatch batch) throws InterruptedException;
}

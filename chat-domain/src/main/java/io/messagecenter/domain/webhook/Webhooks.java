package io.messagecenter.domain.webhook;

import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.lease.Lease;
import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.lease.LeaseStore;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells others what happens. For each webhook one node at a time hands over the events of all feeds, those of one feed in
 * their order, until they are taken; each is handed over at least once, whatever crashes. Thread-safe.
 */
public final class Webhooks implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    private final List<Courier> couriers;
    /** The stores that it works on. */
    public record Stores(WebhookStore webhooks, FeedStore feeds, LeaseStore leases) {}

    /**
     * Begins to deliver.
     *
     * @param scheduler renews leases; the caller's to close
     */
    public Webhooks(List<Webhook> webhooks, Stores stores, ScheduledExecutorService scheduler, Telemetry telemetry) {
        var holder = LeaseHolder.random();
        this.couriers = webhooks.stream()
                .map(webhook -> courier(webhook, stores, holder, scheduler, telemetry))
                .toList();
    }

    private static Courier courier(
            Webhook webhook,
            Stores stores,
            LeaseHolder holder,
            ScheduledExecutorService scheduler,
            Telemetry telemetry) {
        var lease = new Lease(stores.leases(), webhook.name().lease(), holder, webhook.lease());
        var courier = new Courier(webhook, lease, holder, stores.webhooks(), stores.feeds(), telemetry);
        courier.start();
        var third = webhook.lease().toMillis() / 3;
        var unused = scheduler.scheduleWithFixedDelay(courier::renew, 0, third, TimeUnit.MILLISECONDS);
        return courier;
    }

    /** A notifier that tells the webhooks, too, of what is published on this node. */
    public Notifier listeningTo(Notifier notifier) {
        return couriers.isEmpty() ? notifier : new Tapped(notifier);
    }

    /** How each of them is doing. */
    public List<WebhookStatus> status() {
        return couriers.stream().map(Courier::status).toList();
    }

    /** Stops after what is being handed over, or in the middle of it if that takes long. */
    @Override
    public void close() {
        couriers.forEach(Courier::stop);
        awaitAll();
        couriers.forEach(Courier::interruptSending);
        awaitAll();
        couriers.forEach(Courier::release);
    }

    private void awaitAll() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        couriers.forEach(courier -> courier.await(end));
    }

    private final class Tapped implements Notifier {
        private final Notifier notifier;

        Tapped(Notifier notifier) {
            this.notifier = notifier;
        }

        @Override
        public void publish(List<Hint> hints) {
            notifier.publish(hints);
            couriers.forEach(courier -> courier.onHints(hints));
        }

        @Override
        public void signal(Signal signal) {
            notifier.signal(signal);
        }

        @Override
        public Subscription subscribe(UserId user, HintListener listener) {
            return notifier.subscribe(user, listener);
        }

        @Override
        public void close() {
            notifier.close();
        }
    }
}

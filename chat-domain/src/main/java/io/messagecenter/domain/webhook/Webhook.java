package io.messagecenter.domain.webhook;

import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.EventType;
import java.time.Duration;
import java.util.Set;

/** Somebody who is told what happens, and how. */
public final class Webhook {
    private final WebhookName name;
    private final WebhookSender sender;
    private final Set<EventType> events;
    private final int batch;
    private final Duration firstRetry;
    private final Duration longestRetry;
    private final Duration sweep;
    private final Duration lease;

    private Webhook(Builder builder) {
        this.name = builder.name;
        this.sender = builder.sender;
        this.events = builder.events;
        this.batch = builder.batch;
        this.firstRetry = builder.firstRetry;
        this.longestRetry = builder.longestRetry;
        this.sweep = builder.sweep;
        this.lease = builder.lease;
    }

    public static Builder builder(WebhookName name, WebhookSender sender) {
        return new Builder(name, sender);
    }

    public WebhookName name() {
        return name;
    }

    WebhookSender sender() {
        return sender;
    }

    boolean wants(Event event) {
        return events.contains(EventType.of(event));
    }

    int batch() {
        return batch;
    }

    Duration firstRetry() {
        return firstRetry;
    }

    Duration longestRetry() {
        return longestRetry;
    }

    Duration sweep() {
        return sweep;
    }

    Duration lease() {
        return lease;
    }

    /** Puts a webhook together. What is not said is as the service has it by default. */
    public static final class Builder {
        private final WebhookName name;
        private final WebhookSender sender;
        private Set<EventType> events = Set.of(EventType.MESSAGE_SENT);
        private int batch = 100;
        private Duration firstRetry = Duration.ofSeconds(1);
        private Duration longestRetry = Duration.ofMinutes(5);
        private Duration sweep = Duration.ofSeconds(5);
        private Duration lease = Duration.ofSeconds(15);

        private Builder(WebhookName name, WebhookSender sender) {
            this.name = name;
            this.sender = sender;
        }

        /** What it is told of; new messages alone by default. */
        public Builder events(Set<EventType> value) {
            events = Set.copyOf(value);
            return this;
        }

        /** How many events it is told at once, at most; 100 by default. */
        public Builder batch(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("A batch has 1 event or more");
            }
            batch = value;
            return this;
        }

        /** How long to wait after a first failure, about; twice as long after each further one. 1 second by default. */
        public Builder firstRetry(Duration value) {
            firstRetry = value;
            return this;
        }

        /** How long to wait at most; 5 minutes by default. */
        public Builder longestRetry(Duration value) {
            longestRetry = value;
            return this;
        }

        /**
         * How often all feeds are looked at for what other nodes have stored, or nobody has told: the longest, about,
         * that this can take to be noticed. 5 seconds by default; less often where there are so many feeds that a look
         * takes more than a tenth of the time.
         */
        public Builder sweep(Duration value) {
            sweep = value;
            return this;
        }

        /** After how long another node goes on where one was killed; 15 seconds by default. The same on all nodes. */
        public Builder lease(Duration value) {
            lease = value;
            return this;
        }

        public Webhook build() {
            return new Webhook(this);
        }
    }
}

package io.messagecenter.domain.webhook;

import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stretches of feeds, and what a webhook is to be told of them. Not thread-safe. */
final class Attempt {
    /** Of messages' bodies, about. */
    private static final int CHARACTERS = 262_144;

    private final Webhook webhook;
    private final List<Stretch> stretches = new ArrayList<>();
    private final List<WebhookDelivery> deliveries = new ArrayList<>();
    private int characters;

    Attempt(Webhook webhook) {
        this.webhook = webhook;
    }

    /** A part of a feed: after one place, up to another. */
    record Stretch(Person user, FeedSeq after, FeedSeq upto) {
        int length() {
            return (int) (upto.value() - after.value());
        }

        /** What is left of it after a place in it. */
        Stretch from(FeedSeq place) {
            return new Stretch(user, place, upto);
        }
    }

    /** How many more events there is room for, 0 or more. */
    int room() {
        return characters < CHARACTERS ? webhook.batch() - deliveries.size() : 0;
    }

    /**
     * Takes in events, as many as there is room for.
     *
     * @return the place of the last one that was taken in, whether or not the webhook is told of it
     */
    FeedSeq add(Person user, FeedSeq after, FeedPage page) {
        var upto = after;
        for (var event : page.events()) {
            if (room() == 0) {
                break;
            }
            upto = event.seq();
            deliver(user, event);
        }
        stretches.add(new Stretch(user, after, upto));
        return upto;
    }

    private void deliver(Person user, Event event) {
        if (webhook.wants(event)) {
            deliveries.add(new WebhookDelivery(user, event));
            characters += characters(event);
        }
    }

    private static int characters(Event event) {
        if (event instanceof MessageSent sent) {
            return sent.message().text().length();
        } else if (event instanceof MessageEdited edited) {
            return edited.message().text().length();
        } else if (event instanceof MessageDeleted deleted) {
            return deleted.message().text().length();
        }
        return 0;
    }

    List<Stretch> stretches() {
        return stretches;
    }

    /** What to hand over; may be nothing. */
    List<WebhookDelivery> deliveries() {
        return deliveries;
    }

    /** Where the webhook is in these feeds once it has taken all of it. */
    Map<UserId, FeedSeq> places() {
        var places = new HashMap<UserId, FeedSeq>();
        stretches.forEach(stretch -> places.put(stretch.user().id(), stretch.upto()));
        return places;
    }
}

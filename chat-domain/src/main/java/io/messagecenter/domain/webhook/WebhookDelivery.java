package io.messagecenter.domain.webhook;

import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.user.Person;

/** An event of one user's feed. The user and the place in the feed tell it from all others, however often it comes. */
public record WebhookDelivery(Person user, Event event) {}

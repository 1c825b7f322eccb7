package io.messagecenter.domain.feed;

import io.messagecenter.domain.feed.Event.ConversationDelivered;
import io.messagecenter.domain.feed.Event.ConversationRead;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of events, by the names that the public contract has for them. */
public enum EventType {
    MESSAGE_SENT("message.sent", MessageSent.class),
    MESSAGE_EDITED("message.edited", MessageEdited.class),
    MESSAGE_DELETED("message.deleted", MessageDeleted.class),
    CONVERSATION_READ("conversation.read", ConversationRead.class),
    CONVERSATION_DELIVERED("conversation.delivered", ConversationDelivered.class),
    USER_BLOCKED("user.blocked", UserBlocked.class),
    USER_UNBLOCKED("user.unblocked", UserUnblocked.class),
    SESSION_ENDED("session.ended", SessionEnded.class);

    private static final Map<Class<?>, EventType> BY_CLASS =
            Arrays.stream(values()).collect(Collectors.toMap(type -> type.event, Function.identity()));

    private final String text;
    private final Class<? extends Event> event;

    EventType(String text, Class<? extends Event> event) {
        this.text = text;
        this.event = event;
    }

    public static EventType of(Event event) {
        return Objects.requireNonNull(BY_CLASS.get(event.getClass()));
    }

    /** The type of that name; empty if there is none. */
    public static Optional<EventType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}

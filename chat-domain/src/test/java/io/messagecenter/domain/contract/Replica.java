package io.messagecenter.domain.contract;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.ConversationDelivered;
import io.messagecenter.domain.feed.Event.ConversationRead;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that one person's client knows, as the documentation tells it to: it takes in events after its cursor, and where the
 * cursor is too old it remembers {@code last}, loads everything afresh, and goes on from there. One thread.
 */
final class Replica {
    private static final int PAGE = 100;

    private final MessageCenter center;
    private final Person self;
    private final Map<UserId, Talk> talks = new HashMap<>();
    private FeedSeq cursor = FeedSeq.ZERO;
    private int resets;

    Replica(MessageCenter center, Person self) {
        this.center = center;
        this.self = self;
    }

    /** A conversation with somebody. What is loaded may be newer than the event that comes next: nothing goes back. */
    private static final class Talk {
        private final TreeMap<Long, Message> messages = new TreeMap<>();
        private long read;
        private long peerRead;
        private long peerDelivered;
        private boolean blocked;

        Look look(Person self) {
            long unread = messages.tailMap(read, false).values().stream()
                    .filter(message -> message.recipient().id().equals(self.id()))
                    .filter(message -> !message.sender().id().equals(self.id()) && !message.deleted())
                    .count();
            return new Look(List.copyOf(messages.values()), unread, read, peerRead, peerDelivered, blocked);
        }
    }

    /** What can be seen of a conversation. */
    record Look(List<Message> messages, long unread, long read, long peerRead, long peerDelivered, boolean blocked) {}

    int resets() {
        return resets;
    }

    FeedSeq cursor() {
        return cursor;
    }

    /** Takes in what has happened by now. */
    void catchUp() {
        boolean more = true;
        while (more) {
            try {
                var page = center.feeds().read(self, cursor, PAGE);
                page.events().forEach(this::take);
                cursor = page.last();
                more = page.more();
            } catch (ChatException e) {
                if (e.code() != ErrorCode.CURSOR_TOO_OLD) {
                    throw e;
                }
                resets++;
                cursor = new FeedSeq(e.feedLast().orElseThrow());
                load();
            }
        }
    }

    private void load() {
        talks.clear();
        for (var conversation : center.messages().conversations(self, Optional.empty(), 1_000)) {
            var talk = talk(conversation.peer());
            talk.read = conversation.read().value();
            talk.peerRead = conversation.peerRead().value();
            talk.peerDelivered = conversation.peerDelivered().value();
            talk.blocked = conversation.blocked();
            for (var page = messages(conversation.peer(), MessageSeq.ZERO);
                    !page.isEmpty();
                    page = messages(conversation.peer(), new MessageSeq(talk.messages.lastKey()))) {
                page.forEach(message -> talk.messages.put(message.seq().value(), message));
            }
        }
    }

    private List<Message> messages(Person peer, MessageSeq after) {
        return new ArrayList<>(center.messages().after(self, peer, after, PAGE));
    }

    private Talk talk(Person peer) {
        return talks.computeIfAbsent(peer.id(), id -> new Talk());
    }

    private void take(Event event) {
        if (event instanceof MessageSent sent) {
            take(sent.message());
        } else if (event instanceof MessageEdited edited) {
            take(edited.message());
        } else if (event instanceof MessageDeleted deleted) {
            take(deleted.message());
        } else if (event instanceof ConversationRead mark) {
            var talk = talk(mark.peer());
            if (mark.by().equals(self)) {
                talk.read = Math.max(talk.read, mark.upto().value());
            } else {
                talk.peerRead = Math.max(talk.peerRead, mark.upto().value());
                talk.peerDelivered = Math.max(talk.peerDelivered, mark.upto().value());
            }
        } else if (event instanceof ConversationDelivered mark && !mark.by().equals(self)) {
            var talk = talk(mark.peer());
            talk.peerDelivered = Math.max(talk.peerDelivered, mark.upto().value());
        } else if (event instanceof UserBlocked block) {
            talk(block.user()).blocked = true;
        } else if (event instanceof UserUnblocked block) {
            talk(block.user()).blocked = false;
        }
    }

    /** An event says what a message is by now, and a message that is loaded may be newer than that. */
    private void take(Message message) {
        var peer = message.sender().equals(self) ? message.recipient() : message.sender();
        var talk = talk(peer);
        talk.messages.merge(message.seq().value(), message, (one, other) -> one.deleted() ? one : other);
        if (peer.equals(self)) { // whoever writes a note has read it
            talk.read = Math.max(talk.read, message.seq().value());
            talk.peerRead = talk.read;
            talk.peerDelivered = talk.read;
        }
    }

    /** What it knows, by whom it is talked to. */
    Map<UserId, Look> looks() {
        var peers = talks.entrySet().stream()
                .filter(talk -> !talk.getValue().messages.isEmpty())
                .map(Map.Entry::getKey)
                .collect(toSet());
        return peers.stream()
                .collect(toMap(peer -> peer, peer -> talks.get(peer).look(self)));
    }

    /** The same as somebody finds it who knew nothing, with the count of what is unread as the service has it. */
    static Map<UserId, Look> fresh(MessageCenter center, Person self) {
        var replica = new Replica(center, self);
        replica.load();
        var looks = new HashMap<UserId, Look>();
        for (var conversation : center.messages().conversations(self, Optional.empty(), 1_000)) {
            var look = replica.looks().get(conversation.peer().id());
            looks.put(
                    conversation.peer().id(),
                    new Look(
                            look.messages(),
                            conversation.unread(),
                            look.read(),
                            look.peerRead(),
                            look.peerDelivered(),
                            look.blocked()));
        }
        return looks;
    }
}

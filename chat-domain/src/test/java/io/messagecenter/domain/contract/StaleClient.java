package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.conversation.Conversation;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.ConversationDelivered;
import io.messagecenter.domain.feed.Event.ConversationRead;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.feed.FeedListener;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A client that loaded everything of its user's once, and has lived on events since. It does with them what their
 * descriptions say and nothing else, and has to end up with what a fresh load gives. What it loaded may be newer than its
 * cursor, as it is where a client first looks where its feed stands and then loads. Thread-safe.
 */
final class StaleClient implements FeedListener {
    private static final MailboxSeq FROM_THE_LATEST = new MailboxSeq(JsonNumber.MAX);

    /**
     * All that a user sees.
     *
     * @param conversations latest first, without their places in the mailbox, of which no client is told
     * @param messages by peer, by place
     * @param blocked by name
     */
    record View(List<Conversation> conversations, Map<Person, Map<Long, Message>> messages, List<Person> blocked) {}

    private static final class Talk {
        final TreeMap<Long, Message> messages = new TreeMap<>();
        long last;
        long read;
        long peerRead;
        long peerDelivered;
    }

    private final Person me;
    private final Map<Person, Talk> talks = new LinkedHashMap<>();
    private final List<Person> latestFirst = new ArrayList<>();
    private final Set<Person> blocked = new LinkedHashSet<>();
    private Optional<FeedSeq> cursor = Optional.empty();
    private boolean reset;

    private StaleClient(Person me) {
        this.me = me;
    }

    /** What somebody sees now, as a node tells it. */
    static View fresh(Storage node, Person me) {
        var conversations = new ArrayList<Conversation>();
        var messages = new LinkedHashMap<Person, Map<Long, Message>>();
        for (var one : node.conversations().list(me.id(), FROM_THE_LATEST, 1_000)) {
            conversations.add(new Conversation(
                    one.peer(),
                    MailboxSeq.ZERO,
                    one.last(),
                    one.unread(),
                    one.read(),
                    one.peerRead(),
                    one.peerDelivered(),
                    one.blocked()));
            var said = new TreeMap<Long, Message>();
            var key = ConversationKey.of(me.id(), one.peer().id());
            node.conversations()
                    .messages(key, new MessageSeq(1), new MessageSeq(JsonNumber.MAX))
                    .forEach(message -> said.put(message.seq().value(), message));
            messages.put(one.peer(), said);
        }
        return new View(conversations, messages, node.blocks().blockedBy(me.id()));
    }

    /** A client that loads now and takes in the events after a cursor, which is no later than now. */
    static StaleClient load(Storage node, Person me, FeedSeq cursor) {
        var client = new StaleClient(me);
        client.onStart(cursor);
        client.take(fresh(node, me));
        return client;
    }

    /** A client that loads nothing, and needs all events from the first. */
    static StaleClient empty(Person me) {
        return new StaleClient(me);
    }

    private void take(View view) {
        for (var one : view.conversations()) {
            var talk = new Talk();
            talk.messages.putAll(view.messages().get(one.peer()));
            talk.last = one.last().seq().value();
            talk.read = one.read().value();
            talk.peerRead = one.peerRead().value();
            talk.peerDelivered = one.peerDelivered().value();
            talks.put(one.peer(), talk);
            latestFirst.add(one.peer());
        }
        blocked.addAll(view.blocked());
    }

    /** Takes in everything that it has missed. */
    void catchUp(Storage node, int pageSize) {
        boolean more;
        do {
            var page = node.feeds().read(me.id(), cursor().orElseThrow(), pageSize);
            page.events().forEach(this::onEvent);
            more = page.more();
        } while (more);
    }

    Person user() {
        return me;
    }

    synchronized Optional<FeedSeq> cursor() {
        return cursor;
    }

    @Override
    public synchronized void onStart(FeedSeq from) {
        assertThat(cursor).isEmpty();
        cursor = Optional.of(from);
    }

    @Override
    public synchronized void onReset(FeedSeq last) {
        reset = true;
    }

    @Override
    public synchronized void onEvent(Event event) {
        assertThat(event.seq()).isEqualTo(cursor.orElseThrow().next());
        cursor = Optional.of(event.seq());
        if (event instanceof MessageSent sent) {
            sent(sent.message());
        } else if (event instanceof MessageEdited edited) {
            put(edited.message());
        } else if (event instanceof MessageDeleted deleted) {
            put(deleted.message());
        } else if (event instanceof ConversationRead read) {
            read(read);
        } else if (event instanceof ConversationDelivered delivered) {
            if (!delivered.by().equals(me)) {
                var talk = talk(delivered.peer());
                talk.peerDelivered =
                        Math.max(talk.peerDelivered, delivered.upto().value());
            }
        } else if (event instanceof UserBlocked one) {
            blocked.add(one.user());
        } else if (event instanceof UserUnblocked one) {
            blocked.remove(one.user());
        }
    }

    private void sent(Message message) {
        var peer = put(message);
        var talk = talk(peer);
        long seq = message.seq().value();
        if (seq > talk.last) {
            talk.last = seq;
            latestFirst.remove(peer);
            latestFirst.add(0, peer);
        }
        if (peer.equals(me)) {
            // A note to oneself is read as it is written.
            talk.read = Math.max(talk.read, seq);
            talk.peerRead = Math.max(talk.peerRead, seq);
            talk.peerDelivered = Math.max(talk.peerDelivered, seq);
        }
    }

    private Person put(Message message) {
        var peer = message.sender().equals(me) ? message.recipient() : message.sender();
        talk(peer).messages.put(message.seq().value(), message);
        return peer;
    }

    private void read(ConversationRead event) {
        var talk = talk(event.peer());
        long upto = event.upto().value();
        if (event.by().equals(me)) {
            talk.read = Math.max(talk.read, upto);
        } else {
            talk.peerRead = Math.max(talk.peerRead, upto);
            talk.peerDelivered = Math.max(talk.peerDelivered, upto); // what is read is delivered
        }
    }

    private Talk talk(Person peer) {
        return talks.computeIfAbsent(peer, absent -> new Talk());
    }

    /** What it shows its user. */
    synchronized View view() {
        assertThat(reset).as("was reset").isFalse();
        var conversations = new ArrayList<Conversation>();
        var messages = new LinkedHashMap<Person, Map<Long, Message>>();
        for (var peer : latestFirst) {
            var talk = talks.get(peer);
            messages.put(peer, talk.messages);
            conversations.add(new Conversation(
                    peer,
                    MailboxSeq.ZERO,
                    talk.messages.get(talk.last),
                    talk.messages.values().stream()
                            .filter(message -> message.recipient().equals(me)
                                    && message.seq().value() > talk.read
                                    && !message.deleted())
                            .count(),
                    new MessageSeq(talk.read),
                    new MessageSeq(talk.peerRead),
                    new MessageSeq(talk.peerDelivered),
                    blocked.contains(peer)));
        }
        return new View(
                conversations,
                messages,
                blocked.stream()
                        .sorted(Comparator.comparing(person -> person.name().key()))
                        .toList());
    }
}

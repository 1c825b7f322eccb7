package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.account.AccountStore.Deletion;
import io.messagecenter.domain.account.AccountStore.Sweep;
import io.messagecenter.domain.conversation.Conversation;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.ConversationDelivered;
import io.messagecenter.domain.feed.Event.ConversationRead;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.Blocked;
import io.messagecenter.domain.message.WriteResult.Changed;
import io.messagecenter.domain.message.WriteResult.Kept;
import io.messagecenter.domain.message.WriteResult.KeyReused;
import io.messagecenter.domain.message.WriteResult.Marked;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.message.WriteResult.Repeated;
import io.messagecenter.domain.message.WriteResult.Unchanged;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a storage should be, as plain as can be: lists of what happened, from which everything that can be seen is counted
 * anew whenever somebody looks. It shares no arithmetic with the stores.
 */
final class NaiveChat {
    private record Pair(Person one, Person other) {}

    private final Set<Person> here = new LinkedHashSet<>();

    /** In the order in which they were stored; the message at the same index is what has become of it. */
    private final List<NewMessage> drafts = new ArrayList<>();

    private final List<Message> messages = new ArrayList<>();

    /** How far the one has come with the other; and of that, what the other may know. */
    private final Map<Pair, Long> read = new HashMap<>();

    private final Map<Pair, Long> shown = new HashMap<>();
    private final Map<Pair, Long> delivered = new HashMap<>();

    private final Set<Pair> blocks = new LinkedHashSet<>();

    /** What a feed says of a message is what has become of it, so every entry is made when somebody looks. */
    private final Map<Person, List<Supplier<Event>>> feeds = new HashMap<>();

    private final Map<Person, List<MessageId>> unswept = new LinkedHashMap<>();

    NaiveChat(Collection<Person> people) {
        here.addAll(people);
        people.forEach(person -> feeds.put(person, new ArrayList<>()));
    }

    // --- what happens

    /** What should become of each write: changes come first, then new messages, then marks. */
    List<Class<? extends WriteResult>> write(List<? extends Write> batch) {
        var results = new ArrayList<Class<? extends WriteResult>>(Collections.nCopies(batch.size(), Nobody.class));
        for (var kind : List.of(MessageChange.class, NewMessage.class, Mark.class)) {
            for (int i = 0; i < batch.size(); i++) {
                if (kind.isInstance(batch.get(i))) {
                    results.set(i, write(batch.get(i)));
                }
            }
        }
        return results;
    }

    private Class<? extends WriteResult> write(Write write) {
        if (write instanceof NewMessage draft) {
            return send(draft);
        } else if (write instanceof MessageChange change) {
            return change(change);
        }
        return mark((Mark) write);
    }

    private Class<? extends WriteResult> send(NewMessage draft) {
        for (var earlier : drafts) {
            if (draft.clientKey().isPresent()
                    && earlier.clientKey().equals(draft.clientKey())
                    && earlier.sender().equals(draft.sender())) {
                boolean same = earlier.recipient().equals(draft.recipient())
                        && earlier.body().equals(draft.body());
                return same ? Repeated.class : KeyReused.class;
            }
        }
        if (!here.contains(draft.sender()) || !here.contains(draft.recipient())) {
            return Nobody.class;
        } else if (blocks(draft.recipient(), draft.sender())) {
            return Blocked.class;
        }
        var said = conversation(draft.sender(), draft.recipient());
        var sent = said.isEmpty()
                ? draft.sent()
                : after(draft.sent(), said.get(said.size() - 1).sent());
        drafts.add(draft);
        messages.add(new Message(
                draft.id(),
                draft.sender(),
                draft.recipient(),
                Optional.of(draft.body()),
                sent,
                new MessageSeq(said.size() + 1),
                draft.clientKey(),
                draft.replyTo(),
                Optional.empty()));
        tellOfMessage(draft.sender(), draft.id(), MessageSent::new);
        if (draft.sender().equals(draft.recipient())) {
            read.put(new Pair(draft.sender(), draft.sender()), said.size() + 1L);
            shown.put(new Pair(draft.sender(), draft.sender()), said.size() + 1L);
        } else {
            tellOfMessage(draft.recipient(), draft.id(), MessageSent::new);
        }
        return Appended.class;
    }

    private Class<? extends WriteResult> change(MessageChange change) {
        var now = message(change.target().id());
        if (!here.contains(now.sender()) || (now.deleted() && change.body().isPresent())) {
            return Nobody.class;
        } else if (now.body().equals(change.body())) {
            return Kept.class;
        } else if (change.body().isPresent() && blocks(now.recipient(), now.sender())) {
            return Blocked.class;
        }
        if (change.body().isEmpty()) {
            bury(now);
        } else {
            put(new Message(
                    now.id(),
                    now.sender(),
                    now.recipient(),
                    change.body(),
                    now.sent(),
                    now.seq(),
                    now.clientKey(),
                    now.replyTo(),
                    Optional.of(after(change.at(), now.edited().orElse(now.sent())))));
        }
        boolean deleted = change.body().isEmpty();
        for (var reader : new LinkedHashSet<>(List.of(now.sender(), now.recipient()))) {
            tellOfMessage(reader, now.id(), deleted ? MessageDeleted::new : MessageEdited::new);
        }
        return Changed.class;
    }

    /** A moment, or the next one after another if that is not before it. */
    private static Instant after(Instant moment, Instant other) {
        return moment.isAfter(other) ? moment : other.plusNanos(1_000);
    }

    private void bury(Message message) {
        put(new Message(
                message.id(),
                message.sender(),
                message.recipient(),
                Optional.empty(),
                message.sent(),
                message.seq(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private Class<? extends WriteResult> mark(Mark mark) {
        var pair = new Pair(mark.reader(), mark.peer());
        long end = conversation(mark.reader(), mark.peer()).size();
        long upto = Math.min(mark.upto().value(), end);
        boolean hidden = blocks(mark.reader(), mark.peer());
        boolean isRead = mark.kind() == Mark.Kind.READ;
        if (!here.contains(mark.reader())) {
            return Nobody.class;
        } else if (isRead ? upto <= read.getOrDefault(pair, 0L) : hidden || upto <= arrived(pair)) {
            return Unchanged.class;
        }
        (isRead ? read : delivered).put(pair, upto);
        if (isRead && !hidden) {
            shown.put(pair, upto);
        }
        var place = new MessageSeq(upto);
        var readers = hidden ? List.of(mark.reader()) : List.of(mark.reader(), mark.peer());
        for (var reader : new LinkedHashSet<>(readers)) {
            var other = reader.equals(mark.reader()) ? mark.peer() : mark.reader();
            tell(
                    reader,
                    seq -> isRead
                            ? new ConversationRead(seq, other, mark.reader(), place)
                            : new ConversationDelivered(seq, other, mark.reader(), place));
        }
        return Marked.class;
    }

    /** Whether that is news. */
    boolean block(Person blocker, Person blocked) {
        boolean news = blocks.add(new Pair(blocker, blocked));
        if (news) {
            tell(blocker, seq -> new UserBlocked(seq, blocked));
        }
        return news;
    }

    /** Whether that is news. */
    boolean unblock(Person blocker, Person blocked) {
        boolean news = blocks.remove(new Pair(blocker, blocked));
        if (news) {
            tell(blocker, seq -> new UserUnblocked(seq, blocked));
        }
        return news;
    }

    void erase(Person person) {
        here.remove(person);
        feeds.remove(person);
        blocks.removeIf(pair -> pair.one().equals(person));
        var wrote = messages.stream()
                .filter(message -> message.sender().equals(person) && !message.deleted())
                .toList();
        wrote.forEach(this::bury);
        unswept.put(
                person,
                new ArrayList<>(wrote.stream().map(message -> message.id()).toList()));
    }

    /** A sweep may do as much as it likes, but in the order in which it was said, and to its end when it says so. */
    void swept(Person person, Sweep sweep) {
        var left = unswept.get(person);
        left.removeIf(id -> !here.contains(message(id).recipient()));
        for (var deletion : sweep.deletions()) {
            var message = message(left.remove(0));
            tellOfMessage(message.recipient(), message.id(), MessageDeleted::new);
            var place = new FeedSeq(feeds.get(message.recipient()).size());
            assertThat(deletion).isEqualTo(new Deletion(message.recipient().id(), new MessageDeleted(place, message)));
        }
        if (sweep.done()) {
            assertThat(left).as("told to nobody").isEmpty();
            unswept.remove(person);
        }
    }

    private void tell(Person person, EventMaker maker) {
        var feed = feeds.get(person);
        if (feed != null) {
            var seq = new FeedSeq(feed.size() + 1);
            feed.add(() -> maker.at(seq));
        }
    }

    private void tellOfMessage(Person person, MessageId id, MessageEventMaker maker) {
        tell(person, seq -> maker.at(seq, message(id)));
    }

    @FunctionalInterface
    private interface EventMaker {
        Event at(FeedSeq seq);
    }

    @FunctionalInterface
    private interface MessageEventMaker {
        Event at(FeedSeq seq, Message message);
    }

    private void put(Message message) {
        messages.replaceAll(one -> one.id().equals(message.id()) ? message : one);
    }

    private boolean blocks(Person blocker, Person blocked) {
        return blocks.contains(new Pair(blocker, blocked));
    }

    private long arrived(Pair pair) {
        return Math.max(shown.getOrDefault(pair, 0L), delivered.getOrDefault(pair, 0L));
    }

    // --- what there is to see

    /** Who has an account. */
    List<Person> here() {
        return List.copyOf(here);
    }

    /** Whose account is erased, and not everybody has been told. */
    List<Person> unswept() {
        return List.copyOf(unswept.keySet());
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }

    Message message(MessageId id) {
        return messages.stream()
                .filter(message -> message.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    List<Message> conversation(Person one, Person other) {
        var people = Set.copyOf(new LinkedHashSet<>(List.of(one, other)));
        return messages.stream()
                .filter(message ->
                        people.equals(Set.copyOf(new LinkedHashSet<>(List.of(message.sender(), message.recipient())))))
                .toList();
    }

    List<Message> mailbox(Person person) {
        return messages.stream()
                .filter(message ->
                        message.sender().equals(person) || message.recipient().equals(person))
                .toList();
    }

    List<Event> feed(Person person) {
        return feeds.get(person).stream().map(Supplier::get).toList();
    }

    List<Person> blockedBy(Person person) {
        return blocks.stream()
                .filter(pair -> pair.one().equals(person))
                .map(Pair::other)
                .sorted(Comparator.comparing(blocked -> blocked.name().key()))
                .toList();
    }

    /** A person's conversations, latest first. */
    List<Conversation> conversations(Person person) {
        var latest = new LinkedHashMap<Person, Long>();
        var mailbox = mailbox(person);
        for (int i = 0; i < mailbox.size(); i++) {
            var message = mailbox.get(i);
            latest.put(message.sender().equals(person) ? message.recipient() : message.sender(), i + 1L);
        }
        return latest.entrySet().stream()
                .map(entry -> conversation(person, entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Conversation::latest).reversed())
                .toList();
    }

    private Conversation conversation(Person person, Person peer, long latest) {
        var said = conversation(person, peer);
        var own = new Pair(person, peer);
        var peers = new Pair(peer, person);
        long readUpto = read.getOrDefault(own, 0L);
        return new Conversation(
                peer,
                new MailboxSeq(latest),
                said.get(said.size() - 1),
                said.stream()
                        .filter(message -> message.recipient().equals(person)
                                && message.seq().value() > readUpto
                                && !message.deleted())
                        .count(),
                new MessageSeq(readUpto),
                new MessageSeq(shown.getOrDefault(peers, 0L)),
                new MessageSeq(arrived(peers)),
                blocks(person, peer));
    }
}

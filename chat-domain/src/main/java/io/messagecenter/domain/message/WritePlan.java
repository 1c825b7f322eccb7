package io.messagecenter.domain.message;

import io.messagecenter.domain.message.ConversationHead.Side;
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
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The arithmetic of {@link MessageStore#write}: who gets which number, what is a repeat, and what is unread. It does no
 * I/O, so every store numbers alike. A store locks the heads that the batch {@link #users touches}, looks up what the
 * batch needs, asks for a plan, and writes what the plan says, all in one transaction.
 *
 * <p>Of a batch, changes of messages come first, then new messages, then marks: nobody in it knows of the others, so any
 * order is right, and in this one a mark counts what is unread when all else is done.
 */
public final class WritePlan {
    /** A sender, and to whom. */
    public record Pair(UserId sender, UserId recipient) {}

    /** Where a user's feed and mailbox stand. */
    public record UserHead(FeedSeq feed, MailboxSeq mailbox) {
        public static final UserHead EMPTY = new UserHead(FeedSeq.ZERO, MailboxSeq.ZERO);

        UserHead next() {
            return new UserHead(feed.next(), mailbox.next());
        }

        UserHead nextEvent() {
            return new UserHead(feed.next(), mailbox);
        }
    }

    /**
     * What there is, as a store has locked it.
     *
     * @param users the heads of every user of the batch; who is missing is not there
     * @param conversations the heads of the conversations that exist
     * @param known what came of those keys of the batch that were used before
     * @param blocked those of the batch's {@link #pairs} whose recipient blocks the sender
     * @param targets the messages that the batch {@link #targets changes}, as they are now
     */
    public record State(
            Map<UserId, UserHead> users,
            Map<ConversationKey, ConversationHead> conversations,
            Map<SenderKey, First> known,
            Set<Pair> blocked,
            Map<MessageId, Message> targets) {}

    /** A message to insert, with its places in both mailboxes and both feeds. */
    public record Insert(Message message, UserHead sender, UserHead recipient) {}

    /**
     * A message to replace by what it is now. Where it was sent with a key, what it said then is for a store that does not
     * know yet; without a key nobody can ask for it again, and nothing of it is kept.
     */
    public record Update(Message message, Optional<BodyDigest> before) {}

    /**
     * What somebody has read, and how many of it were unread a store has to count, once all else is written: messages to
     * the reader, above {@code after}, up to {@code upto}, that are not deleted. So many less are unread then.
     */
    public record Recount(ConversationKey conversation, UserId reader, MessageSeq after, MessageSeq upto) {}

    private record Reader(ConversationKey conversation, UserId user) {}

    private final State state;
    private final WriteResult[] results;
    private final List<Insert> inserts = new ArrayList<>();
    private final Map<MessageId, Update> updates = new LinkedHashMap<>();
    private final Map<Reader, Recount> recounts = new LinkedHashMap<>();
    private final Map<UserId, UserHead> users = new LinkedHashMap<>();
    private final Map<ConversationKey, ConversationHead> conversations = new LinkedHashMap<>();
    private final Map<SenderKey, First> firsts;
    private final Map<MessageId, Message> targets;

    private WritePlan(State state, int size) {
        this.state = state;
        this.results = new WriteResult[size];
        this.firsts = new HashMap<>(state.known());
        this.targets = new HashMap<>(state.targets());
    }

    // --- what a batch touches

    /** Whose heads a batch touches, in the order in which to lock them. */
    public static Set<UserId> users(Collection<? extends Write> batch) {
        var users = new TreeSet<UserId>();
        for (var write : batch) {
            var conversation = conversation(write);
            users.add(conversation.low());
            users.add(conversation.high());
        }
        return users;
    }

    /** Which conversations a batch touches, in the order in which to lock them. */
    public static Set<ConversationKey> conversations(Collection<? extends Write> batch) {
        var conversations = new TreeSet<ConversationKey>();
        batch.forEach(write -> conversations.add(conversation(write)));
        return conversations;
    }

    private static ConversationKey conversation(Write write) {
        if (write instanceof NewMessage message) {
            return message.conversation();
        } else if (write instanceof MessageChange change) {
            return change.target().conversation();
        }
        return ((Mark) write).conversation();
    }

    /** Which keys a batch uses, and a store has to look up. */
    public static Set<SenderKey> keys(Collection<? extends Write> batch) {
        var keys = new LinkedHashSet<SenderKey>();
        for (var write : batch) {
            if (write instanceof NewMessage message) {
                message.senderKey().ifPresent(keys::add);
            }
        }
        return keys;
    }

    /** Which messages a batch changes, and a store has to look up. */
    public static Set<MessageId> targets(Collection<? extends Write> batch) {
        var targets = new LinkedHashSet<MessageId>();
        for (var write : batch) {
            if (write instanceof MessageChange change) {
                targets.add(change.target().id());
            }
        }
        return targets;
    }

    /** Who might be blocked by whom in a batch: each pair of two people of whom one wants to reach, or sees, the other. */
    public static Set<Pair> pairs(Collection<? extends Write> batch) {
        var pairs = new LinkedHashSet<Pair>();
        for (var write : batch) {
            var pair = pair(write);
            if (!pair.sender().equals(pair.recipient())) {
                pairs.add(pair);
            }
        }
        return pairs;
    }

    private static Pair pair(Write write) {
        if (write instanceof NewMessage message) {
            return new Pair(message.sender().id(), message.recipient().id());
        } else if (write instanceof MessageChange change) {
            return new Pair(
                    change.target().sender().id(), change.target().recipient().id());
        }
        var mark = (Mark) write;
        return new Pair(mark.peer().id(), mark.reader().id());
    }

    // --- the plan

    /** Plans a batch. */
    public static WritePlan of(List<? extends Write> batch, State state) {
        var plan = new WritePlan(state, batch.size());
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i) instanceof MessageChange change) {
                plan.results[i] = plan.change(change);
            }
        }
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i) instanceof NewMessage message) {
                plan.results[i] = plan.append(message);
            }
        }
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i) instanceof Mark mark) {
                plan.results[i] = plan.mark(mark);
            }
        }
        return plan;
    }

    private WriteResult append(NewMessage item) {
        var sender = item.sender().id();
        var recipient = item.recipient().id();
        var key = item.senderKey();
        var first = key.map(firsts::get);
        if (first.isPresent()) {
            return first.get().isOf(recipient, item.body())
                    ? new Repeated(first.get().message())
                    : new KeyReused(key.get().key());
        }
        var senderHead = head(sender);
        var recipientHead = head(recipient);
        if (senderHead.isEmpty() || recipientHead.isEmpty()) {
            return new Nobody();
        } else if (isBlocked(item)) {
            return new Blocked();
        }
        var end = head(item.conversation());
        var message = new Message(
                item.id(),
                item.sender(),
                item.recipient(),
                Optional.of(item.body()),
                later(item.sent(), end.lastSent()),
                end.last().next(),
                item.clientKey(),
                item.replyTo(),
                Optional.empty());
        var newSender = senderHead.get().next();
        var newRecipient =
                sender.equals(recipient) ? newSender : recipientHead.get().next();
        users.put(sender, newSender);
        users.put(recipient, newRecipient);
        conversations.put(item.conversation(), said(message, end, newSender, newRecipient));
        inserts.add(new Insert(message, newSender, newRecipient));
        key.ifPresent(k -> firsts.put(k, new First(message, Optional.empty())));
        return new Appended(message, newSender.feed(), newRecipient.feed());
    }

    /** A conversation after one more message in it. A note to oneself is read by whoever writes it. */
    private static ConversationHead said(
            Message message, ConversationHead end, UserHead newSender, UserHead newRecipient) {
        var sender = message.sender().id();
        boolean fromLow = message.conversation().low().equals(sender);
        var head = end.at(message.seq(), message.sent());
        var senders = end.of(fromLow).with(newSender.mailbox());
        if (sender.equals(message.recipient().id())) {
            var read = senders.readUpto(message.seq(), message.seq());
            return head.with(true, read).with(false, read);
        }
        var recipients = end.of(!fromLow).with(newRecipient.mailbox());
        return head.with(fromLow, senders).with(!fromLow, recipients.withUnread(recipients.unread() + 1));
    }

    private WriteResult change(MessageChange change) {
        var target = Optional.ofNullable(targets.get(change.target().id()));
        boolean deletes = change.body().isEmpty();
        if (target.isEmpty()
                || head(change.target().sender().id()).isEmpty()
                || (target.get().deleted() && !deletes)) {
            return new Nobody();
        }
        var before = target.get();
        if (before.body().equals(change.body())) {
            return new Kept(before);
        } else if (!deletes && isBlocked(change)) {
            return new Blocked(); // or it would be a way round
        }
        // Of two edits of a message, the one that came later says so, or a client could not tell which of them it is.
        var at = later(change.at(), before.edited().orElse(before.sent()));
        var after = deletes ? before.tombstone() : before.edited(change.body().get(), at);
        var digest = before.clientKey().map(key -> BodyDigest.of(before.body().orElseThrow()));
        updates.merge(before.id(), new Update(after, digest), (one, two) -> new Update(two.message(), one.before()));
        targets.put(after.id(), after);
        if (deletes) {
            forget(after);
        }
        var reader = after.recipient().id();
        return new Changed(after, change.at(), tell(List.of(after.sender().id(), reader)));
    }

    /** What was unread is not any more. */
    private void forget(Message tombstone) {
        var key = tombstone.conversation();
        var reader = tombstone.recipient().id();
        boolean isLow = key.low().equals(reader);
        var head = head(key);
        var side = head.of(isLow);
        if (!key.low().equals(key.high()) && tombstone.seq().compareTo(side.read()) > 0) {
            conversations.put(key, head.lessUnread(isLow, 1));
        }
    }

    private WriteResult mark(Mark mark) {
        if (head(mark.reader().id()).isEmpty()) {
            return new Nobody();
        }
        var head = head(mark.conversation());
        var upto = mark.upto().compareTo(head.last()) < 0 ? mark.upto() : head.last();
        boolean isLow = mark.conversation().low().equals(mark.reader().id());
        var side = head.of(isLow);
        boolean hidden = isBlocked(mark);
        if (mark.kind() == Mark.Kind.DELIVERED) {
            if (hidden || upto.compareTo(side.arrived()) <= 0) {
                return new Unchanged();
            }
            conversations.put(mark.conversation(), head.with(isLow, side.deliveredUpto(upto)));
        } else {
            if (upto.compareTo(side.read()) <= 0) {
                return new Unchanged();
            }
            var read = side.readUpto(upto, hidden ? side.shownRead() : upto);
            conversations.put(mark.conversation(), head.with(isLow, counted(mark, side.read(), upto, head, read)));
        }
        var moved = new Mark(mark.kind(), mark.reader(), mark.peer(), upto, mark.at());
        return new Marked(
                moved,
                tell(
                        hidden
                                ? List.of(mark.reader().id())
                                : List.of(mark.reader().id(), mark.peer().id())));
    }

    /** Who has read to the end has nothing unread; otherwise a store has to count, once however many marks there are. */
    private Side counted(Mark mark, MessageSeq before, MessageSeq upto, ConversationHead head, Side side) {
        var reader = new Reader(mark.conversation(), mark.reader().id());
        if (upto.equals(head.last())) {
            recounts.remove(reader);
            return side.withUnread(0);
        }
        recounts.merge(
                reader,
                new Recount(reader.conversation(), reader.user(), before, upto),
                (one, two) -> new Recount(one.conversation(), one.reader(), one.after(), two.upto()));
        return side;
    }

    /** The next place in each of these feeds, once each; who is not there is left out. */
    private Map<UserId, FeedSeq> tell(List<UserId> readers) {
        var places = new LinkedHashMap<UserId, FeedSeq>();
        for (var reader : new LinkedHashSet<>(readers)) {
            head(reader).ifPresent(head -> {
                users.put(reader, head.nextEvent());
                places.put(reader, head.nextEvent().feed());
            });
        }
        return Collections.unmodifiableMap(places);
    }

    private boolean isBlocked(Write write) {
        return state.blocked().contains(pair(write));
    }

    private Optional<UserHead> head(UserId user) {
        return Optional.ofNullable(users.getOrDefault(user, state.users().get(user)));
    }

    private ConversationHead head(ConversationKey key) {
        var moved = conversations.get(key);
        return moved != null ? moved : state.conversations().getOrDefault(key, ConversationHead.EMPTY);
    }

    /**
     * Clocks of two nodes differ, and several writes share a microsecond: in a conversation, and of a message, time still
     * moves on.
     */
    private static Instant later(Instant moment, Instant previous) {
        var earliest = previous.plusNanos(1_000);
        return moment.isBefore(earliest) ? earliest : moment;
    }

    // --- what it says

    /** What becomes of each write, in the order of the batch. */
    public List<WriteResult> results() {
        return List.of(results);
    }

    /** The messages to insert, in the order of the batch. */
    public List<Insert> inserts() {
        return Collections.unmodifiableList(inserts);
    }

    /** The messages to replace by what they are now, each once. */
    public Collection<Update> updates() {
        return Collections.unmodifiableCollection(updates.values());
    }

    /** What to count when all else is written. */
    public Collection<Recount> recounts() {
        return Collections.unmodifiableCollection(recounts.values());
    }

    /** The heads of users that moved. */
    public Map<UserId, UserHead> users() {
        return Collections.unmodifiableMap(users);
    }

    /** The heads of conversations that moved. */
    public Map<ConversationKey, ConversationHead> conversations() {
        return Collections.unmodifiableMap(conversations);
    }
}

package io.messagecenter.domain.message;

import io.messagecenter.domain.message.AppendResult.Appended;
import io.messagecenter.domain.message.AppendResult.Blocked;
import io.messagecenter.domain.message.AppendResult.KeyReused;
import io.messagecenter.domain.message.AppendResult.Nobody;
import io.messagecenter.domain.message.AppendResult.Repeated;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The arithmetic of {@link MessageStore#append}: who gets which number, and what is a repeat. It does no I/O, so every
 * store numbers alike. A store locks the heads that the batch {@link #users touches}, looks its keys up, asks for a
 * plan, and writes what the plan says, all in one transaction.
 */
public final class AppendPlan {
    /** A sender, and to whom. */
    public record Pair(UserId sender, UserId recipient) {}

    /** Where a user's feed and mailbox stand. */
    public record UserHead(FeedSeq feed, MailboxSeq mailbox) {
        public static final UserHead EMPTY = new UserHead(FeedSeq.ZERO, MailboxSeq.ZERO);

        UserHead next() {
            return new UserHead(feed.next(), mailbox.next());
        }
    }

    /** Where a conversation stands: its last place, and when that was taken. */
    public record ConversationHead(MessageSeq last, Instant lastSent) {
        public static final ConversationHead EMPTY = new ConversationHead(MessageSeq.ZERO, Instant.EPOCH);
    }

    /** A message to insert, with its places in both mailboxes and both feeds. */
    public record Insert(Message message, UserHead sender, UserHead recipient) {}

    private final List<AppendResult> results = new ArrayList<>();
    private final List<Insert> inserts = new ArrayList<>();
    private final Map<UserId, UserHead> users = new LinkedHashMap<>();
    private final Map<ConversationKey, ConversationHead> conversations = new LinkedHashMap<>();

    private AppendPlan() {}

    /** Whose heads a batch touches, in the order in which to lock them. */
    public static Set<UserId> users(Collection<NewMessage> batch) {
        var users = new TreeSet<UserId>();
        for (var item : batch) {
            users.add(item.sender().id());
            users.add(item.recipient().id());
        }
        return users;
    }

    /** Which conversations a batch touches, in the order in which to lock them. */
    public static Set<ConversationKey> conversations(Collection<NewMessage> batch) {
        var conversations = new TreeSet<ConversationKey>();
        batch.forEach(item -> conversations.add(item.conversation()));
        return conversations;
    }

    /** Which keys a batch uses, and a store has to look up. */
    public static Set<SenderKey> keys(Collection<NewMessage> batch) {
        var keys = new LinkedHashSet<SenderKey>();
        batch.forEach(item -> item.senderKey().ifPresent(keys::add));
        return keys;
    }

    /** Who might be blocked by whom in a batch: each pair of a sender and a recipient who are two people. */
    public static Set<Pair> pairs(Collection<NewMessage> batch) {
        var pairs = new LinkedHashSet<Pair>();
        for (var item : batch) {
            if (!item.sender().id().equals(item.recipient().id())) {
                pairs.add(new Pair(item.sender().id(), item.recipient().id()));
            }
        }
        return pairs;
    }

    /**
     * Plans a batch.
     *
     * @param users the heads of every user of the batch; who is missing is not there
     * @param conversations the heads of the conversations that exist
     * @param known what came of those keys of the batch that were used before
     * @param blocked those of the batch's {@link #pairs} whose recipient blocks the sender
     */
    public static AppendPlan of(
            List<NewMessage> batch,
            Map<UserId, UserHead> users,
            Map<ConversationKey, ConversationHead> conversations,
            Map<SenderKey, Message> known,
            Set<Pair> blocked) {
        var plan = new AppendPlan();
        var heads = new HashMap<>(users);
        var ends = new HashMap<>(conversations);
        var firsts = new HashMap<>(known);
        for (var item : batch) {
            plan.results.add(plan.plan(item, heads, ends, firsts, blocked));
        }
        return plan;
    }

    private AppendResult plan(
            NewMessage item,
            Map<UserId, UserHead> heads,
            Map<ConversationKey, ConversationHead> ends,
            Map<SenderKey, Message> firsts,
            Set<Pair> blocked) {
        var sender = item.sender().id();
        var recipient = item.recipient().id();
        var key = item.senderKey();
        var first = key.map(firsts::get);
        if (first.isPresent()) {
            return isRepeat(item, first.get())
                    ? new Repeated(first.get())
                    : new KeyReused(key.get().key());
        }
        var senderHead = heads.get(sender);
        var recipientHead = heads.get(recipient);
        if (senderHead == null || recipientHead == null) {
            return new Nobody();
        } else if (blocked.contains(new Pair(sender, recipient))) {
            return new Blocked();
        }
        var end = ends.getOrDefault(item.conversation(), ConversationHead.EMPTY);
        var message = new Message(
                item.id(),
                item.sender(),
                item.recipient(),
                item.body(),
                later(item.sent(), end.lastSent()),
                end.last().next(),
                item.clientKey());
        var newEnd = new ConversationHead(message.seq(), message.sent());
        ends.put(item.conversation(), newEnd);
        conversations.put(item.conversation(), newEnd);

        var newSender = senderHead.next();
        var newRecipient = sender.equals(recipient) ? newSender : recipientHead.next();
        heads.put(sender, newSender);
        heads.put(recipient, newRecipient);
        users.put(sender, newSender);
        users.put(recipient, newRecipient);

        inserts.add(new Insert(message, newSender, newRecipient));
        key.ifPresent(k -> firsts.put(k, message));
        return new Appended(message, newSender.feed(), newRecipient.feed());
    }

    private static boolean isRepeat(NewMessage item, Message first) {
        return item.recipient().id().equals(first.recipient().id())
                && first.body().map(item.body()::equals).orElse(true); // what it said is forgotten
    }

    /** Clocks of two nodes differ, and several messages share a microsecond: in a conversation, time still moves on. */
    private static Instant later(Instant sent, Instant previous) {
        var earliest = previous.plusNanos(1_000);
        return sent.isBefore(earliest) ? earliest : sent;
    }

    /** What becomes of each message, in the order of the batch. */
    public List<AppendResult> results() {
        return List.copyOf(results);
    }

    /** The messages to insert, in the order of the batch. */
    public List<Insert> inserts() {
        return List.copyOf(inserts);
    }

    /** The heads of users that moved. */
    public Map<UserId, UserHead> users() {
        return Map.copyOf(users);
    }

    /** The heads of conversations that moved. */
    public Map<ConversationKey, ConversationHead> conversations() {
        return Map.copyOf(conversations);
    }
}

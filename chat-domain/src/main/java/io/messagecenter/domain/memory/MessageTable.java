package io.messagecenter.domain.memory;

import io.messagecenter.domain.conversation.Conversation;
import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageDeleted;
import io.messagecenter.domain.feed.Event.MessageEdited;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.message.ConversationHead;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.First;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WritePlan;
import io.messagecenter.domain.message.WritePlan.Insert;
import io.messagecenter.domain.message.WritePlan.Pair;
import io.messagecenter.domain.message.WritePlan.Recount;
import io.messagecenter.domain.message.WritePlan.State;
import io.messagecenter.domain.message.WritePlan.Update;
import io.messagecenter.domain.message.WritePlan.UserHead;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Changed;
import io.messagecenter.domain.message.WriteResult.Marked;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One class for the three views of what was said, since an append changes all of them. */
final class MessageTable implements MessageStore, ConversationStore, FeedStore {
    private final Tables tables;

    MessageTable(Tables tables) {
        this.tables = tables;
    }

    @Override
    public List<WriteResult> write(List<? extends Write> batch) {
        synchronized (tables.lock) {
            var plan = WritePlan.of(batch, state(batch));
            requireNewIds(plan.inserts());
            plan.updates().forEach(this::update);
            plan.results().forEach(this::enterChange);
            plan.inserts().forEach(insert -> insert(insert.message(), insert.sender(), insert.recipient()));
            tables.heads.putAll(plan.conversations());
            plan.recounts().forEach(this::recount);
            plan.results().forEach(this::enterMark);
            return plan.results();
        }
    }

    private State state(List<? extends Write> batch) {
        return new State(userHeads(batch), conversationHeads(batch), known(batch), blocked(batch), targets(batch));
    }

    private void update(Update update) {
        var id = update.message().id();
        tables.messagesById.put(id, update.message());
        update.before().ifPresent(before -> tables.originals.putIfAbsent(id, before));
    }

    private void enterChange(WriteResult result) {
        if (result instanceof Changed changed) {
            changed.places().forEach((user, seq) -> enter(user, changed.at(), Event.ofChange(seq, changed.message())));
        }
    }

    private void enterMark(WriteResult result) {
        if (result instanceof Marked marked) {
            var mark = marked.mark();
            marked.places().forEach((user, seq) -> enter(user, mark.at(), Event.ofMark(seq, user, mark)));
        }
    }

    private void enter(UserId user, Instant at, Event event) {
        var unused = tables.enter(user, at, next -> event);
    }

    private void recount(Recount recount) {
        var key = recount.conversation();
        boolean isLow = key.low().equals(recount.reader());
        long read = latestFirst(
                        tables.conversations.getOrDefault(key, List.of()),
                        recount.after().value() + 1,
                        recount.upto().value())
                .stream()
                .filter(message -> message.recipient().id().equals(recount.reader()) && !message.deleted())
                .count();
        tables.heads.computeIfPresent(key, (same, head) -> head.lessUnread(isLow, read));
    }

    /** Whole or not at all: what would fail half-way has to fail before anything is changed. */
    private void requireNewIds(List<Insert> inserts) {
        var fresh = new HashSet<MessageId>();
        for (var insert : inserts) {
            var id = insert.message().id();
            if (tables.messagesById.containsKey(id) || !fresh.add(id)) {
                throw new IllegalStateException("The id " + id + " is in use");
            }
        }
    }

    private Map<UserId, UserHead> userHeads(List<? extends Write> batch) {
        var heads = new HashMap<UserId, UserHead>();
        for (var user : WritePlan.users(batch)) {
            var account = tables.accountsById.get(user);
            if (account != null) {
                heads.put(user, account.head());
            }
        }
        return heads;
    }

    private Map<ConversationKey, ConversationHead> conversationHeads(List<? extends Write> batch) {
        var heads = new HashMap<ConversationKey, ConversationHead>();
        for (var key : WritePlan.conversations(batch)) {
            var head = tables.heads.get(key);
            if (head != null) {
                heads.put(key, head);
            }
        }
        return heads;
    }

    private Map<SenderKey, First> known(List<? extends Write> batch) {
        var known = new HashMap<SenderKey, First>();
        for (var key : WritePlan.keys(batch)) {
            first(key).ifPresent(first -> known.put(key, first));
        }
        return known;
    }

    @Override
    public Optional<First> first(SenderKey key) {
        synchronized (tables.lock) {
            return Optional.ofNullable(tables.messagesByKey.get(key))
                    .map(id -> new First(tables.message(id), Optional.ofNullable(tables.originals.get(id))));
        }
    }

    private Map<MessageId, Message> targets(List<? extends Write> batch) {
        var targets = new HashMap<MessageId, Message>();
        for (var id : WritePlan.targets(batch)) {
            var message = tables.messagesById.get(id);
            if (message != null) {
                targets.put(id, message);
            }
        }
        return targets;
    }

    private Set<Pair> blocked(List<? extends Write> batch) {
        return WritePlan.pairs(batch).stream()
                .filter(pair -> tables.isBlocked(pair.sender(), pair.recipient()))
                .collect(Collectors.toSet());
    }

    private void insert(Message message, UserHead sender, UserHead recipient) {
        tables.messagesById.put(message.id(), message);
        tables.conversations
                .computeIfAbsent(message.conversation(), key -> new ArrayList<>())
                .add(message.id());
        message.clientKey()
                .ifPresent(key ->
                        tables.messagesByKey.put(new SenderKey(message.sender().id(), key), message.id()));
        enter(message.sender().id(), message, sender);
        if (!message.sender().id().equals(message.recipient().id())) {
            enter(message.recipient().id(), message, recipient);
        }
    }

    private void enter(UserId user, Message message, UserHead place) {
        var account = tables.accountsById.get(user);
        if (account == null) {
            throw new IllegalStateException("A plan has places for users that exist alone");
        }
        account.feed.add(new MessageSent(place.feed(), message), message.sent());
        account.mailbox.add(message.id());
    }

    @Override
    public Optional<Message> find(UserId reader, MessageId id) {
        synchronized (tables.lock) {
            return Optional.ofNullable(tables.messagesById.get(id)).filter(message -> message.concerns(reader));
        }
    }

    @Override
    public MailboxSeq lastInMailbox(UserId user) {
        synchronized (tables.lock) {
            var account = tables.accountsById.get(user);
            return account == null ? MailboxSeq.ZERO : account.head().mailbox();
        }
    }

    @Override
    public List<Message> mailbox(UserId user, MailboxSeq from, MailboxSeq to) {
        synchronized (tables.lock) {
            var account = tables.accountsById.get(user);
            return account == null ? List.of() : latestFirst(account.mailbox, from.value(), to.value());
        }
    }

    @Override
    public List<Conversation> list(UserId user, MailboxSeq before, int limit) {
        synchronized (tables.lock) {
            return tables.heads.entrySet().stream()
                    .filter(entry -> entry.getKey().low().equals(user)
                            || entry.getKey().high().equals(user))
                    .map(entry -> conversation(user, entry.getKey(), entry.getValue()))
                    .filter(one -> one.latest().compareTo(before) < 0)
                    .sorted(Comparator.comparing(Conversation::latest).reversed())
                    .limit(limit)
                    .toList();
        }
    }

    @Override
    public Optional<Conversation> find(UserId user, UserId peer) {
        synchronized (tables.lock) {
            var key = ConversationKey.of(user, peer);
            return Optional.ofNullable(tables.heads.get(key)).map(head -> conversation(user, key, head));
        }
    }

    @Override
    public List<Person> peers(UserId user, int limit) {
        synchronized (tables.lock) {
            return list(user, new MailboxSeq(JsonNumber.MAX), Integer.MAX_VALUE).stream()
                    .map(Conversation::peer)
                    .filter(peer -> !peer.id().equals(user))
                    .limit(limit)
                    .toList();
        }
    }

    private Conversation conversation(UserId user, ConversationKey key, ConversationHead head) {
        boolean isLow = key.low().equals(user);
        var own = head.of(isLow);
        var peers = head.of(!isLow);
        var said = tables.conversations.getOrDefault(key, List.of());
        var last = tables.message(said.get(said.size() - 1));
        var peer = last.sender().id().equals(user) ? last.recipient() : last.sender();
        boolean erased = !tables.accountsById.containsKey(peer.id());
        return new Conversation(
                peer,
                own.latest(),
                last,
                erased ? 0 : own.unread(), // nothing is left of what they wrote
                own.read(),
                peers.shownRead(),
                peers.arrived(),
                tables.isBlocked(peer.id(), user));
    }

    @Override
    public MessageSeq last(ConversationKey conversation) {
        synchronized (tables.lock) {
            return new MessageSeq(
                    tables.conversations.getOrDefault(conversation, List.of()).size());
        }
    }

    @Override
    public List<Message> messages(ConversationKey conversation, MessageSeq from, MessageSeq to) {
        synchronized (tables.lock) {
            return latestFirst(tables.conversations.getOrDefault(conversation, List.of()), from.value(), to.value());
        }
    }

    @Override
    public FeedPage read(UserId user, FeedSeq after, int limit) {
        synchronized (tables.lock) {
            var account = tables.accountsById.get(user);
            if (account == null) {
                throw ChatException.notFound();
            }
            var last = account.feed.last();
            FeedPage.requireWithin(after, last);
            var events = account.feed.read(after, limit).stream().map(this::now).toList();
            return FeedPage.of(events, after, after.value() + events.size() < last.value());
        }
    }

    /** What a feed says of a message is what has become of it by now. */
    private Event now(Event event) {
        if (event instanceof MessageSent sent) {
            return new MessageSent(sent.seq(), tables.message(sent.message().id()));
        } else if (event instanceof MessageEdited edited) {
            return new MessageEdited(
                    edited.seq(), tables.message(edited.message().id()));
        } else if (event instanceof MessageDeleted deleted) {
            return new MessageDeleted(
                    deleted.seq(), tables.message(deleted.message().id()));
        }
        return event;
    }

    @Override
    public Map<UserId, FeedSeq> heads(Collection<UserId> users) {
        synchronized (tables.lock) {
            var heads = new HashMap<UserId, FeedSeq>();
            for (var user : users) {
                var account = tables.accountsById.get(user);
                if (account != null) {
                    heads.put(user, account.head().feed());
                }
            }
            return heads;
        }
    }

    /** Places {@code from} to {@code to} of a list that holds place n at index n - 1, latest first. */
    private List<Message> latestFirst(List<MessageId> list, long from, long to) {
        int begin = (int) Math.min(Math.max(from, 1) - 1, list.size());
        int end = (int) Math.min(to, list.size());
        if (begin >= end) {
            return List.of();
        }
        var range = new ArrayList<>(
                list.subList(begin, end).stream().map(tables::message).toList());
        Collections.reverse(range);
        return range;
    }
}

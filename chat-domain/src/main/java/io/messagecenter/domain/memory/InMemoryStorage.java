package io.messagecenter.domain.memory;

import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.feed.Event.UserBlocked;
import io.messagecenter.domain.feed.Event.UserUnblocked;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.message.AppendPlan;
import io.messagecenter.domain.message.AppendPlan.ConversationHead;
import io.messagecenter.domain.message.AppendPlan.Insert;
import io.messagecenter.domain.message.AppendPlan.Pair;
import io.messagecenter.domain.message.AppendPlan.UserHead;
import io.messagecenter.domain.message.AppendResult;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.IdAllocator;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.password.ResetStore;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.time.Duration;
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
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Keeps everything in memory, and nothing once it is gone. Several message centers may share one, as nodes share a
 * database. Thread-safe: one lock, so every method is one atomic step.
 */
public final class InMemoryStorage implements Storage {
    private final Users users = new Users();
    private final SessionTable sessions = new SessionTable();
    private final BlockTable blocks = new BlockTable();
    private final ResetTable resets = new ResetTable();
    private final Messages messages = new Messages();
    private final AtomicLong lastId = new AtomicLong();
    private final IdAllocator ids = () -> new MessageId(lastId.incrementAndGet());

    // All guarded by lock.
    private final Object lock = new Object();
    private final TreeMap<String, Account> accounts = new TreeMap<>();
    private final Map<UserId, Account> accountsById = new HashMap<>();
    private final Map<TokenHash, Session> sessionsByToken = new HashMap<>();
    private final Map<SessionId, Instant> endedSessions = new HashMap<>();
    /** Who blocks, and whom by name. */
    private final Map<UserId, TreeMap<String, Person>> blocked = new HashMap<>();

    private final Map<UserId, Reset> resetsByUser = new HashMap<>();
    private final Map<MessageId, Message> messagesById = new HashMap<>();
    private final Map<SenderKey, Message> messagesByKey = new HashMap<>();
    private final Map<ConversationKey, List<Message>> conversations = new HashMap<>();

    @Override
    public UserStore users() {
        return users;
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public BlockStore blocks() {
        return blocks;
    }

    @Override
    public ResetStore resets() {
        return resets;
    }

    @Override
    public MessageStore messages() {
        return messages;
    }

    @Override
    public ConversationStore conversations() {
        return messages;
    }

    @Override
    public FeedStore feeds() {
        return messages;
    }

    @Override
    public IdAllocator ids() {
        return ids;
    }

    @Override
    public void check() {
        // Memory is always there.
    }

    @Override
    public void close() {
        // Nothing is held that the garbage collector does not know.
    }

    /** An account with its feed and its mailbox: place n is at index n - 1. */
    private static final class Account {
        private User user;
        private PasswordHash passwordHash;
        private final List<Event> feed = new ArrayList<>();
        private final List<Message> mailbox = new ArrayList<>();

        Account(User user, PasswordHash passwordHash) {
            this.user = user;
            this.passwordHash = passwordHash;
        }

        Credentials credentials() {
            return new Credentials(user, passwordHash);
        }

        UserHead head() {
            return new UserHead(new FeedSeq(feed.size()), new MailboxSeq(mailbox.size()));
        }
    }

    /** Places {@code from} to {@code to} of a list that holds place n at index n - 1, latest first. */
    private static List<Message> latestFirst(List<Message> list, long from, long to) {
        int begin = (int) Math.min(Math.max(from, 1) - 1, list.size());
        int end = (int) Math.min(to, list.size());
        if (begin >= end) {
            return List.of();
        }
        var range = new ArrayList<>(list.subList(begin, end));
        Collections.reverse(range);
        return range;
    }

    private final class Users implements UserStore {
        @Override
        public User create(NewUser user) {
            synchronized (lock) {
                if (accounts.containsKey(user.name().key())) {
                    throw Accounts.taken(user.name());
                }
                var person = new Person(new UserId(accounts.size() + 1), user.name());
                var account =
                        new Account(new User(person, user.email(), user.created(), user.admin()), user.passwordHash());
                accounts.put(user.name().key(), account);
                accountsById.put(person.id(), account);
                return account.user;
            }
        }

        @Override
        public Optional<Person> find(Username name) {
            return account(name).map(account -> account.user.person());
        }

        @Override
        public Optional<User> find(UserId id) {
            synchronized (lock) {
                return Optional.ofNullable(accountsById.get(id)).map(account -> account.user);
            }
        }

        @Override
        public Optional<Credentials> credentials(Username name) {
            synchronized (lock) {
                return account(name).map(Account::credentials);
            }
        }

        @Override
        public List<Credentials> credentials(EmailAddress email, int limit) {
            synchronized (lock) {
                return accountsById.values().stream()
                        .filter(account ->
                                account.user.email().map(EmailAddress::key).equals(Optional.of(email.key())))
                        .sorted(Comparator.comparing(
                                account -> account.user.person().id()))
                        .limit(limit)
                        .map(Account::credentials)
                        .toList();
            }
        }

        @Override
        public boolean setPassword(UserId user, PasswordHash expected, PasswordHash password) {
            synchronized (lock) {
                var account = accountsById.get(user);
                if (account == null || !account.passwordHash.equals(expected)) {
                    return false;
                }
                account.passwordHash = password;
                resetsByUser.remove(user);
                return true;
            }
        }

        @Override
        public Optional<User> setEmail(UserId user, Optional<EmailAddress> email) {
            synchronized (lock) {
                var account = accountsById.get(user);
                if (account == null) {
                    return Optional.empty();
                }
                account.user = new User(account.user.person(), email, account.user.created(), account.user.admin());
                resetsByUser.remove(user);
                return Optional.of(account.user);
            }
        }

        @Override
        public List<Person> list(PeopleQuery query) {
            synchronized (lock) {
                var start = query.after().filter(after -> after.compareTo(query.prefix()) >= 0);
                var rest = start.isPresent()
                        ? accounts.tailMap(start.get(), false)
                        : accounts.tailMap(query.prefix(), true);
                return rest.entrySet().stream()
                        .takeWhile(entry -> entry.getKey().startsWith(query.prefix()))
                        .map(entry -> entry.getValue().user.person())
                        .filter(person -> !person.id().equals(query.except()))
                        .limit(query.limit())
                        .toList();
            }
        }

        private Optional<Account> account(Username name) {
            synchronized (lock) {
                return Optional.ofNullable(accounts.get(name.key()));
            }
        }
    }

    private final class SessionTable implements SessionStore {
        @Override
        public void create(Session session, TokenHash token) {
            synchronized (lock) {
                sessionsByToken.put(token, session);
            }
        }

        @Override
        public Optional<Session> find(TokenHash token) {
            synchronized (lock) {
                return Optional.ofNullable(sessionsByToken.get(token));
            }
        }

        @Override
        public List<Session> list(UserId user, Instant now) {
            synchronized (lock) {
                return sessionsByToken.values().stream()
                        .filter(session -> session.person().id().equals(user) && !session.expired(now))
                        .sorted(Comparator.comparing(Session::created)
                                .thenComparing(Session::id)
                                .reversed())
                        .toList();
            }
        }

        @Override
        public Optional<SessionEnded> end(UserId user, SessionId id, Instant now) {
            return end(user, id::equals, now).stream().findFirst();
        }

        @Override
        public List<SessionEnded> endAll(UserId user, Optional<SessionId> except, Instant now) {
            return end(user, id -> !id.equals(except.orElse(null)), now);
        }

        private List<SessionEnded> end(UserId user, Predicate<SessionId> which, Instant now) {
            synchronized (lock) {
                var ids = sessionsByToken.values().stream()
                        .filter(session -> session.person().id().equals(user) && which.test(session.id()))
                        .map(Session::id)
                        .sorted()
                        .toList();
                sessionsByToken.values().removeIf(session -> ids.contains(session.id()));
                ids.forEach(id -> endedSessions.put(id, now));
                return ids.stream()
                        .map(id -> enter(user, seq -> new SessionEnded(seq, id)))
                        .toList();
            }
        }

        @Override
        public Set<SessionId> endedSince(Instant moment) {
            synchronized (lock) {
                return endedSessions.entrySet().stream()
                        .filter(entry -> !entry.getValue().isBefore(moment))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet());
            }
        }

        @Override
        public void prolong(Map<SessionId, Instant> expires) {
            synchronized (lock) {
                sessionsByToken.replaceAll((token, session) -> {
                    var later = expires.get(session.id());
                    return later == null || !later.isAfter(session.expires())
                            ? session
                            : new Session(session.id(), session.person(), session.created(), later, session.device());
                });
            }
        }

        @Override
        public Set<SessionId> live(Collection<SessionId> ids, Instant now) {
            synchronized (lock) {
                return sessionsByToken.values().stream()
                        .filter(session -> ids.contains(session.id()) && !session.expired(now))
                        .map(Session::id)
                        .collect(Collectors.toUnmodifiableSet());
            }
        }

        @Override
        public int purge(Instant now) {
            synchronized (lock) {
                int before = sessionsByToken.size();
                sessionsByToken.values().removeIf(session -> session.expired(now));
                endedSessions.values().removeIf(ended -> ended.isBefore(now.minus(Duration.ofHours(1))));
                return before - sessionsByToken.size();
            }
        }
    }

    private final class BlockTable implements BlockStore {
        @Override
        public Optional<UserBlocked> block(UserId blocker, Person person, Instant now) {
            synchronized (lock) {
                var names = blocked.computeIfAbsent(blocker, key -> new TreeMap<>());
                return names.putIfAbsent(person.name().key(), person) == null
                        ? Optional.of(enter(blocker, seq -> new UserBlocked(seq, person)))
                        : Optional.empty();
            }
        }

        @Override
        public Optional<UserUnblocked> unblock(UserId blocker, Person person, Instant now) {
            synchronized (lock) {
                return blocked.getOrDefault(blocker, new TreeMap<>())
                                        .remove(person.name().key())
                                == null
                        ? Optional.empty()
                        : Optional.of(enter(blocker, seq -> new UserUnblocked(seq, person)));
            }
        }

        @Override
        public List<Person> blockedBy(UserId blocker) {
            synchronized (lock) {
                return List.copyOf(
                        blocked.getOrDefault(blocker, new TreeMap<>()).values());
            }
        }

        @Override
        public Set<UserId> blockersOf(UserId person, Set<UserId> among) {
            synchronized (lock) {
                return among.stream()
                        .filter(blocker -> isBlocked(person, blocker))
                        .collect(Collectors.toUnmodifiableSet());
            }
        }
    }

    private boolean isBlocked(UserId person, UserId blocker) {
        return blocked.getOrDefault(blocker, new TreeMap<>()).values().stream()
                .anyMatch(one -> one.id().equals(person));
    }

    /** Adds an event to a feed, at its next place. */
    private <E extends Event> E enter(UserId user, Function<FeedSeq, E> event) {
        var account = accountsById.get(user);
        if (account == null) {
            throw ChatException.notFound();
        }
        var entry = event.apply(account.head().feed().next());
        account.feed.add(entry);
        return entry;
    }

    /** A token for a reset, and until when it is good. */
    private record Reset(TokenHash token, Instant expires) {
        boolean expired(Instant now) {
            return !now.isBefore(expires);
        }
    }

    private final class ResetTable implements ResetStore {
        @Override
        public void put(UserId user, TokenHash token, Instant expires) {
            synchronized (lock) {
                resetsByUser.put(user, new Reset(token, expires));
            }
        }

        @Override
        public boolean holds(TokenHash token, Instant now) {
            return holder(token, now).isPresent();
        }

        @Override
        public Optional<Person> redeem(TokenHash token, PasswordHash password, Instant now) {
            synchronized (lock) {
                return holder(token, now).map(account -> {
                    account.passwordHash = password;
                    resetsByUser.remove(account.user.person().id());
                    return account.user.person();
                });
            }
        }

        private Optional<Account> holder(TokenHash token, Instant now) {
            synchronized (lock) {
                return resetsByUser.entrySet().stream()
                        .filter(entry -> entry.getValue().token().equals(token)
                                && !entry.getValue().expired(now))
                        .findFirst()
                        .map(entry -> accountsById.get(entry.getKey()));
            }
        }

        @Override
        public int purge(Instant expiredBefore) {
            synchronized (lock) {
                int before = resetsByUser.size();
                resetsByUser.values().removeIf(reset -> reset.expired(expiredBefore));
                return before - resetsByUser.size();
            }
        }
    }

    /** One class for the three views of what was said, since an append changes all of them. */
    private final class Messages implements MessageStore, ConversationStore, FeedStore {
        @Override
        public List<AppendResult> append(List<NewMessage> batch) {
            synchronized (lock) {
                var plan =
                        AppendPlan.of(batch, userHeads(batch), conversationHeads(batch), known(batch), blocked(batch));
                requireNewIds(plan.inserts());
                for (var insert : plan.inserts()) {
                    insert(insert.message(), insert.sender(), insert.recipient());
                }
                return plan.results();
            }
        }

        /** Whole or not at all: what would fail half-way has to fail before anything is changed. */
        private void requireNewIds(List<Insert> inserts) {
            var fresh = new HashSet<MessageId>();
            for (var insert : inserts) {
                var id = insert.message().id();
                if (messagesById.containsKey(id) || !fresh.add(id)) {
                    throw new IllegalStateException("The id " + id + " is in use");
                }
            }
        }

        private Map<UserId, UserHead> userHeads(List<NewMessage> batch) {
            var heads = new HashMap<UserId, UserHead>();
            for (var user : AppendPlan.users(batch)) {
                var account = accountsById.get(user);
                if (account != null) {
                    heads.put(user, account.head());
                }
            }
            return heads;
        }

        private Map<ConversationKey, ConversationHead> conversationHeads(List<NewMessage> batch) {
            var heads = new HashMap<ConversationKey, ConversationHead>();
            for (var key : AppendPlan.conversations(batch)) {
                var said = conversations.get(key);
                if (said != null) {
                    var last = said.get(said.size() - 1);
                    heads.put(key, new ConversationHead(last.seq(), last.sent()));
                }
            }
            return heads;
        }

        private Map<SenderKey, Message> known(List<NewMessage> batch) {
            var known = new HashMap<SenderKey, Message>();
            for (var key : AppendPlan.keys(batch)) {
                var message = messagesByKey.get(key);
                if (message != null) {
                    known.put(key, message);
                }
            }
            return known;
        }

        private Set<Pair> blocked(List<NewMessage> batch) {
            return AppendPlan.pairs(batch).stream()
                    .filter(pair -> isBlocked(pair.sender(), pair.recipient()))
                    .collect(Collectors.toSet());
        }

        private void insert(Message message, UserHead sender, UserHead recipient) {
            messagesById.put(message.id(), message);
            conversations
                    .computeIfAbsent(message.conversation(), key -> new ArrayList<>())
                    .add(message);
            message.clientKey()
                    .ifPresent(key ->
                            messagesByKey.put(new SenderKey(message.sender().id(), key), message));
            enter(message.sender().id(), message, sender);
            if (!message.sender().id().equals(message.recipient().id())) {
                enter(message.recipient().id(), message, recipient);
            }
        }

        private void enter(UserId user, Message message, UserHead place) {
            var account = accountsById.get(user);
            if (account == null) {
                throw new IllegalStateException("A plan has places for users that exist alone");
            }
            account.feed.add(new MessageSent(place.feed(), message));
            account.mailbox.add(message);
        }

        @Override
        public Optional<Message> find(UserId reader, MessageId id) {
            synchronized (lock) {
                return Optional.ofNullable(messagesById.get(id)).filter(message -> message.concerns(reader));
            }
        }

        @Override
        public MailboxSeq lastInMailbox(UserId user) {
            synchronized (lock) {
                var account = accountsById.get(user);
                return account == null ? MailboxSeq.ZERO : account.head().mailbox();
            }
        }

        @Override
        public List<Message> mailbox(UserId user, MailboxSeq from, MailboxSeq to) {
            synchronized (lock) {
                var account = accountsById.get(user);
                return account == null ? List.of() : latestFirst(account.mailbox, from.value(), to.value());
            }
        }

        @Override
        public MessageSeq last(ConversationKey conversation) {
            synchronized (lock) {
                return new MessageSeq(
                        conversations.getOrDefault(conversation, List.of()).size());
            }
        }

        @Override
        public List<Message> messages(ConversationKey conversation, MessageSeq from, MessageSeq to) {
            synchronized (lock) {
                return latestFirst(conversations.getOrDefault(conversation, List.of()), from.value(), to.value());
            }
        }

        @Override
        public FeedPage read(UserId user, FeedSeq after, int limit) {
            synchronized (lock) {
                var account = accountsById.get(user);
                if (account == null) {
                    throw ChatException.notFound();
                }
                FeedPage.requireWithin(after, account.head().feed());
                int from = (int) after.value();
                int to = from + Math.min(account.feed.size() - from, limit);
                return FeedPage.of(List.copyOf(account.feed.subList(from, to)), after, to < account.feed.size());
            }
        }

        @Override
        public Map<UserId, FeedSeq> heads(Collection<UserId> users) {
            synchronized (lock) {
                var heads = new HashMap<UserId, FeedSeq>();
                for (var user : users) {
                    var account = accountsById.get(user);
                    if (account != null) {
                        heads.put(user, account.head().feed());
                    }
                }
                return heads;
            }
        }
    }
}

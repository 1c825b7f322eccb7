package io.messagecenter.domain.memory;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.message.BodyDigest;
import io.messagecenter.domain.message.ConversationHead;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.message.WritePlan.UserHead;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.webhook.WebhookName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Function;

/** What the stores in memory share. Everything is guarded by {@link #lock}. */
final class Tables {
    final Object lock = new Object();

    /** By the key of their names; the erased too, as their names stay taken. */
    final TreeMap<String, Account> accounts = new TreeMap<>();

    /** Without the erased. */
    final Map<UserId, Account> accountsById = new HashMap<>();

    /** Who is disabled or erased, and since when. */
    final Map<UserId, Instant> barred = new HashMap<>();

    /** Who was erased and is not settled, and what they wrote, as far as its readers have not been told. */
    final Map<UserId, Queue<MessageId>> unsettled = new HashMap<>();

    final Map<TokenHash, Session> sessionsByToken = new HashMap<>();
    final Map<SessionId, Instant> sessionUses = new HashMap<>();
    final Map<SessionId, Instant> endedSessions = new HashMap<>();

    /** Who blocks, and whom by name. */
    final Map<UserId, TreeMap<String, Person>> blocked = new HashMap<>();

    /** How far each webhook has come in each feed. */
    final Map<WebhookName, Map<UserId, FeedSeq>> webhooks = new HashMap<>();

    final Map<UserId, Reset> resetsByUser = new HashMap<>();

    /** As they are now. */
    final Map<MessageId, Message> messagesById = new HashMap<>();

    /** What those said when they were sent that say something else now. */
    final Map<MessageId, BodyDigest> originals = new HashMap<>();

    final Map<ConversationKey, ConversationHead> heads = new HashMap<>();
    final Map<SenderKey, MessageId> messagesByKey = new HashMap<>();
    final Map<ConversationKey, List<MessageId>> conversations = new HashMap<>();

    /** Up to which message each conversation is done with. */
    final Map<ConversationKey, MessageSeq> retired = new HashMap<>();

    /** An account with its feed, and its mailbox: place n is at index n - 1. */
    static final class Account {
        User user;
        PasswordHash passwordHash;
        boolean erased;
        final FeedTable feed = new FeedTable();
        final List<MessageId> mailbox = new ArrayList<>();

        /** How much of the mailbox counts as indexed. */
        int indexed;

        Account(User user, PasswordHash passwordHash) {
            this.user = user;
            this.passwordHash = passwordHash;
        }

        Credentials credentials() {
            return new Credentials(user, passwordHash);
        }

        UserHead head() {
            return new UserHead(feed.last(), new MailboxSeq(mailbox.size()));
        }
    }

    /** A token for a reset, and until when it is good. */
    record Reset(TokenHash token, Instant expires) {
        boolean expired(Instant now) {
            return !now.isBefore(expires);
        }
    }

    Optional<User> user(UserId id) {
        return Optional.ofNullable(accountsById.get(id)).map(account -> account.user);
    }

    /** Puts a user in the place of what they were before. */
    User save(User user) {
        account(user.person()).user = user;
        return user;
    }

    private Account account(Person person) {
        return Objects.requireNonNull(accounts.get(person.name().key()));
    }

    static User disabled(User user, boolean disabled) {
        return new User(user.person(), user.email(), user.created(), user.admin(), disabled);
    }

    /** Users by name, without the erased. */
    List<User> list(PeopleQuery query) {
        var start = query.after().filter(after -> after.compareTo(query.prefix()) >= 0);
        var rest = start.isPresent() ? accounts.tailMap(start.get(), false) : accounts.tailMap(query.prefix(), true);
        return rest.entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(query.prefix()))
                .map(Map.Entry::getValue)
                .filter(account -> !account.erased)
                .map(account -> account.user)
                .filter(user -> !Optional.of(user.person().id()).equals(query.except()))
                .limit(query.limit())
                .toList();
    }

    Message message(MessageId id) {
        return Objects.requireNonNull(messagesById.get(id));
    }

    /** Adds an event to a feed, at its next place. */
    <E extends Event> E enter(UserId user, Instant at, Function<FeedSeq, E> event) {
        var account = accountsById.get(user);
        if (account == null) {
            throw ChatException.notFound();
        }
        var entry = event.apply(account.feed.last().next());
        account.feed.add(entry, at);
        return entry;
    }

    boolean isBlocked(UserId person, UserId blocker) {
        return blocked.getOrDefault(blocker, new TreeMap<>()).values().stream()
                .anyMatch(one -> one.id().equals(person));
    }
}

package io.messagecenter.domain;

import io.messagecenter.domain.account.Administration;
import io.messagecenter.domain.account.ChangeEmail;
import io.messagecenter.domain.account.EraseAccount;
import io.messagecenter.domain.account.Erasures;
import io.messagecenter.domain.account.ExportAccount;
import io.messagecenter.domain.block.Blocks;
import io.messagecenter.domain.commit.GroupCommit;
import io.messagecenter.domain.conversation.ReadMessages;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Feeds;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.mail.Mailer;
import io.messagecenter.domain.memory.InMemoryMailer;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryPresence;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.password.ChangePassword;
import io.messagecenter.domain.password.PasswordProof;
import io.messagecenter.domain.password.PasswordReset;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.presence.Watches;
import io.messagecenter.domain.retention.Retention;
import io.messagecenter.domain.search.SearchIndexer;
import io.messagecenter.domain.search.SearchMessages;
import io.messagecenter.domain.send.ChangeMessage;
import io.messagecenter.domain.send.MarkConversation;
import io.messagecenter.domain.send.MessagePolicy;
import io.messagecenter.domain.send.RetireMessages;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.send.SendTyping;
import io.messagecenter.domain.send.WriteQueue;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.CommonPasswords;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.PasswordRules;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.webhook.Webhook;
import io.messagecenter.domain.webhook.Webhooks;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/**
 * One node of a message center: the front door for whoever embeds it. As built by default it keeps everything in memory;
 * give the builder a storage and a notifier that several nodes share, and they are one system.
 *
 * <p>Holds a few threads; close it to end them. Thread-safe.
 */
public final class MessageCenter implements AutoCloseable {
    private static final int FEED_READERS = 4;
    private static final int SIGNAL_READERS = 2;
    private static final int MAIL_SENDERS = 2;
    private static final int MAIL_WAITING = 256;
    /** How long what is being done at the end may take. */
    private static final Duration LAST_WORK = Duration.ofSeconds(3);

    private final Storage storage;
    private final Notifier notifier;
    private final Presence presence;
    private final Accounts accounts;
    private final Blocks blocks;
    private final Sessions sessions;
    private final ChangePassword changePassword;
    private final Erasures erasures;
    private final ChangeEmail changeEmail;
    private final EraseAccount eraseAccount;
    private final ExportAccount exportAccount;
    private final Administration administration;
    private final PasswordReset passwordReset;
    private final WriteQueue writes;
    private final SendMessage sendMessage;
    private final ChangeMessage changeMessage;
    private final MarkConversation markConversation;
    private final SendTyping sendTyping;
    private final ReadMessages messages;
    private final SearchMessages search;
    private final SearchIndexer searchIndexer;
    private final Feeds feeds;
    private final Retention retention;
    private final Watches watches;
    private final Webhooks webhooks;
    private final int maxBody;
    private final ScheduledExecutorService retaining;
    private final Threads threads = new Threads();

    private MessageCenter(Builder builder) {
        this.storage = builder.storage;
        this.webhooks = new Webhooks(
                builder.webhooks,
                new Webhooks.Stores(storage.webhooks(), storage.feeds(), storage.leases()),
                threads.one("webhook-lease"),
                builder.telemetry);
        this.notifier = webhooks.listeningTo(builder.notifier);
        this.presence = builder.presence;
        this.maxBody = builder.maxBody;
        var mail = threads.some(MAIL_SENDERS, "mail", MAIL_WAITING);
        var signalReaders = threads.some(SIGNAL_READERS, "signal-reader");
        this.retaining = threads.one("retention");
        var passwordRules = new PasswordRules(builder.commonPasswords);
        this.accounts = new Accounts(storage.users(), passwordRules, builder.passwordHasher, builder.clock);
        this.blocks = new Blocks(storage.users(), storage.blocks(), storage.feeds(), notifier, builder.clock);
        this.sessions = new Sessions(
                storage.users(),
                storage.sessions(),
                notifier,
                builder.passwordHasher,
                builder.clock,
                builder.sessionLimits);
        var proof = new PasswordProof(storage.users(), sessions, builder.passwordHasher);
        this.changePassword = new ChangePassword(
                storage.resets(), proof, sessions, passwordRules, builder.passwordHasher, builder.clock);
        this.passwordReset = new PasswordReset(
                storage.users(),
                storage.resets(),
                sessions,
                passwordRules,
                builder.passwordHasher,
                builder.clock,
                new PasswordReset.Post(builder.mailer, builder.resetPage, mail));
        this.erasures = new Erasures(
                storage.accounts(),
                notifier,
                presence,
                builder.clock,
                threads.one("erasure"),
                threads.one("erasure-presence"));
        this.eraseAccount = new EraseAccount(proof, erasures);
        this.changeEmail = new ChangeEmail(storage.users(), builder.mailer, mail);
        this.exportAccount = new ExportAccount(storage.users(), sessions, storage.blocks(), storage.messages());
        this.administration =
                new Administration(storage.users(), storage.accounts(), erasures, notifier, builder.clock);
        this.messages = new ReadMessages(storage.messages(), storage.conversations());
        this.feeds = new Feeds(
                storage.feeds(),
                notifier,
                threads.some(FEED_READERS, "feed-reader"),
                threads.one("feed-heartbeat"),
                builder.heartbeat,
                builder.telemetry);
        this.watches = new Watches(
                presence,
                storage.blocks(),
                storage.conversations(),
                storage.feeds(),
                signalReaders,
                threads.one("presence-watch"),
                Watches.ROUND);
        this.writes =
                new WriteQueue(storage.messages(), notifier, builder.clock, builder.groupCommit, builder.telemetry);
        this.sendMessage = new SendMessage(
                storage.users(), storage.messages(), storage.ids(), builder.policy, builder.maxBody, writes);
        this.changeMessage = new ChangeMessage(storage.messages(), builder.policy, writes);
        this.markConversation = new MarkConversation(storage.users(), writes);
        this.retention = new Retention(
                storage.retention(),
                storage.leases(),
                new RetireMessages(writes),
                builder.retention,
                builder.clock,
                builder.telemetry,
                retaining);
        this.searchIndexer =
                new SearchIndexer(storage.search(), writes::written, builder.telemetry, threads.one("search-index"));
        this.search = new SearchMessages(storage.search(), searchIndexer::soon);
        this.sendTyping = new SendTyping(storage.users(), storage.blocks(), builder.policy, notifier, signalReaders);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Opens accounts, finds people. */
    public Accounts accounts() {
        return accounts;
    }

    /** Lets people block each other. */
    public Blocks blocks() {
        return blocks;
    }

    /** Signs people in and out. */
    public Sessions sessions() {
        return sessions;
    }

    /** Changes passwords. */
    public ChangePassword changePassword() {
        return changePassword;
    }

    /** Lets people who forgot their password choose another. */
    public PasswordReset passwordReset() {
        return passwordReset;
    }

    /** Lets people set, change and clear their e-mail address. */
    public ChangeEmail changeEmail() {
        return changeEmail;
    }

    /** Lets people erase their account. */
    public EraseAccount eraseAccount() {
        return eraseAccount;
    }

    /** Lets people take along what is theirs. */
    public ExportAccount exportAccount() {
        return exportAccount;
    }

    /** What administrators do to accounts. */
    public Administration administration() {
        return administration;
    }

    /** Sends messages, with all that can be said about one. */
    public SendMessage sendMessage() {
        return sendMessage;
    }

    /** Edits and unsends messages. */
    public ChangeMessage changeMessage() {
        return changeMessage;
    }

    /** Marks what was read and delivered. */
    public MarkConversation markConversation() {
        return markConversation;
    }

    /** Tells people that somebody is writing to them. */
    public SendTyping sendTyping() {
        return sendTyping;
    }

    /** The queue in which all of these wait for their commit. */
    public WriteQueue writes() {
        return writes;
    }

    /** Sends a text; the shortest way. See {@link SendMessage#send}. */
    public CompletableFuture<SendMessage.Sent> send(Person sender, String recipient, String text) {
        try {
            return sendMessage.send(
                    new SendMessage.Command(sender, recipient, new MessageBody(text), Optional.empty()));
        } catch (ChatException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * A message's text, within the limit that this message center was built with.
     *
     * @throws ChatException {@code INVALID}
     */
    public MessageBody body(String text) {
        return MessageBody.of(text, maxBody);
    }

    /** Reads messages. */
    public ReadMessages messages() {
        return messages;
    }

    /** Searches messages. */
    public SearchMessages search() {
        return search;
    }

    /** What makes searches fast, and how far behind it is. */
    public SearchIndexer searchIndexer() {
        return searchIndexer;
    }

    /** Reads and follows feeds. */
    public Feeds feeds() {
        return feeds;
    }

    /** Who else is told what happens. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** Who is connected. */
    public Presence presence() {
        return presence;
    }

    /** Keeps connections told of who is. */
    public Watches watches() {
        return watches;
    }

    /**
     * Asks the storage whether it is there.
     *
     * @throws ChatException {@code UNAVAILABLE} if it does not answer
     */
    public void check() {
        storage.check();
    }

    /** Stores and tells what was accepted, ends its threads, and closes what it was built with. */
    @Override
    public void close() {
        retention.close();
        Threads.end(retaining, LAST_WORK); // it writes
        writes.close();
        feeds.close();
        watches.close();
        erasures.close();
        searchIndexer.close();
        webhooks.close();
        threads.end(LAST_WORK);
        presence.close();
        notifier.close();
        storage.close();
    }

    /** Puts a message center together. What is not said is in memory, or as the service has it by default. */
    public static final class Builder {
        private Storage storage = new InMemoryStorage();
        private Notifier notifier = new InMemoryNotifier();
        private Presence presence = new InMemoryPresence();
        private MessagePolicy policy = MessagePolicy.OPEN;
        private PasswordHasher passwordHasher = new Pbkdf2PasswordHasher();
        private CommonPasswords commonPasswords = CommonPasswords.NONE;
        private Mailer mailer = new InMemoryMailer();
        private URI resetPage = URI.create("http://127.0.0.1:8080/");
        private Clock clock = Clock.systemUTC();
        private Telemetry telemetry = Telemetry.NONE;
        private GroupCommit.Limits groupCommit = GroupCommit.Limits.DEFAULT;
        private int maxBody = 10_000;
        private Duration heartbeat = Duration.ofSeconds(10);
        private Sessions.Limits sessionLimits = Sessions.Limits.DEFAULT;
        private Retention.Limits retention = Retention.Limits.DEFAULT;
        private final List<Webhook> webhooks = new ArrayList<>();

        private Builder() {}

        /** Where everything is kept; closed with the message center. */
        public Builder storage(Storage value) {
            storage = value;
            return this;
        }

        /** What carries hints between nodes; closed with the message center. */
        public Builder notifier(Notifier value) {
            notifier = value;
            return this;
        }

        /** What knows who is connected; closed with the message center. */
        public Builder presence(Presence value) {
            presence = value;
            return this;
        }

        /** Who may write to whom; everyone to everyone by default. */
        public Builder policy(MessagePolicy value) {
            policy = value;
            return this;
        }

        /** PBKDF2 by default, which the JDK has. */
        public Builder passwordHasher(PasswordHasher value) {
            passwordHasher = value;
            return this;
        }

        /** Which passwords nobody may choose; none by default, but those that are too short. */
        public Builder commonPasswords(CommonPasswords value) {
            commonPasswords = value;
            return this;
        }

        /** What sends mail; by default it is kept, for tests to read. */
        public Builder mailer(Mailer value) {
            mailer = value;
            return this;
        }

        /**
         * The page where a new password is chosen, as browsers reach it. A link to it ends in
         * {@code #password-reset=TOKEN}.
         */
        public Builder resetPage(URI value) {
            resetPage = value;
            return this;
        }

        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        public Builder telemetry(Telemetry value) {
            telemetry = value;
            return this;
        }

        /** How many messages go into one transaction, and how many may wait for theirs. */
        public Builder groupCommit(GroupCommit.Limits value) {
            groupCommit = value;
            return this;
        }

        /** How long a message may be: 1 to {@link MessageBody#MAX_CODE_POINTS} code points; 10,000 by default. */
        public Builder maxBody(int codePoints) {
            if (codePoints < 1 || codePoints > MessageBody.MAX_CODE_POINTS) {
                throw new IllegalArgumentException("A body has 1 to " + MessageBody.MAX_CODE_POINTS + " code points");
            }
            maxBody = codePoints;
            return this;
        }

        /** How often feeds are compared with the store, in case hints were lost; 10 seconds by default. */
        public Builder heartbeat(Duration value) {
            heartbeat = value;
            return this;
        }

        /** How long sessions last. */
        public Builder sessionLimits(Sessions.Limits value) {
            sessionLimits = value;
            return this;
        }

        /** How long entries of feeds, and messages, are kept; 30 days and for ever by default. */
        public Builder retention(Retention.Limits value) {
            retention = value;
            return this;
        }

        /**
         * Tells one more of what happens, at least once; see {@link Webhooks}. Who is new is told what happens from now on.
         *
         * @throws IllegalArgumentException if there is one of that name already
         */
        public Builder webhook(Webhook value) {
            if (webhooks.stream().anyMatch(other -> other.name().equals(value.name()))) {
                throw new IllegalArgumentException("There are two webhooks of the name " + value.name());
            }
            webhooks.add(value);
            return this;
        }

        public MessageCenter build() {
            return new MessageCenter(this);
        }
    }
}

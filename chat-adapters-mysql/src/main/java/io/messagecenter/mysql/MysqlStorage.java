package io.messagecenter.mysql;

import io.messagecenter.domain.account.AccountStore;
import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.lease.LeaseStore;
import io.messagecenter.domain.message.IdAllocator;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.password.ResetStore;
import io.messagecenter.domain.retention.RetentionStore;
import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.telemetry.Telemetry;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.webhook.WebhookStore;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Keeps everything in MySQL or MariaDB, or in H2 in its MySQL mode: which of them, the connections tell. Any number of
 * nodes may share a MySQL; an H2 belongs to one process. Give it a pool whose URL went through {@link JdbcUrl}.
 *
 * <p>All tables are named {@code chat_…} and may stand among an application's own. Thread-safe.
 */
public final class MysqlStorage implements Storage {
    /** The Liquibase changelog of the schema, on the class path. */
    public static final String CHANGELOG = "io/messagecenter/mysql/changelog.xml";

    private static final int MESSAGE_IDS = 1_000;
    private static final int SEARCH_BLOCK = 1_024;

    private final Database database;
    private final Migration migration;
    private final Optional<AutoCloseable> closing;
    private final UserStore users;
    private final AccountStore accounts;
    private final SessionStore sessions;
    private final BlockStore blocks;
    private final ResetStore resets;
    private final MessageStore messages;
    private final ConversationStore conversations;
    private final FeedStore feeds;
    private final SearchIndex search;
    private final IdAllocator ids;
    private final LeaseStore leases;
    private final RetentionStore retention;
    private final WebhookStore webhooks;

    private MysqlStorage(Builder builder) {
        this.database = new Database(builder.dataSource, builder.telemetry);
        this.migration = new Migration(CHANGELOG, builder.migrationPatience);
        this.closing = builder.closing;
        this.users = new MysqlUserStore(database);
        this.accounts = new MysqlAccountStore(database);
        this.sessions = new MysqlSessionStore(database);
        this.blocks = new MysqlBlockStore(database);
        this.resets = new MysqlResetStore(database);
        this.messages = new MysqlMessageStore(database);
        this.conversations = new MysqlConversationStore(database);
        this.feeds = new MysqlFeedStore(database);
        this.search = new MysqlSearchIndex(database, builder.searchBlock);
        var messageIds = new BlockIds(database, "message", MESSAGE_IDS);
        this.ids = () -> new MessageId(messageIds.next());
        this.leases = new MysqlLeaseStore(database);
        this.retention = new MysqlRetentionStore(database);
        this.webhooks = new MysqlWebhookStore(database);
    }

    /** A storage on a pool that stays the caller's. Does no I/O. */
    public static MysqlStorage of(DataSource dataSource) {
        return builder(dataSource).build();
    }

    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Brings the schema up to date, from nothing or from any release before. Nodes that start at the same time wait for
     * each other. What a process that was killed left half done, the next one goes on with.
     *
     * @throws ChatException {@code UNAVAILABLE} if the database does not answer
     * @throws RuntimeException otherwise if a change fails
     */
    public void migrate() {
        database.exclusively(migration::run);
    }

    Database database() {
        return database;
    }

    @Override
    public UserStore users() {
        return users;
    }

    @Override
    public AccountStore accounts() {
        return accounts;
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
        return conversations;
    }

    @Override
    public FeedStore feeds() {
        return feeds;
    }

    @Override
    public SearchIndex search() {
        return search;
    }

    @Override
    public IdAllocator ids() {
        return ids;
    }

    @Override
    public LeaseStore leases() {
        return leases;
    }

    @Override
    public RetentionStore retention() {
        return retention;
    }

    @Override
    public WebhookStore webhooks() {
        return webhooks;
    }

    /** Reads one row of its own, so that a database without its tables does not pass either. */
    @Override
    public void check() {
        database.check();
    }

    /** Closes what the builder was told to close, and nothing otherwise: a pool is its maker's. */
    @Override
    public void close() {
        if (closing.isPresent()) {
            try {
                closing.get().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("The pool cannot be closed", e);
            }
        }
    }

    /** Puts a storage together. */
    public static final class Builder {
        private final DataSource dataSource;
        private Telemetry telemetry = Telemetry.NONE;
        private Optional<AutoCloseable> closing = Optional.empty();
        private Duration migrationPatience = Duration.ofMinutes(5);
        private int searchBlock = SEARCH_BLOCK;

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** Hears of batches that are tried again; nobody does by default. */
        public Builder telemetry(Telemetry value) {
            telemetry = value;
            return this;
        }

        /** What to close with the storage, say {@code pool::close}; nothing by default. */
        public Builder closing(AutoCloseable value) {
            closing = Optional.of(value);
            return this;
        }

        /**
         * For how long {@link MysqlStorage#migrate} respects Liquibase's lock while nothing about it changes, before it
         * takes it to be left behind by another tool that was killed; 5 minutes by default. What a node left behind is
         * known at once.
         */
        public Builder migrationPatience(Duration value) {
            migrationPatience = value;
            return this;
        }

        /** How many messages are indexed for search at a time; the same for ever, on all nodes, so only tests choose. */
        Builder searchBlock(int value) {
            searchBlock = value;
            return this;
        }

        public MysqlStorage build() {
            return new MysqlStorage(this);
        }
    }
}

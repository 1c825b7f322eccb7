package io.messagecenter.domain.memory;

import io.messagecenter.domain.account.AccountStore;
import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.conversation.ConversationStore;
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
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.webhook.WebhookStore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps everything in memory, and nothing once it is gone. Several message centers may share one, as nodes share a
 * database. Thread-safe: one lock, so every method is one atomic step.
 */
public final class InMemoryStorage implements Storage {
    private final Tables tables = new Tables();
    private final UserTable users = new UserTable(tables);
    private final SessionTable sessions = new SessionTable(tables);
    private final AccountTable accounts = new AccountTable(tables, sessions);
    private final BlockTable blocks = new BlockTable(tables);
    private final ResetTable resets = new ResetTable(tables, sessions);
    private final MessageTable messages = new MessageTable(tables);
    private final LeaseTable leases = new LeaseTable(tables);
    private final RetentionTable retention = new RetentionTable(tables);
    private final SearchTable search;
    private final WebhookTable webhooks = new WebhookTable(tables, leases);
    private final AtomicLong lastId = new AtomicLong();
    private final IdAllocator ids = () -> new MessageId(lastId.incrementAndGet());

    public InMemoryStorage() {
        this(SearchTable.BLOCK);
    }

    /** @param searchBlock how many messages are indexed for search at a time */
    InMemoryStorage(int searchBlock) {
        this.search = new SearchTable(tables, searchBlock);
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
        return messages;
    }

    @Override
    public FeedStore feeds() {
        return messages;
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

    @Override
    public void check() {
        // Memory is always there.
    }

    @Override
    public void close() {
        // Nothing is held that the garbage collector does not know.
    }
}

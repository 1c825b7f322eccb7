package io.messagecenter.domain.contract;

import io.messagecenter.domain.account.AccountStore;
import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.lease.LeaseStore;
import io.messagecenter.domain.message.First;
import io.messagecenter.domain.message.IdAllocator;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.message.SenderKey;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.password.ResetStore;
import io.messagecenter.domain.retention.RetentionStore;
import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.webhook.WebhookStore;
import java.util.List;
import java.util.Optional;

/** A storage on another one, for tests that change how one of its stores behaves: it stands in for the messages. */
public class ForwardingStorage implements Storage, MessageStore {
    private final Storage storage;

    protected ForwardingStorage(Storage storage) {
        this.storage = storage;
    }

    @Override
    public List<WriteResult> write(List<? extends Write> batch) {
        return storage.messages().write(batch);
    }

    @Override
    public Optional<Message> find(UserId reader, MessageId id) {
        return storage.messages().find(reader, id);
    }

    @Override
    public Optional<First> first(SenderKey key) {
        return storage.messages().first(key);
    }

    @Override
    public MailboxSeq lastInMailbox(UserId user) {
        return storage.messages().lastInMailbox(user);
    }

    @Override
    public List<Message> mailbox(UserId user, MailboxSeq from, MailboxSeq to) {
        return storage.messages().mailbox(user, from, to);
    }

    @Override
    public UserStore users() {
        return storage.users();
    }

    @Override
    public AccountStore accounts() {
        return storage.accounts();
    }

    @Override
    public SessionStore sessions() {
        return storage.sessions();
    }

    @Override
    public BlockStore blocks() {
        return storage.blocks();
    }

    @Override
    public ResetStore resets() {
        return storage.resets();
    }

    @Override
    public MessageStore messages() {
        return this;
    }

    @Override
    public ConversationStore conversations() {
        return storage.conversations();
    }

    @Override
    public FeedStore feeds() {
        return storage.feeds();
    }

    @Override
    public SearchIndex search() {
        return storage.search();
    }

    @Override
    public IdAllocator ids() {
        return storage.ids();
    }

    @Override
    public LeaseStore leases() {
        return storage.leases();
    }

    @Override
    public RetentionStore retention() {
        return storage.retention();
    }

    @Override
    public WebhookStore webhooks() {
        return storage.webhooks();
    }

    @Override
    public void check() {
        storage.check();
    }

    @Override
    public void close() {
        storage.close();
    }
}

package io.messagecenter.domain.storage;

import io.messagecenter.domain.account.AccountStore;
import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.conversation.ConversationStore;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.lease.LeaseStore;
import io.messagecenter.domain.message.IdAllocator;
import io.messagecenter.domain.message.MessageStore;
import io.messagecenter.domain.password.ResetStore;
import io.messagecenter.domain.retention.RetentionStore;
import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.webhook.WebhookStore;

/**
 * The stores of one database, which see each other's writes. Building one does no I/O; each accessor answers the same
 * store every time. Thread-safe.
 */
public interface Storage extends AutoCloseable {
    UserStore users();

    AccountStore accounts();

    SessionStore sessions();

    BlockStore blocks();

    ResetStore resets();

    MessageStore messages();

    ConversationStore conversations();

    FeedStore feeds();

    SearchIndex search();

    IdAllocator ids();

    LeaseStore leases();

    RetentionStore retention();

    WebhookStore webhooks();

    /**
     * Asks the database for a sign of life.
     *
     * @throws io.messagecenter.domain.error.ChatException {@code UNAVAILABLE} if there is none
     */
    void check();

    @Override
    void close();
}

package io.messagecenter.domain.memory;

import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.retention.RetentionStore;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

final class RetentionTable implements RetentionStore {
    private final Tables tables;

    RetentionTable(Tables tables) {
        this.tables = tables;
    }

    @Override
    public Stretch<UserId> oldFeeds(Optional<UserId> after, Instant before, int limit) {
        synchronized (tables.lock) {
            return stretch(tables.accountsById.keySet(), after, limit, owner -> {
                var account = tables.accountsById.get(owner);
                return account != null
                        && account.feed
                                .oldest()
                                .filter(at -> at.isBefore(before))
                                .isPresent();
            });
        }
    }

    @Override
    public int prune(UserId owner, Instant before, int limit) {
        synchronized (tables.lock) {
            var account = tables.accountsById.get(owner);
            return account == null ? 0 : account.feed.prune(before, limit);
        }
    }

    @Override
    public Stretch<ConversationKey> oldConversations(Optional<ConversationKey> after, Instant before, int limit) {
        synchronized (tables.lock) {
            return stretch(tables.conversations.keySet(), after, limit, key -> old(key, before)
                    .findFirst()
                    .isPresent());
        }
    }

    private static <K extends Comparable<K>> Stretch<K> stretch(
            Collection<K> all, Optional<K> after, int limit, Predicate<K> due) {
        var next = all.stream()
                .filter(key -> after.isEmpty() || key.compareTo(after.get()) > 0)
                .sorted()
                .limit(limit)
                .toList();
        return new Stretch<>(next.stream().filter(due).toList(), next.stream().reduce((one, later) -> later));
    }

    @Override
    public List<Message> expired(ConversationKey conversation, Instant before, int limit) {
        synchronized (tables.lock) {
            return old(conversation, before).limit(limit).toList();
        }
    }

    private Stream<Message> old(ConversationKey conversation, Instant before) {
        return tables.conversations.getOrDefault(conversation, List.of()).stream()
                .skip(tables.retired.getOrDefault(conversation, MessageSeq.ZERO).value())
                .map(tables::message)
                .takeWhile(message -> message.sent().isBefore(before));
    }

    @Override
    public void done(ConversationKey conversation, MessageSeq upto) {
        synchronized (tables.lock) {
            tables.retired.merge(conversation, upto, (one, other) -> one.compareTo(other) > 0 ? one : other);
        }
    }
}

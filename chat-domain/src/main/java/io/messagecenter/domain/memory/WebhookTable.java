package io.messagecenter.domain.memory;

import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.memory.Tables.Account;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.webhook.WebhookName;
import io.messagecenter.domain.webhook.WebhookStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

final class WebhookTable implements WebhookStore {
    private final Tables tables;
    private final LeaseTable leases;

    WebhookTable(Tables tables, LeaseTable leases) {
        this.tables = tables;
        this.leases = leases;
    }

    @Override
    public void begin(WebhookName webhook) {
        synchronized (tables.lock) {
            var unused = tables.webhooks.computeIfAbsent(webhook, name -> {
                var places = new HashMap<UserId, FeedSeq>();
                tables.accountsById.forEach(
                        (user, account) -> places.put(user, account.head().feed()));
                return places;
            });
        }
    }

    @Override
    public List<Behind> behind(WebhookName webhook, Collection<UserId> users) {
        synchronized (tables.lock) {
            var places = places(webhook);
            return users.stream()
                    .distinct()
                    .flatMap(user -> Optional.ofNullable(tables.accountsById.get(user)).stream())
                    .flatMap(account -> behind(account, places).stream())
                    .toList();
        }
    }

    @Override
    public Found behind(WebhookName webhook, Optional<UserId> after, int users) {
        synchronized (tables.lock) {
            var some = tables.accountsById.keySet().stream()
                    .filter(user -> after.isEmpty() || user.compareTo(after.get()) > 0)
                    .sorted()
                    .limit(users)
                    .toList();
            return new Found(
                    behind(webhook, some),
                    some.size() < users ? Optional.empty() : Optional.of(some.get(some.size() - 1)));
        }
    }

    private Map<UserId, FeedSeq> places(WebhookName webhook) {
        return Objects.requireNonNull(tables.webhooks.get(webhook), () -> "It has not begun: " + webhook);
    }

    private static Optional<Behind> behind(Account account, Map<UserId, FeedSeq> places) {
        var person = account.user.person();
        var taken = places.getOrDefault(person.id(), FeedSeq.ZERO);
        var head = account.head().feed();
        return head.compareTo(taken) > 0
                ? Optional.of(new Behind(person, taken, account.feed.pruned(), head))
                : Optional.empty();
    }

    @Override
    public boolean advance(WebhookName webhook, LeaseHolder holder, Map<UserId, FeedSeq> places) {
        synchronized (tables.lock) {
            if (!leases.isHeld(webhook.lease(), holder)) {
                return false;
            }
            var now = places(webhook);
            places.forEach((user, place) -> {
                if (tables.accountsById.containsKey(user)) {
                    now.merge(user, place, (before, after) -> after.compareTo(before) > 0 ? after : before);
                }
            });
            return true;
        }
    }
}

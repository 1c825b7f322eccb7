package io.messagecenter.domain.memory;

import io.messagecenter.domain.memory.Tables.Account;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Memory is its own index: what was edited is known at once. It only keeps count of how far it has come. */
final class SearchTable implements SearchIndex {
    static final int BLOCK = 1_024;

    /** So many characters are compared in the time in which a database reads an entry of an index. */
    private static final int ENTRY = 32;

    private final Tables tables;
    private final int block;

    SearchTable(Tables tables, int block) {
        this.tables = tables;
        this.block = block;
    }

    private Optional<Account> account(UserId user) {
        return Optional.ofNullable(tables.accountsById.get(user));
    }

    @Override
    public Reach reach(UserId user) {
        synchronized (tables.lock) {
            return account(user)
                    .map(account ->
                            new Reach(account.head().mailbox(), new MailboxSeq(account.indexed), List.<MailboxSeq>of()))
                    .orElse(new Reach(MailboxSeq.ZERO, MailboxSeq.ZERO, List.of()));
        }
    }

    @Override
    public Hits find(UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int entries) {
        synchronized (tables.lock) {
            var mailbox = account(user).map(account -> account.mailbox).orElse(List.of());
            int indexed = account(user).map(account -> account.indexed).orElse(0);
            var conversation = peer.map(one -> ConversationKey.of(user, one));
            var found = new ArrayList<MailboxSeq>();
            int looked = 0;
            for (long place = Math.min(before.value() - 1, indexed); place > 0; place--) {
                var message = tables.message(mailbox.get((int) place - 1));
                looked += 1 + message.text().length() / ENTRY;
                boolean hit =
                        conversation.map(message.conversation()::equals).orElse(true) && query.matches(message.text());
                if (hit || looked >= entries) {
                    found.add(new MailboxSeq(place));
                }
                if (found.size() == limit || looked >= entries) {
                    return new Hits(found, new MailboxSeq(place), looked);
                }
            }
            return new Hits(found, new MailboxSeq(1), looked);
        }
    }

    @Override
    public SortedSet<MailboxSeq> latest(UserId user, SortedSet<MailboxSeq> places, int characters) {
        var latest = new TreeSet<>(places);
        long found = 0;
        for (var message : read(user, places).descendingMap().entrySet()) {
            found += message.getValue().text().length();
            if (found >= characters) {
                return latest.tailSet(message.getKey(), true);
            }
        }
        return latest;
    }

    @Override
    public NavigableMap<MailboxSeq, Message> read(UserId user, SortedSet<MailboxSeq> places) {
        synchronized (tables.lock) {
            var mailbox = account(user).map(account -> account.mailbox).orElse(List.of());
            var messages = new TreeMap<MailboxSeq, Message>();
            for (var place : places) {
                if (place.value() > 0 && place.value() <= mailbox.size()) {
                    messages.put(place, tables.message(mailbox.get((int) place.value() - 1)));
                }
            }
            return messages;
        }
    }

    @Override
    public Optional<MailboxSeq> place(UserId user, MessageId id) {
        synchronized (tables.lock) {
            return account(user)
                    .map(account -> account.mailbox.indexOf(id) + 1)
                    .filter(place -> place > 0)
                    .map(MailboxSeq::new);
        }
    }

    @Override
    public boolean advance(UserId user) {
        synchronized (tables.lock) {
            int full = account(user).map(this::full).orElse(0);
            account(user).ifPresent(account -> account.indexed += full);
            return full > 0;
        }
    }

    /** How many messages make the next stretch full; 0 if all that there are do not. */
    private int full(Account account) {
        long characters = 0;
        for (int i = account.indexed; i < account.mailbox.size(); i++) {
            characters += tables.message(account.mailbox.get(i)).text().length();
            int count = i + 1 - account.indexed;
            if (count == block || characters >= FULL) {
                return count;
            }
        }
        return 0;
    }

    private boolean isBehind(Account account) {
        return account.mailbox.size() - account.indexed >= block;
    }

    @Override
    public Behind behind(Optional<UserId> after, int range) {
        synchronized (tables.lock) {
            var users = tables.accountsById.keySet().stream()
                    .filter(user -> after.map(last -> user.compareTo(last) > 0).orElse(true))
                    .sorted(Comparator.naturalOrder())
                    .limit(range)
                    .toList();
            var next = Optional.of(users).filter(all -> all.size() == range).map(all -> all.get(range - 1));
            return new Behind(
                    users.stream()
                            .filter(user -> account(user).filter(this::isBehind).isPresent())
                            .toList(),
                    next);
        }
    }
}

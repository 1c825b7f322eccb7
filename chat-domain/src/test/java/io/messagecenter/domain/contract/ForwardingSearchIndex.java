package io.messagecenter.domain.contract;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.search.SearchIndex;
import io.messagecenter.domain.search.SearchQuery;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.UserId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** An index that passes everything on to another, but for what a test does otherwise. */
public class ForwardingSearchIndex implements SearchIndex {
    private final SearchIndex index;

    public ForwardingSearchIndex(SearchIndex index) {
        this.index = index;
    }

    @Override
    public Reach reach(UserId user) {
        return index.reach(user);
    }

    @Override
    public Hits find(UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int entries) {
        return index.find(user, query, peer, before, limit, entries);
    }

    @Override
    public SortedSet<MailboxSeq> latest(UserId user, SortedSet<MailboxSeq> places, int characters) {
        return index.latest(user, places, characters);
    }

    @Override
    public SortedMap<MailboxSeq, Message> read(UserId user, SortedSet<MailboxSeq> places) {
        return index.read(user, places);
    }

    @Override
    public Optional<MailboxSeq> place(UserId user, MessageId id) {
        return index.place(user, id);
    }

    @Override
    public boolean advance(UserId user) {
        return index.advance(user);
    }

    @Override
    public Behind behind(Optional<UserId> after, int range) {
        return index.behind(after, range);
    }
}

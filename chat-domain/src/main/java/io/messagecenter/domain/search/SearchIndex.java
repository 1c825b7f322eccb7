package io.messagecenter.domain.search;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.UserId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Knows where in somebody's mailbox words may be. It is fed from behind, a stretch of a mailbox at a time, and says how
 * far it has come; what it finds has to be compared with the message as it is now. Every method is one atomic step, an
 * outage throws {@link io.messagecenter.domain.error.ChatException}. Thread-safe, and safe against other nodes.
 */
public interface SearchIndex {
    /**
     * How far a mailbox goes, and how much of it is indexed.
     *
     * @param last the place of the latest message
     * @param indexed up to this place the index knows the words of every message, save for those that were
     * @param edited since: what it knows of these is from before; {@link #MOST_EDITED} at most
     */
    record Reach(MailboxSeq last, MailboxSeq indexed, List<MailboxSeq> edited) {}

    /** How many places a reach names at most. */
    int MOST_EDITED = 1_024;

    /**
     * With so many characters a stretch of a mailbox is full, however few messages they are: so neither what is not indexed
     * nor a step of the index is larger by more than a message.
     */
    int FULL = 1 << 16;

    Reach reach(UserId user);

    /**
     * What an index found.
     *
     * @param places the latest first
     * @param from all places from here on are searched, and one of those found is here; or the first, if all are
     * @param entries how many entries of the index were looked at for that
     */
    record Hits(List<MailboxSeq> places, MailboxSeq from, int entries) {}

    /**
     * The latest places, up to where it is indexed, of which the index does not know that the message there does not
     * match. It looks at so much and then says how far it has come, with one place more, where a message is, to go on from.
     *
     * @param peer whom it was said to or by, if that matters
     * @param before only places before this one
     * @param limit 1 or more; fewer are answered only where there are no more,
     * @param entries or where it has looked at so many entries, 1 or more, and at the rest of a stretch. An entry is as much
     *     work as it is to read one row of many
     */
    Hits find(UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit, int entries);

    /**
     * The latest of some places: all, or as many as it takes until their messages have so many characters together.
     *
     * @param places at least one
     */
    SortedSet<MailboxSeq> latest(UserId user, SortedSet<MailboxSeq> places, int characters);

    /** The messages at places of a mailbox, as they are now. Places that are not there are left out. */
    SortedMap<MailboxSeq, Message> read(UserId user, SortedSet<MailboxSeq> places);

    /** Where in a mailbox a message is; empty also for one that the user may not read. */
    Optional<MailboxSeq> place(UserId user, MessageId id);

    /**
     * Brings one more stretch of a mailbox into the index: a full one that is not there, or one of which something was
     * edited or deleted since. Nothing is left of the words that were there before. Takes some hundredths of a second, or
     * tenths for long messages.
     *
     * @return false if there was nothing to do
     */
    boolean advance(UserId user);

    /**
     * Looks at a range of users, in the order of their ids, for those whose mailboxes {@link #advance} has work in; not for
     * those where only the length of some messages makes a stretch full, as that takes a look at these.
     *
     * @param after the last user of the range before; empty to begin
     * @param range of how many users the range is, 1 or more
     */
    Behind behind(Optional<UserId> after, int range);

    /**
     * A look at a range of users.
     *
     * @param users those of them whose index is behind
     * @param next the last user of the range; empty once there was no full range left
     */
    record Behind(List<UserId> users, Optional<UserId> next) {}
}

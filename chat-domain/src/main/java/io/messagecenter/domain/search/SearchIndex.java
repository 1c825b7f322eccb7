package io.messagecenter.domain.search;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

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

    Reach reach(UserId user);

    /**
     * The latest places, up to where it is indexed, of which the index does not know that the message there does not
     * match; latest first.
     *
     * @param peer whom it was said to or by, if that matters
     * @param before only places before this one
     * @param limit 1 or more; fewer are answered only where there are no more
     */
    List<MailboxSeq> find(UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit);

    /** The messages at places of a mailbox, as they are now. Places that are not there are left out. */
    SortedMap<MailboxSeq, Message> read(UserId user, Collection<MailboxSeq> places);

    /** Where in a mailbox a message is; empty also for one that the user may not read. */
    Optional<MailboxSeq> place(UserId user, MessageId id);

    /**
     * Brings one more stretch of a mailbox into the index: one that is not there, or of which something was edited or
     * deleted since. Nothing is left of the words that were there before. Takes some hundredths of a second.
     *
     * @return false if there was nothing to do
     */
    boolean advance(UserId user);

    /**
     * Looks at a range of users, in the order of their ids, for those whose mailboxes {@link #advance} has work in.
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

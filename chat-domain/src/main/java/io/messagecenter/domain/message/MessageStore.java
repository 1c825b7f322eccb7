package io.messagecenter.domain.message;

import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.UserId;
import java.util.List;
import java.util.Optional;

/**
 * Keeps messages. Every method is one atomic step. An outage throws
 * {@link io.messagecenter.domain.error.ChatException} with {@code UNAVAILABLE}; whether {@link #write} took effect is
 * then unknown. Thread-safe, and safe against other nodes on the same store.
 */
public interface MessageStore {
    /**
     * Writes a batch, whole or not at all, durably before it returns.
     *
     * <p>It follows {@link WritePlan}: each message gets the next place in its conversation, in both mailboxes and in
     * both feeds; whatever is changed, the feeds of both say so. A sender's key that was used before, in this batch or
     * ever, appends nothing. What is written becomes visible to readers at one moment, and feed places become visible in
     * their order.
     *
     * @return what became of each write, in the order of the batch
     * @throws RuntimeException other than an outage if something of the batch cannot be stored; then nothing was
     */
    List<WriteResult> write(List<? extends Write> batch);

    /** A message that the reader has sent or received. */
    Optional<Message> find(UserId reader, MessageId id);

    /** The message that came of a key. */
    Optional<First> first(SenderKey key);

    /** How many messages the user has sent or received: the place of the latest in their mailbox. */
    MailboxSeq lastInMailbox(UserId user);

    /** What the user has sent and received at places {@code from} to {@code to}, both included, latest first. */
    List<Message> mailbox(UserId user, MailboxSeq from, MailboxSeq to);
}

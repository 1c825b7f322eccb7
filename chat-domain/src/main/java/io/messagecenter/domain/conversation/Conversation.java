package io.messagecenter.domain.conversation;

import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;

/**
 * A conversation, as one of the two sees it.
 *
 * @param peer whom they talk to; themselves, where they keep notes
 * @param latest the place of its last message in their mailbox, by which conversations are ordered
 * @param unread how many messages to them above {@code read} are not deleted
 * @param read how far they have read
 * @param peerRead how far the other one has read, as far as they may know
 * @param peerDelivered how far it has been delivered to the other one, read or not
 * @param blocked whether they block the other one
 */
public record Conversation(
        Person peer,
        MailboxSeq latest,
        Message last,
        long unread,
        MessageSeq read,
        MessageSeq peerRead,
        MessageSeq peerDelivered,
        boolean blocked) {}

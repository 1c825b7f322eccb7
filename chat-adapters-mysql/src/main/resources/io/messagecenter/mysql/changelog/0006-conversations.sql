--liquibase formatted sql

--changeset message-center:message-original
-- SHA-256 of the body with which a message was sent, once it says something else: a repeat of the send is known by it.
ALTER TABLE chat_message ADD COLUMN sent_digest BINARY(32);
--rollback ALTER TABLE chat_message DROP COLUMN sent_digest;

--changeset message-center:conversation-sides
-- How a conversation is for the user of the lower id, and for the other one: the place of its last message in their
-- mailbox, by which their conversations are ordered; how far they have read; how far the other one knows that they have
-- read, and that it has been delivered to them; how many messages are unread. In the row that an append writes anyway.
ALTER TABLE chat_conversation ADD COLUMN low_latest BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN low_read BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN low_shown BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN low_delivered BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN low_unread BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN high_latest BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN high_read BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN high_shown BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN high_delivered BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_conversation ADD COLUMN high_unread BIGINT DEFAULT 0 NOT NULL;
-- What was said before there were marks counts as read, by both.
UPDATE chat_conversation SET
  low_latest = (SELECT CASE WHEN m.sender_id = user_low THEN m.sender_mailbox ELSE m.recipient_mailbox END
    FROM chat_message m WHERE m.conversation_id = chat_conversation.id AND m.seq = last_seq),
  high_latest = (SELECT CASE WHEN m.sender_id = user_high THEN m.sender_mailbox ELSE m.recipient_mailbox END
    FROM chat_message m WHERE m.conversation_id = chat_conversation.id AND m.seq = last_seq),
  low_read = last_seq, low_shown = last_seq, low_delivered = last_seq,
  high_read = last_seq, high_shown = last_seq, high_delivered = last_seq;
CREATE INDEX chat_conversation_low ON chat_conversation (user_low, low_latest);
CREATE INDEX chat_conversation_high ON chat_conversation (user_high, high_latest);
--rollback DROP INDEX chat_conversation_high ON chat_conversation;
--rollback DROP INDEX chat_conversation_low ON chat_conversation;
--rollback ALTER TABLE chat_conversation DROP COLUMN high_unread;
--rollback ALTER TABLE chat_conversation DROP COLUMN high_delivered;
--rollback ALTER TABLE chat_conversation DROP COLUMN high_shown;
--rollback ALTER TABLE chat_conversation DROP COLUMN high_read;
--rollback ALTER TABLE chat_conversation DROP COLUMN high_latest;
--rollback ALTER TABLE chat_conversation DROP COLUMN low_unread;
--rollback ALTER TABLE chat_conversation DROP COLUMN low_delivered;
--rollback ALTER TABLE chat_conversation DROP COLUMN low_shown;
--rollback ALTER TABLE chat_conversation DROP COLUMN low_read;
--rollback ALTER TABLE chat_conversation DROP COLUMN low_latest;

--liquibase formatted sql

--changeset message-center:user-state
-- 0 may sign in, 1 is disabled, 2 is erased: of that user nothing is left but the name, which nobody else gets. Since
-- when a user is barred from signing in is what a node asks about that believes its memory.
ALTER TABLE chat_user ADD COLUMN state SMALLINT DEFAULT 0 NOT NULL;
ALTER TABLE chat_user ADD COLUMN barred_at DATETIME(6);
CREATE INDEX chat_user_barred ON chat_user (barred_at);
--rollback DROP INDEX chat_user_barred ON chat_user;
--rollback ALTER TABLE chat_user DROP COLUMN barred_at;
--rollback ALTER TABLE chat_user DROP COLUMN state;

--changeset message-center:message-change
-- A deleted message keeps its place, and nothing else.
ALTER TABLE chat_message ADD COLUMN deleted BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE chat_message ADD COLUMN edited_at DATETIME(6);
ALTER TABLE chat_message ADD COLUMN reply_to BIGINT;
--rollback ALTER TABLE chat_message DROP COLUMN reply_to;
--rollback ALTER TABLE chat_message DROP COLUMN edited_at;
--rollback ALTER TABLE chat_message DROP COLUMN deleted;

--changeset message-center:erasure
-- Erased users whose messages have not all been replaced by tombstones yet, and up to which place in their mailbox.
CREATE TABLE chat_erasure (
  user_id BIGINT NOT NULL,
  upto BIGINT NOT NULL,
  PRIMARY KEY (user_id)
) ${table};
--rollback DROP TABLE chat_erasure;

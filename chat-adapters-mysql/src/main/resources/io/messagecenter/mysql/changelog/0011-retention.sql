--liquibase formatted sql

--changeset message-center:message-retention
-- Up to which place nothing is left to do with the messages of a conversation, for they were kept long enough.
ALTER TABLE chat_conversation ADD COLUMN retired BIGINT DEFAULT 0 NOT NULL;
--rollback ALTER TABLE chat_conversation DROP COLUMN retired;

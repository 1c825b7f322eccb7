--liquibase formatted sql

--changeset message-center:session-use
-- When a session was used last, about: its expiry does not tell, once that is as late as it gets. Null in those that began
-- before, until they are used again.
ALTER TABLE chat_session ADD COLUMN used_at DATETIME(6);
--rollback ALTER TABLE chat_session DROP COLUMN used_at;

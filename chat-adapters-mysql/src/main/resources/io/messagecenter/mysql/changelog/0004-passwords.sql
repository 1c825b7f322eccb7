--liquibase formatted sql

--changeset message-center:user-email
-- email_key is the address in lower case, letter by letter, as the domain compares it.
ALTER TABLE chat_user ADD COLUMN email_key VARCHAR(254);
UPDATE chat_user SET email_key = LOWER(email);
CREATE INDEX chat_user_email ON chat_user (email_key);
--rollback ALTER TABLE chat_user DROP COLUMN email_key;

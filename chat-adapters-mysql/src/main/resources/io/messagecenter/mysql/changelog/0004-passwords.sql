--liquibase formatted sql

--changeset message-center:user-email
-- email_key is the address in lower case, letter by letter, as the domain compares it.
ALTER TABLE chat_user ADD COLUMN email_key VARCHAR(254);
UPDATE chat_user SET email_key = LOWER(email);
CREATE INDEX chat_user_email ON chat_user (email_key);
--rollback ALTER TABLE chat_user DROP COLUMN email_key;

--changeset message-center:password-reset
-- One row for each user: a new token takes the place of the one before.
CREATE TABLE chat_password_reset (
  user_id BIGINT NOT NULL,
  token_hash BINARY(32) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id),
  CONSTRAINT chat_password_reset_token UNIQUE (token_hash)
) ${table};
CREATE INDEX chat_password_reset_expiry ON chat_password_reset (expires_at);
--rollback DROP TABLE chat_password_reset;

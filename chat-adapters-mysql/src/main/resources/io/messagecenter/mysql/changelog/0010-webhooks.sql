--liquibase formatted sql

--changeset message-center:webhook
-- How far each webhook has come in each feed; without a row, at its beginning. The user comes first, so that the places of
-- neighbours lie as their feed heads do, and an erased user's are found together.
CREATE TABLE chat_webhook (
  name VARCHAR(64) NOT NULL,
  id BIGINT NOT NULL,
  PRIMARY KEY (name)
) ${table};
CREATE TABLE chat_webhook_cursor (
  user_id BIGINT NOT NULL,
  webhook_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (user_id, webhook_id)
) ${table};
INSERT INTO chat_id (name, next_id) VALUES ('webhook', 1);
--rollback DELETE FROM chat_id WHERE name = 'webhook';
--rollback DROP TABLE chat_webhook_cursor;
--rollback DROP TABLE chat_webhook;

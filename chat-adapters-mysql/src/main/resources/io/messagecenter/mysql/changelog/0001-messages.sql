--liquibase formatted sql

-- No foreign keys: they would take a lock in a parent table for every row written, and sharded engines have none.
-- Each row and what it points to are written in one transaction.

--changeset message-center:id
-- Ids are drawn in blocks: next_id is the first that nobody has.
CREATE TABLE chat_id (
  name VARCHAR(32) NOT NULL,
  next_id BIGINT NOT NULL,
  PRIMARY KEY (name)
) ${table};
INSERT INTO chat_id (name, next_id) VALUES ('user', 1), ('conversation', 1), ('message', 1);
--rollback DROP TABLE chat_id;

--changeset message-center:user
-- username_key is the name as the domain compares it; the database compares it exactly. It may be longer than the name
-- itself, as a letter in lower case may be two.
CREATE TABLE chat_user (
  id BIGINT NOT NULL,
  username VARCHAR(300) NOT NULL,
  username_key VARCHAR(300) NOT NULL,
  email VARCHAR(254),
  password_hash VARCHAR(255) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  admin BOOLEAN NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT chat_user_name UNIQUE (username_key)
) ${table};
--rollback DROP TABLE chat_user;

--changeset message-center:session
CREATE TABLE chat_session (
  id BIGINT NOT NULL,
  token_hash BINARY(32) NOT NULL,
  user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  device VARCHAR(200) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT chat_session_token UNIQUE (token_hash)
) ${table};
CREATE INDEX chat_session_user ON chat_session (user_id);
CREATE INDEX chat_session_expiry ON chat_session (expires_at);
--rollback DROP TABLE chat_session;

--changeset message-center:conversation
CREATE TABLE chat_conversation (
  id BIGINT NOT NULL,
  user_low BIGINT NOT NULL,
  user_high BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  last_sent_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT chat_conversation_pair UNIQUE (user_low, user_high)
) ${table};
--rollback DROP TABLE chat_conversation;

--changeset message-center:message
-- Clustered by conversation, so that a page is one neighbourhood on disk. Its places in the two mailboxes make a page of
-- a mailbox two exact ranges.
CREATE TABLE chat_message (
  conversation_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  id BIGINT NOT NULL,
  sender_id BIGINT NOT NULL,
  recipient_id BIGINT NOT NULL,
  sender_mailbox BIGINT NOT NULL,
  recipient_mailbox BIGINT NOT NULL,
  sent_at DATETIME(6) NOT NULL,
  client_id VARCHAR(64) ${ascii},
  body ${body} NOT NULL,
  PRIMARY KEY (conversation_id, seq),
  CONSTRAINT chat_message_id UNIQUE (id),
  CONSTRAINT chat_message_client UNIQUE (sender_id, client_id)
) ${table};
CREATE INDEX chat_message_sender ON chat_message (sender_id, sender_mailbox);
CREATE INDEX chat_message_recipient ON chat_message (recipient_id, recipient_mailbox);
--rollback DROP TABLE chat_message;

--changeset message-center:feed
-- The head's lock is what makes the order of a feed the order of the commits. Entries up to feed_pruned are gone. What an
-- entry is about depends on its kind: a message by its conversation and place, a user or a session by its id and no place.
CREATE TABLE chat_feed_head (
  user_id BIGINT NOT NULL,
  feed_seq BIGINT NOT NULL,
  mailbox_seq BIGINT NOT NULL,
  feed_pruned BIGINT DEFAULT 0 NOT NULL,
  PRIMARY KEY (user_id)
) ${table};
CREATE TABLE chat_feed_entry (
  user_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  kind SMALLINT NOT NULL,
  subject_id BIGINT NOT NULL,
  subject_seq BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (user_id, seq)
) ${table};
--rollback DROP TABLE chat_feed_entry;
--rollback DROP TABLE chat_feed_head;

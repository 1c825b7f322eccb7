--liquibase formatted sql

--changeset message-center:session-end
-- Sessions that were ended lately: what a node that believes its memory asks about, whatever their number.
CREATE TABLE chat_session_end (
  session_id BIGINT NOT NULL,
  ended_at DATETIME(6) NOT NULL,
  PRIMARY KEY (session_id)
) ${table};
CREATE INDEX chat_session_end_time ON chat_session_end (ended_at);
--rollback DROP TABLE chat_session_end;

--changeset message-center:block
CREATE TABLE chat_block (
  blocker_id BIGINT NOT NULL,
  blocked_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (blocker_id, blocked_id)
) ${table};
-- How many somebody blocks. It comes with the lock that an append takes anyway, and of most people it is none.
ALTER TABLE chat_feed_head ADD blocks INT DEFAULT 0 NOT NULL;
--rollback ALTER TABLE chat_feed_head DROP COLUMN blocks;
--rollback DROP TABLE chat_block;

--liquibase formatted sql

--changeset message-center:search
-- What words are where in somebody's mailbox, in blocks of so many places; terms in UTF-8, places as SearchPlaces packs
-- them. A block is written at once when it is full, and again when something in it was edited or deleted. Messages with
-- more terms than are kept are in a block below zero of their own.
CREATE TABLE chat_search_term (
  user_id BIGINT NOT NULL,
  block BIGINT NOT NULL,
  term VARBINARY(128) NOT NULL,
  places VARBINARY(128) NOT NULL,
  PRIMARY KEY (user_id, block, term)
) ${table};
-- Up to which place a mailbox is indexed; and up to which place it will be next, so that edits are noted from then on.
CREATE TABLE chat_search_head (
  user_id BIGINT NOT NULL,
  indexed BIGINT DEFAULT 0 NOT NULL,
  announced BIGINT DEFAULT 0 NOT NULL,
  PRIMARY KEY (user_id)
) ${table};
-- Edits and deletions that the index does not know yet, by their places in the mailbox and in the feed.
CREATE TABLE chat_search_change (
  user_id BIGINT NOT NULL,
  place BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (user_id, place, seq)
) ${table};
--rollback DROP TABLE chat_search_change;
--rollback DROP TABLE chat_search_head;
--rollback DROP TABLE chat_search_term;

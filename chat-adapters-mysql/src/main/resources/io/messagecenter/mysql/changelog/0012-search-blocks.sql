--liquibase formatted sql

--changeset message-center:search-blocks
-- Which places a block of the index has, as long messages fill one sooner: those after block, up to the last.
CREATE TABLE chat_search_block (
  user_id BIGINT NOT NULL,
  block BIGINT NOT NULL,
  last_place BIGINT NOT NULL,
  PRIMARY KEY (user_id, block)
) ${table};
-- By which rule text was cut into terms: what was indexed by an earlier one is indexed anew.
ALTER TABLE chat_search_head ADD COLUMN version INT DEFAULT 0 NOT NULL;
--rollback ALTER TABLE chat_search_head DROP COLUMN version;
--rollback DROP TABLE chat_search_block;

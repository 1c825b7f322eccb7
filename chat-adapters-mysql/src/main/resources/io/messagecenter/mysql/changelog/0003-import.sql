--liquibase formatted sql

--changeset message-center:import
-- How far an import from another system has come. Written in the transaction of what it covers, so that an import which
-- was killed goes on exactly where it was. The ids are the other system's.
CREATE TABLE chat_import (
  name VARCHAR(32) NOT NULL,
  last_user BIGINT NOT NULL,
  last_message BIGINT NOT NULL,
  users BIGINT NOT NULL,
  renamed BIGINT NOT NULL,
  messages BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  left_out BIGINT NOT NULL,
  PRIMARY KEY (name)
) ${table};
CREATE TABLE chat_import_user (
  source_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (source_id)
) ${table};
--rollback DROP TABLE chat_import_user;
--rollback DROP TABLE chat_import;

--liquibase formatted sql

--changeset message-center:lease
-- Which node does what one node is enough for. A holder who renews counts the version up; nobody's clock is written down.
CREATE TABLE chat_lease (
  name VARCHAR(64) NOT NULL,
  holder VARCHAR(36),
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
) ${table};
--rollback DROP TABLE chat_lease;

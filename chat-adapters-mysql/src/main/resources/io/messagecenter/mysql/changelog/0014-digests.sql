--liquibase formatted sql

--changeset message-center:digests-of-keys-alone
-- What a message said is known by a digest so that a repeat of its send is known; without a key there is no repeat.
UPDATE chat_message SET sent_digest = NULL WHERE client_id IS NULL AND sent_digest IS NOT NULL;
--rollback not required

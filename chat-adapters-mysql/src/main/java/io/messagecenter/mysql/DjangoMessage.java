package io.messagecenter.mysql;

import java.time.Instant;
import java.util.Optional;

/**
 * A row of {@code core_messagemodel}, as it is.
 *
 * @param sender the sender's id there
 * @param recipient the recipient's id there
 * @param sent empty for a date that is none, which a lax server may hold
 * @param body cut where it is longer than any body may be
 */
record DjangoMessage(long id, long sender, long recipient, Optional<Instant> sent, String body) {}

package io.messagecenter.domain.message;

import java.time.Instant;
import java.util.Optional;

/**
 * What its sender, or its age, makes of a message that was sent.
 *
 * @param target as it was read; who sent it to whom never changes
 * @param body what it says from now on; empty if it is to be deleted
 * @param at when, to the microsecond
 */
public record MessageChange(Message target, Optional<MessageBody> body, Instant at) implements Write {}

package io.messagecenter.domain.user;

import java.time.Instant;
import java.util.Optional;

/** An account that is about to be. */
public record NewUser(
        Username name, Optional<EmailAddress> email, PasswordHash passwordHash, Instant created, boolean admin) {}

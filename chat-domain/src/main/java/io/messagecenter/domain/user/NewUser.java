package io.messagecenter.domain.user;

import java.time.Instant;
import java.util.Optional;

/** An account that is about to be, under a name that is {@link Username#addressable()}. */
public record NewUser(
        Username name, Optional<EmailAddress> email, PasswordHash passwordHash, Instant created, boolean admin) {
    public NewUser {
        if (!name.addressable()) {
            throw new IllegalArgumentException("No account is opened under the name " + name);
        }
    }
}

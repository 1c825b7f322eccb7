package io.messagecenter.domain.user;

import java.time.Instant;
import java.util.Optional;

/** An account, as its owner sees it. */
public record User(Person person, Optional<EmailAddress> email, Instant created, boolean admin) {}

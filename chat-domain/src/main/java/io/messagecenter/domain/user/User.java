package io.messagecenter.domain.user;

import java.time.Instant;
import java.util.Optional;

/**
 * An account, as its owner sees it.
 *
 * @param admin whether they may administrate others
 * @param disabled whether an administrator has barred them; nobody signs in to such an account
 */
public record User(Person person, Optional<EmailAddress> email, Instant created, boolean admin, boolean disabled) {}

package io.messagecenter.domain.user;

import java.util.Optional;

/** A user as they are now, and the e-mail address that they had before. */
public record EmailChange(Optional<EmailAddress> before, User user) {}

package io.messagecenter.domain.user;

/** A user, and what their password must match. */
public record Credentials(User user, PasswordHash passwordHash) {}

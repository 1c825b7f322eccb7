package io.messagecenter.mysql;

import java.time.Instant;

/**
 * A row of {@code auth_user}, as it is.
 *
 * @param password the hash, in Django's text form
 * @param joined to the microsecond
 */
record DjangoUser(
        long id, String username, String password, String email, boolean superuser, boolean active, Instant joined) {
    @Override
    public String toString() {
        return "DjangoUser[" + id + "]"; // neither hash nor address belongs in a log
    }
}

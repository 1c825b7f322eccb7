package io.messagecenter.app.mail;

import java.time.Duration;
import java.util.Optional;

/**
 * A mail server that takes our mail.
 *
 * @param timeout how long to wait for a connection, and then for each answer
 * @param login how we identify ourselves; not at all if empty
 */
public record SmtpServer(String host, int port, Encryption encryption, Duration timeout, Optional<Login> login) {

    /** How the way to a mail server is kept secret. */
    public enum Encryption {
        /** Begun in the clear, and left at once if the server does not go over to TLS; port 587 as a rule. */
        STARTTLS,
        /** From the first byte on; port 465 as a rule. */
        TLS,
        /** Not at all: for a server on the same machine. */
        NONE
    }

    /** A mail account. Its password is hidden from logs. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }
}

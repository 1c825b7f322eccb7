package io.messagecenter.domain.mail;

/** Sends mail. A call may take as long as a mail server does, so keep it off threads that others wait for. Thread-safe. */
@FunctionalInterface
public interface Mailer {
    /**
     * Hands a mail over to whatever delivers it; when this returns, it is on its way.
     *
     * @throws io.messagecenter.domain.error.ChatException {@code UNAVAILABLE} if it could not be handed over, or nobody
     *     knows whether it was
     */
    void send(Mail mail);
}

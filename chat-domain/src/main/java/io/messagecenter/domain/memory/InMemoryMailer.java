package io.messagecenter.domain.memory;

import io.messagecenter.domain.mail.Mail;
import io.messagecenter.domain.mail.Mailer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps mail instead of sending it: the latest {@value #KEPT}. Thread-safe. */
public final class InMemoryMailer implements Mailer {
    private static final int KEPT = 1_000;

    private final Deque<Mail> sent = new ArrayDeque<>();

    @Override
    public synchronized void send(Mail mail) {
        if (sent.size() == KEPT) {
            sent.removeFirst();
        }
        sent.addLast(mail);
    }

    /** What was sent, oldest first. */
    public synchronized List<Mail> sent() {
        return List.copyOf(sent);
    }
}

package io.messagecenter.domain.mail;

import io.messagecenter.domain.user.EmailAddress;

/**
 * A mail in plain text. What it says may be secret, so {@link #toString()} hides it.
 *
 * @param subject one line, not blank
 * @param text any number of lines, each ended by {@code \n}
 */
public record Mail(EmailAddress to, String subject, String text) {
    public Mail {
        if (subject.isBlank() || subject.codePoints().anyMatch(Mail::breaksALine)) {
            throw new IllegalArgumentException("A subject is one line");
        }
    }

    private static boolean breaksALine(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return "Mail[" + subject + "]";
    }
}

package io.messagecenter.mysql;

/** What keeps an import from going on, in words for whoever runs it. What was committed before stays. */
public final class DjangoImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DjangoImportException(String message) {
        super(message);
    }

    DjangoImportException(String message, Throwable cause) {
        super(message, cause);
    }
}

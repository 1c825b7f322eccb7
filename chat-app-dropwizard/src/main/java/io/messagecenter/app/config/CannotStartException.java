package io.messagecenter.app.config;

/** What keeps the service from starting, in words for whoever starts it; nothing is wrong with the code. */
public final class CannotStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotStartException(String message) {
        super(message);
    }

    CannotStartException(String message, Throwable cause) {
        super(message, cause);
    }
}

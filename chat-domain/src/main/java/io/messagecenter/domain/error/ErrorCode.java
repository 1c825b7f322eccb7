package io.messagecenter.domain.error;

/** Every way in which a request can end badly. The set is closed, so that a front end maps it exhaustively. */
public enum ErrorCode {
    /** Fields are missing, of the wrong type, or break a rule; the exception names them. */
    INVALID,
    /** Nobody is signed in, or the session has ended. */
    NOT_SIGNED_IN,
    /** The user name and password do not belong together; which of the two is wrong stays untold. */
    WRONG_CREDENTIALS,
    /** Known, but not allowed. */
    FORBIDDEN,
    /** Not there, or not theirs: the two look the same. */
    NOT_FOUND,
    /** A page number that is none, or past the last page. */
    INVALID_PAGE,
    /** The user name belongs to somebody, or once did. */
    USERNAME_TAKEN,
    /** The idempotency key was used before, for another recipient or body. */
    CLIENT_KEY_REUSED,
    /** The feed no longer keeps what comes after this cursor; the exception carries where the feed stands. */
    CURSOR_TOO_OLD,
    /** More than is allowed in that time; the exception says how long to wait. */
    TOO_MANY_REQUESTS,
    /** The queue of sends is full; try again in a moment. */
    OVERLOADED,
    /** The store, or a service that it needs, does not answer; whether a write took effect may be unknown. */
    UNAVAILABLE
}

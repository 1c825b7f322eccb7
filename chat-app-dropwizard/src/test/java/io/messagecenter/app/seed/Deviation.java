package io.messagecenter.app.seed;

/** Every way in which the service may differ from the recordings of the original, and no other. */
enum Deviation {
    /** Who is not signed in gets 401, and is told how to sign in, where the original answers 403. */
    NOT_SIGNED_IN_IS_401,
    /** Errors are {@code application/problem+json}; what the original says stands among a problem's own members. */
    ERRORS_ARE_PROBLEMS,
    /** Any plain sentence says that JSON is malformed; the original names its parser. */
    PARSE_ERROR_IN_OTHER_WORDS,
    /** Messages have more members, after the original's five. */
    MESSAGES_HAVE_MORE_MEMBERS,
    /** Users say whether they are online, and one of them since when not; they are listed by name. */
    USERS_ARE_ONLINE_OR_NOT_AND_BY_NAME,
    /** One user is addressed by name, where the original wants a primary key. */
    ONE_USER_BY_NAME,
    /** What the original cannot store is a message like any other. */
    EMOJI_IS_ACCEPTED,
    /** So there is one message more in whatever comes after it. */
    EMOJI_COUNTS,
    /** A stranger's DELETE finds nothing, where the original lets anybody delete anything. */
    NOBODY_DELETES_WHAT_OTHERS_SENT
}

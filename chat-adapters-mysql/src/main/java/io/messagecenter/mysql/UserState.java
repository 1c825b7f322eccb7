package io.messagecenter.mysql;

/** What a user may still do, as the column {@code chat_user.state} has it. */
final class UserState {
    static final int ACTIVE = 0;
    static final int DISABLED = 1;
    static final int ERASED = 2;

    private UserState() {}
}

package io.messagecenter.domain.message;

import io.messagecenter.domain.user.UserId;

/** What makes a send unique for ever: a sender, and the key that they chose. */
public record SenderKey(UserId sender, ClientKey key) {}

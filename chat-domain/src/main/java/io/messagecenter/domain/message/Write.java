package io.messagecenter.domain.message;

/** Something to write, in one transaction with whatever else waits. */
public sealed interface Write permits NewMessage, MessageChange, Mark {}

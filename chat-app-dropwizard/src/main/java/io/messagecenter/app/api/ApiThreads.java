package io.messagecenter.app.api;

import io.messagecenter.app.auth.HashingExecutor;
import java.util.concurrent.Executor;

/**
 * Threads for what takes its time, so that it keeps nothing else from its own.
 *
 * @param answering runs what may wait for a client to read its answer
 * @param exporting runs exports; bounded, and rejects what is too much
 */
public record ApiThreads(HashingExecutor hashing, Executor answering, Executor exporting) {}

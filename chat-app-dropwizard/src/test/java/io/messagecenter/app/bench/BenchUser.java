package io.messagecenter.app.bench;

/** Somebody with an account and a session. */
record BenchUser(String name, String token) {}

package io.messagecenter.app.bench;

/** What was measured is worth nothing: the service did something other than it should. */
final class BenchmarkFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchmarkFailed(String message) {
        super(message);
    }
}

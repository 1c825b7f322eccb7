package io.messagecenter.domain.error;

/** Says in a line of the log why something failed, down to the first cause. */
public final class Reasons {
    private Reasons() {}

    /** What was thrown, and what that came of. */
    public static String of(Throwable failure) {
        var root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root == failure ? failure.toString() : failure + " (" + root + ")";
    }
}

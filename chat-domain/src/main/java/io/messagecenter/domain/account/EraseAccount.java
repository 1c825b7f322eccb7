package io.messagecenter.domain.account;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.password.PasswordProof;
import io.messagecenter.domain.session.Session;

/** Lets people erase their own account. Thread-safe. */
public final class EraseAccount {
    private final PasswordProof proof;
    private final Erasures erasures;

    public EraseAccount(PasswordProof proof, Erasures erasures) {
        this.proof = proof;
        this.erasures = erasures;
    }

    /**
     * What somebody typed who wants their account gone.
     *
     * @param session the one that they are signed in by
     */
    public record Command(Session session, String password) {
        @Override
        public String toString() {
            return "EraseAccount[" + session.person() + "]";
        }
    }

    /**
     * Erases an account for good; see {@link Erasures#erase}. Hashes, so it takes its time.
     *
     * @throws ChatException {@code INVALID}, naming {@code password}, if it is wrong; {@code NOT_SIGNED_IN} if the session
     *     has ended meanwhile
     */
    public void erase(Command command) {
        var session = command.session();
        var unused = proof.require(session, "password", command.password(), hash -> erasures.eraseOwn(session, hash));
    }
}

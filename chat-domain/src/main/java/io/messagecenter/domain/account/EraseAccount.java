package io.messagecenter.domain.account;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.password.PasswordProof;
import io.messagecenter.domain.user.Person;

/** Lets people erase their own account. Thread-safe. */
public final class EraseAccount {
    private final PasswordProof proof;
    private final Erasures erasures;

    public EraseAccount(PasswordProof proof, Erasures erasures) {
        this.proof = proof;
        this.erasures = erasures;
    }

    /** What somebody typed who wants their account gone. */
    public record Command(Person person, String password) {
        @Override
        public String toString() {
            return "EraseAccount[" + person + "]";
        }
    }

    /**
     * Erases an account for good; see {@link Erasures#erase}. Hashes, so it takes its time.
     *
     * @throws ChatException {@code INVALID}, naming {@code password}, if it is wrong
     */
    public void erase(Command command) {
        var unused = proof.require(command.person(), "password", command.password());
        erasures.erase(command.person());
    }
}

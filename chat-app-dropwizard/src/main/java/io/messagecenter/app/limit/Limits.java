package io.messagecenter.app.limit;

/**
 * All that is limited by a rate.
 *
 * @param signIn failed attempts to prove by a password whose account it is
 * @param passwordReset mails that are asked for; who is mailed a link has not proven anything yet, so that none of these
 *     attempts is given back
 * @param signUp new accounts, by the client's {@link io.messagecenter.app.edge.ClientAddress#network()}
 * @param messages sends, by user id
 */
public record Limits(AccountGuard signIn, AccountGuard passwordReset, Allowance signUp, Allowance messages) {
    public static final Limits NONE =
            new Limits(AccountGuard.NONE, AccountGuard.NONE, Allowance.UNLIMITED, Allowance.UNLIMITED);
}

package io.messagecenter.app.limit;

import io.messagecenter.app.edge.ClientAddress;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.Username;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Slows down who tries to get into accounts that are not theirs, without shutting out who they belong to. Thread-safe.
 *
 * <p>An attempt counts before it is made, so that a thousand at once are no way round, and is given back unless it failed.
 * So a success costs nothing, and gives back no more than it took: signing in to an account of one's own in between does
 * not wipe out failed attempts at another. It counts three times, and each may refuse it:
 * <ol>
 *   <li>by address, whatever the account: one machine that tries one password on many accounts;
 *   <li>by account and address: one machine that tries many passwords on one account;
 *   <li>by account, from all addresses together: many machines that try many passwords on one account.
 * </ol>
 *
 * <p>The third is what an attacker could lock a victim out by, for as long as they keep trying. Hence it does not count
 * for addresses from which the account was got into not long ago: the victim at home or at work is held up by
 * nothing that somebody elsewhere does. The second allows much less than the third, so that one machine alone cannot use
 * up the third. What is left: an attacker with many addresses can make the victim wait at a place where they never signed in
 * before, or at which a node that has restarted without Redis has forgotten them. They wait no longer than the attack
 * lasts, since buckets fill up by themselves, and who is signed in already stays so.
 *
 * <p>Names count whether or not there is such an account, in lower case: an answer tells nothing of who is there.
 */
public final class AccountGuard {
    /** No limit. */
    public static final AccountGuard NONE = new AccountGuard(
            AddressAllowance.UNLIMITED, RateLimiter.UNLIMITED, RateLimiter.UNLIMITED, new LocalKnownPlaces());

    static final String REFUSAL = "Too many attempts. Wait before you try again.";

    /** What the longest name or e-mail address takes. */
    private static final int MAX_KEY = 2 * Username.MAX_LENGTH;

    /** In which fields somebody who is signed in proves who they are. */
    private static final Set<String> PROOFS = Set.of("current_password", "password");

    private final AddressAllowance byAddress;
    private final RateLimiter byAccountAndAddress;
    private final RateLimiter byAccount;
    private final KnownPlaces places;

    public AccountGuard(
            AddressAllowance byAddress, RateLimiter byAccountAndAddress, RateLimiter byAccount, KnownPlaces places) {
        this.byAddress = byAddress;
        this.byAccountAndAddress = byAccountAndAddress;
        this.byAccount = byAccount;
        this.places = places;
    }

    /**
     * Begins an attempt, whose end the caller must tell.
     *
     * @param account a name or an e-mail address as it came in, which need not be one
     * @throws ChatException {@code TOO_MANY_REQUESTS}; then nothing is counted
     */
    public Attempt attempt(ClientAddress from, String account) {
        var attempt = new Attempt(key(account), from);
        attempt.begin();
        return attempt;
    }

    /** The owner of an account was there without an attempt, say to open it. */
    public void proven(ClientAddress from, String account) {
        places.remember(key(account), from.network());
    }

    /** What is cut is the key: cut before, a name would have another one for each way in which its letters can be spelt. */
    private static String key(String account) {
        var key = Username.keyOf(account);
        return key.length() <= MAX_KEY ? key : key.substring(0, MAX_KEY);
    }

    private record Taken(RateLimiter limiter, String key) {}

    /** One attempt, which ends once. */
    public final class Attempt {
        private final String account;
        private final ClientAddress from;
        private final String place;
        private final List<Taken> taken = new ArrayList<>(2);
        private boolean counted;
        private boolean known;

        private Attempt(String account, ClientAddress from) {
            this.account = account;
            this.from = from;
            this.place = from.network();
        }

        private void begin() {
            byAddress.use(from);
            counted = true;
            take(byAccountAndAddress, place + " " + account);
            known = places.knows(account, place);
            if (!known) {
                take(byAccount, account);
            }
        }

        /** Whether the owner of the account has been there before. */
        public boolean known() {
            return known;
        }

        private void take(RateLimiter limiter, String key) {
            Duration wait = limiter.take(key);
            if (!wait.isZero()) {
                cancelled();
                throw ChatException.tooMany(REFUSAL, wait);
            }
            taken.add(new Taken(limiter, key));
        }

        /** It was the owner, whom the place is remembered for. */
        public void succeeded() {
            cancelled();
            places.remember(account, place);
        }

        /** It was the owner, who has no account any more: nothing is to tell that they were there. */
        private void left() {
            cancelled();
            places.forget(account, place);
        }

        /** It said nothing about the account. Who has merely asked for something, say a mail, has neither. */
        public void cancelled() {
            if (counted) {
                byAddress.giveBack(from);
                counted = false;
            }
            taken.forEach(one -> one.limiter().giveBack(one.key()));
            taken.clear();
        }

        /** Ends as a future did: with a value, with wrong credentials, or because the service could not look. */
        public void ended(@Nullable Object value, @Nullable Throwable failure) {
            ended(failure, this::succeeded);
        }

        /** Ends as {@link #ended} does; with a value, the account has been erased. */
        public void erased(@Nullable Object value, @Nullable Throwable failure) {
            ended(failure, this::left);
        }

        private void ended(@Nullable Throwable failure, Runnable success) {
            var reason =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (reason == null) {
                success.run();
            } else if (saysNothing(reason)) {
                cancelled();
            }
        }

        /** Nobody has looked, or what was wrong was something else. */
        private static boolean saysNothing(Throwable reason) {
            return reason instanceof CancellationException
                    || (reason instanceof ChatException refusal
                            && switch (refusal.code()) {
                                case OVERLOADED, UNAVAILABLE -> true;
                                case INVALID ->
                                    Collections.disjoint(refusal.fields().keySet(), PROOFS);
                                default -> false;
                            });
        }
    }
}

package io.messagecenter.domain.password;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.mail.Mailer;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.PasswordRules;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Lets people who forgot their password choose another, by a link that is mailed to them. A request tells nobody whether
 * there is such an account: it only takes note, and everything else happens later, elsewhere. Thread-safe.
 */
public final class PasswordReset {
    /** How long a link works. */
    public static final Duration LIFETIME = Duration.ofMinutes(15);

    /** To how many accounts with one e-mail address a request leads. */
    static final int MOST_ACCOUNTS = 5;

    private static final Logger LOG = System.getLogger(PasswordReset.class.getName());

    private final UserStore users;
    private final ResetStore resets;
    private final Sessions sessions;
    private final PasswordRules rules;
    private final PasswordHasher hasher;
    private final Clock clock;
    private final Post post;

    public PasswordReset(
            UserStore users,
            ResetStore resets,
            Sessions sessions,
            PasswordRules rules,
            PasswordHasher hasher,
            Clock clock,
            Post post) {
        this.users = users;
        this.resets = resets;
        this.sessions = sessions;
        this.rules = rules;
        this.hasher = hasher;
        this.clock = clock;
        this.post = post;
    }

    /**
     * How links get to people.
     *
     * @param page where a new password is chosen; without a fragment
     * @param executor looks accounts up and sends mail; bounded, so that it may reject, which loses a request
     */
    public record Post(Mailer mailer, URI page, Executor executor) {}

    /**
     * Mails a link to the account of that name, if there is one with an e-mail address that is not disabled. It need not have a password so
     * far: one that was imported may have none that can be verified. Does no I/O.
     */
    public void requestByUsername(String username) {
        later(() -> users.credentials(new Username(username)).stream().toList());
    }

    /**
     * Mails a link to each account of that e-mail address, to {@value #MOST_ACCOUNTS} at most. Does no I/O.
     */
    public void requestByEmail(String email) {
        later(() -> users.credentials(new EmailAddress(email), MOST_ACCOUNTS));
    }

    private void later(Supplier<List<Credentials>> accounts) {
        try {
            post.executor().execute(() -> attempt(() -> accounts.get().forEach(this::attemptMail)));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.WARNING, "A password reset is lost: too many wait for their mail");
        }
    }

    private void attemptMail(Credentials account) {
        attempt(() -> mail(account)); // of several accounts one that fails must not stop the others
    }

    private void mail(Credentials account) {
        var address = account.user().email();
        if (address.isPresent() && !account.user().disabled()) {
            var person = account.user().person();
            var token = ResetToken.random();
            // The mails before this one may have taken long: an address that its owner has left by now gets none.
            if (resets.put(person.id(), address.get(), token.hash(), now().plus(LIFETIME))) {
                // To the address as its owner wrote it, never as somebody else typed it: they may differ.
                post.mailer().send(ResetMail.of(person, address.get(), token, post.page()));
            }
        }
    }

    /** Nobody waits for an answer, and what was typed is no business of the log's. */
    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (ChatException e) {
            if (e.code() != ErrorCode.INVALID) { // a name or an address that cannot be one is nobody's
                LOG.log(Level.WARNING, "A password reset is lost: {0}", Reasons.of(e));
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A password reset is lost", e);
        }
    }

    /** What somebody typed who has a link. */
    public record Confirmation(String token, String newPassword) {
        @Override
        public String toString() {
            return "Confirmation[hidden]";
        }
    }

    private record Checked(TokenHash token, Password chosen) {}

    /**
     * Whether {@link #confirm} would take it by now. Does not hash.
     *
     * @throws ChatException {@code INVALID}, naming {@code token}, {@code new_password} or both
     */
    public void check(Confirmation confirmation) {
        var unused = checked(confirmation);
    }

    private Checked checked(Confirmation confirmation) {
        var token = new ResetToken(confirmation.token()).hash();
        var faults = new ChatException.Faults();
        var chosen = faults.check(() -> rules.choose("new_password", confirmation.newPassword()));
        var good = faults.check(() -> requireGood(resets.holds(token, now())));
        faults.throwIfAny();
        if (chosen == null || good == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        return new Checked(token, chosen);
    }

    /**
     * Spends a token for a new password, and ends all sessions of its user with it. Hashes, so it takes its time.
     *
     * @return whose password it is
     * @throws ChatException {@code INVALID}, naming {@code token}, {@code new_password} or both
     */
    public Person confirm(Confirmation confirmation) {
        var checked = checked(confirmation);
        var redeemed = resets.redeem(checked.token(), hasher.hash(checked.chosen()), now())
                .orElseThrow(PasswordReset::spent);
        sessions.tell(redeemed.person(), redeemed.ended());
        return redeemed.person();
    }

    private static boolean requireGood(boolean good) {
        if (!good) {
            throw spent();
        }
        return true;
    }

    private static ChatException spent() {
        return ChatException.invalid("token", "This link is not valid: it may be too old, or used already.");
    }

    /** Forgets tokens that have expired; tells how many. */
    public int purgeExpired() {
        return resets.purge(now());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

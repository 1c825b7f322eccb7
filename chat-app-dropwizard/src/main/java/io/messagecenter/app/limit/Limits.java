package io.messagecenter.app.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All limits of one node. Where nodes count together, all but messages are counted exactly, at the cost of a round trip;
 * sends do not wait for one, and are settled ten times a second. Thread-safe.
 */
public final class Limits {
    private static final Logger LOG = LoggerFactory.getLogger(Limits.class);
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration RENEW = Duration.ofSeconds(20);
    private static final Duration UNTIL_ONE_CLOSES = Duration.ofSeconds(5);
    private static final Duration UNTIL_ONE_ENDS = Duration.ofSeconds(10);
    private static final Duration UNTIL_A_SEARCH_ENDS = Duration.ofSeconds(1);
    private static final int SEARCHES_AT_ONCE = 3;

    private final AccountGuard signIn;
    private final AccountGuard passwordReset;
    private final AddressAllowance signUp;
    private final AddressAllowance resetTokens;
    private final Allowance messages;
    private final Allowance marks;
    private final Allowance searches;
    private final Allowance typing;
    private final Holdings sockets;
    private final Holdings exports;
    private final Holdings searchesUnderWay;
    private final List<SettledRateLimiter> settled = new ArrayList<>();

    /** How much it may be of what. */
    public record Rates(
            Rate signInByAddress,
            Rate signInByAccountAndAddress,
            Rate signInByAccount,
            Rate passwordResetByAddress,
            Rate passwordResetByAccountAndAddress,
            Rate passwordResetByAccount,
            Rate resetTokensByAddress,
            Rate signUpByAddress,
            Rate messagesByUser,
            Rate marksByUser,
            Rate searchesByUser,
            Rate typingByUser,
            int socketsByUser) {}

    private Limits() {
        signIn = AccountGuard.NONE;
        passwordReset = AccountGuard.NONE;
        signUp = AddressAllowance.UNLIMITED;
        resetTokens = AddressAllowance.UNLIMITED;
        messages = Allowance.UNLIMITED;
        marks = Allowance.UNLIMITED;
        searches = Allowance.UNLIMITED;
        typing = Allowance.UNLIMITED;
        sockets = Holdings.unlimited();
        exports = Holdings.unlimited();
        searchesUnderWay = Holdings.unlimited();
    }

    /** Nothing used up. */
    public Limits(Rates rates, Optional<SharedCounts> shared) {
        KnownPlaces places = shared.<KnownPlaces>map(SharedKnownPlaces::new).orElseGet(LocalKnownPlaces::new);
        signIn = new AccountGuard(
                byAddress("sign-in by address", rates.signInByAddress, shared, AccountGuard.REFUSAL),
                exact("sign-in by both", rates.signInByAccountAndAddress, shared),
                exact("sign-in by account", rates.signInByAccount, shared),
                places);
        passwordReset = new AccountGuard(
                byAddress("reset by address", rates.passwordResetByAddress, shared, AccountGuard.REFUSAL),
                exact("reset by both", rates.passwordResetByAccountAndAddress, shared),
                exact("reset by account", rates.passwordResetByAccount, shared),
                places);
        signUp =
                byAddress("sign-up", rates.signUpByAddress, shared, "Too many accounts were opened from your address.");
        resetTokens = byAddress("reset tokens", rates.resetTokensByAddress, shared, AccountGuard.REFUSAL);
        messages = new Allowance(prompt("messages", rates.messagesByUser, shared), "You send too many messages.");
        marks = new Allowance(
                prompt("marks", rates.marksByUser, shared), "You mark too much as read, or block too often.");
        searches = new Allowance(exact("searches", rates.searchesByUser, shared), "You search too often.");
        typing = new Allowance(prompt("typing", rates.typingByUser, shared), "You say too often that you are typing.");
        sockets = new Holdings(
                "sockets", rates.socketsByUser, UNTIL_ONE_CLOSES, "You have too many connections open.", shared);
        exports = new Holdings("exports", 1, UNTIL_ONE_ENDS, "An export of yours is under way already.", shared);
        searchesUnderWay = new Holdings(
                "searches under way",
                SEARCHES_AT_ONCE,
                UNTIL_A_SEARCH_ENDS,
                "Some searches of yours are under way already.",
                Optional.empty());
    }

    /** No limits at all. */
    public static Limits none() {
        return new Limits();
    }

    private static RateLimiter exact(String name, Rate rate, Optional<SharedCounts> shared) {
        return shared.<RateLimiter>map(counts -> new SharedRateLimiter(name, rate, counts))
                .orElseGet(() -> new LocalRateLimiter(rate));
    }

    private static AddressAllowance byAddress(String name, Rate rate, Optional<SharedCounts> shared, String refusal) {
        return AddressAllowance.of(name, rate, (one, same) -> exact(one, same, shared), refusal);
    }

    private RateLimiter prompt(String name, Rate rate, Optional<SharedCounts> shared) {
        if (shared.isEmpty()) {
            return new LocalRateLimiter(rate);
        }
        var limiter = new SettledRateLimiter(name, rate, shared.get());
        settled.add(limiter);
        return limiter;
    }

    /** Begins to settle with other nodes; ends with the scheduler. */
    public void start(ScheduledExecutorService scheduler) {
        if (!settled.isEmpty()) {
            repeat(scheduler, SETTLE, () -> settled.forEach(SettledRateLimiter::settle));
            repeat(scheduler, RENEW, sockets::renew);
            repeat(scheduler, RENEW, exports::renew);
        }
    }

    private static void repeat(ScheduledExecutorService scheduler, Duration period, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("Limits cannot be settled with other nodes", e); // and the next time tries again
            }
        };
        var unused =
                scheduler.scheduleWithFixedDelay(guarded, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Failed attempts to prove by a password whose account it is. */
    public AccountGuard signIn() {
        return signIn;
    }

    /** Mails that are asked for. Who is mailed a link has not proven anything yet, so these attempts are not given back. */
    public AccountGuard passwordReset() {
        return passwordReset;
    }

    /** New accounts. */
    public AddressAllowance signUp() {
        return signUp;
    }

    /** Links that somebody has tried to choose a password by, but that do not hold. */
    public AddressAllowance resetTokens() {
        return resetTokens;
    }

    /** Sends, by user id. */
    public Allowance messages() {
        return messages;
    }

    /** Marks of what was read and delivered, by user id. */
    public Allowance marks() {
        return marks;
    }

    /** Searches, by user id. */
    public Allowance searches() {
        return searches;
    }

    /** Notices that somebody is writing, by user id. */
    public Allowance typing() {
        return typing;
    }

    /** Open sockets, by user id. */
    public Holdings sockets() {
        return sockets;
    }

    /** Searches under way on this node, by user id. */
    public Holdings searchesUnderWay() {
        return searchesUnderWay;
    }

    /** Exports under way, by user id. */
    public Holdings exports() {
        return exports;
    }
}

package io.messagecenter.app.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.app.edge.ClientAddress;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.text.Normalizer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Twenty failures by address, three by account and address, six by account; in an hour. */
class AccountGuardTest {
    private static final ClientAddress HOME = address("192.0.2.1");
    private static final ClientAddress ELSEWHERE = address("198.51.100.1");

    private final AccountGuard guard = new AccountGuard(
            AddressAllowance.of("", rate(20), (name, rate) -> new LocalRateLimiter(rate), AccountGuard.REFUSAL),
            limiter(3),
            limiter(6),
            new LocalKnownPlaces());

    private static RateLimiter limiter(int count) {
        return new LocalRateLimiter(rate(count));
    }

    private static Rate rate(int count) {
        return new Rate(count, Duration.ofHours(1), count);
    }

    private static ClientAddress address(String literal) {
        try {
            return new ClientAddress(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Another network each time. */
    private static ClientAddress botnet(int member) {
        return address("203.0.113." + member);
    }

    private void fail(ClientAddress from, String account) {
        guard.attempt(from, account).ended(null, ChatException.of(ErrorCode.WRONG_CREDENTIALS, "no"));
    }

    private void succeed(ClientAddress from, String account) {
        guard.attempt(from, account).ended("a session", null);
    }

    private void assertRefused(ClientAddress from, String account) {
        assertThatThrownBy(() -> guard.attempt(from, account)).isInstanceOfSatisfying(ChatException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
            assertThat(refusal.retryAfter()).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(20));
        });
    }

    @Test
    void oneMachineGuessesAtOneAccountAFewTimes() {
        for (int i = 0; i < 3; i++) {
            fail(ELSEWHERE, "alice");
        }
        assertRefused(ELSEWHERE, "alice");
        fail(ELSEWHERE, "bob"); // it has not used up its own yet
        succeed(HOME, "alice");
    }

    @Test
    void oneMachineGuessesAtManyAccountsSomeTimes() {
        for (int i = 0; i < 20; i++) {
            fail(ELSEWHERE, "user" + i);
        }
        assertRefused(ELSEWHERE, "alice");
        succeed(HOME, "alice");
    }

    @Test
    void manyMachinesGuessAtOneAccountSomeTimes() {
        for (int i = 0; i < 6; i++) {
            fail(botnet(i), "alice");
        }
        assertRefused(botnet(100), "alice");
        fail(botnet(100), "bob");
    }

    @Test
    void nameOfAnyCaseAndFormIsOneAccount() {
        fail(botnet(1), "alice");
        fail(botnet(2), "ALICE");
        fail(botnet(3), "Alice");
        fail(botnet(4), "ａｌｉｃｅ");
        fail(botnet(5), "aLICE");
        fail(botnet(6), "alice");
        assertRefused(botnet(7), "alicE");
    }

    @Test
    void theOwnerIsNotShutOutWhereTheyHaveBeenBefore() {
        succeed(HOME, "alice");
        for (int i = 0; i < 6; i++) {
            fail(botnet(i), "alice");
        }
        assertRefused(ELSEWHERE, "alice");
        succeed(HOME, "Alice");
        // Nor is that a way in for others who come from there, who have but their few guesses.
        for (int i = 0; i < 3; i++) {
            fail(HOME, "alice");
        }
        assertRefused(HOME, "alice");
    }

    @Test
    void whoOpenedAnAccountIsKnownThere() {
        guard.proven(HOME, "carol");
        for (int i = 0; i < 6; i++) {
            fail(botnet(i), "carol");
        }
        succeed(HOME, "carol");
        assertRefused(ELSEWHERE, "carol");
    }

    @Test
    void whoErasedTheirAccountIsNotKnownThereAnyMore() {
        succeed(HOME, "dave");
        for (int i = 0; i < 10; i++) {
            guard.attempt(HOME, "dave").erased(null, ChatException.of(ErrorCode.OVERLOADED, "busy"));
        }
        assertThat(guard.attempt(HOME, "dave").known()).isTrue(); // as long as it has not been erased

        guard.attempt(HOME, "dave").erased("gone", null);

        var after = guard.attempt(HOME, "dave");
        assertThat(after.known()).isFalse();
        after.cancelled();
    }

    @Test
    void anErasureThatSucceedsCostsNothingAndOneThatFailsAnAttempt() {
        for (int i = 0; i < 100; i++) {
            guard.attempt(HOME, "erin").erased("gone", null);
        }
        for (int i = 0; i < 3; i++) {
            guard.attempt(HOME, "erin").erased(null, ChatException.of(ErrorCode.WRONG_CREDENTIALS, "no"));
        }
        assertRefused(HOME, "erin");
    }

    @Test
    void oneMachineAloneDoesNotShutOutWhoComesFromElsewhere() {
        for (int i = 0; i < 50; i++) {
            try {
                fail(ELSEWHERE, "alice");
            } catch (ChatException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
            }
        }
        succeed(HOME, "alice");
    }

    @Test
    void aSuccessCostsNothing() {
        for (int i = 0; i < 100; i++) {
            succeed(HOME, "alice");
        }
        for (int i = 0; i < 3; i++) {
            fail(HOME, "bob");
        }
    }

    @Test
    void aSuccessDoesNotWipeOutFailures() {
        for (int i = 0; i < 3; i++) {
            fail(ELSEWHERE, "alice");
            succeed(ELSEWHERE, "mallory");
        }
        assertRefused(ELSEWHERE, "alice");
        for (int i = 0; i < 16; i++) {
            fail(ELSEWHERE, "user" + i);
            succeed(ELSEWHERE, "mallory");
        }
        fail(ELSEWHERE, "mallory");
        assertRefused(ELSEWHERE, "mallory");
    }

    @Test
    void anAttemptCountsBeforeItIsMade() {
        for (int i = 0; i < 3; i++) {
            guard.attempt(ELSEWHERE, "alice");
        }
        assertRefused(ELSEWHERE, "alice");
    }

    @Test
    void anAttemptThatTheServiceCouldNotMakeIsNone() {
        for (int i = 0; i < 100; i++) {
            guard.attempt(HOME, "alice").ended(null, ChatException.of(ErrorCode.OVERLOADED, "busy"));
            guard.attempt(HOME, "alice")
                    .ended(null, new CompletionException(ChatException.unavailable("no database", new Exception())));
        }
        succeed(HOME, "alice");
    }

    @Test
    void anAttemptThatNobodyKnowsTheEndOfCounts() {
        for (int i = 0; i < 3; i++) {
            guard.attempt(HOME, "alice").ended(null, new IllegalStateException("a bug"));
        }
        assertRefused(HOME, "alice");
    }

    @Test
    void aRefusalUsesUpNothing() {
        for (int i = 0; i < 3; i++) {
            fail(ELSEWHERE, "alice");
        }
        for (int i = 0; i < 100; i++) {
            assertRefused(ELSEWHERE, "alice");
        }
        for (int i = 0; i < 17; i++) {
            fail(ELSEWHERE, "user" + i); // of the twenty by address
        }
    }

    @Test
    void theAddressesOfOneIpv6CustomerAreOne() {
        for (int i = 0; i < 3; i++) {
            fail(address("2001:db8:1:2:" + i + "::1"), "alice");
        }
        assertRefused(address("2001:db8:1:2:ffff::1"), "alice");
        fail(address("2001:db8:1:3::1"), "alice");
        fail(address("::ffff:192.0.2.7"), "alice"); // which is IPv4
        assertThat(address("::ffff:192.0.2.7").network()).isEqualTo("192.0.2.7");
    }

    @Test
    void theNetworksThatOneIpv6CustomerMayHaveFailFourTimesAndSixteenTimesAsOften() {
        for (int i = 0; i < 80; i++) {
            fail(address("2001:db8:1:" + Integer.toHexString(i) + "::1"), "user" + i);
        }
        assertRefused(address("2001:db8:1:ff::1"), "alice");
        for (int i = 0; i < 240; i++) {
            fail(address("2001:db8:1:" + Integer.toHexString(0x100 + 0x100 * (i % 4) + i / 4) + "::1"), "user" + i);
        }

        assertRefused(address("2001:db8:1:ffff::1"), "alice");
        assertRefused(address("2001:db8:1:ffff::1"), "alice"); // which has used up nothing of what is narrower
        succeed(address("2001:db8:2:1::1"), "alice");
        succeed(HOME, "alice");
    }

    @Test
    void aSuccessIsGivenBackToAllNetworksOfOneIpv6Customer() {
        for (int i = 0; i < 400; i++) {
            succeed(address("2001:db8:1:2::1"), "alice");
        }
        for (int i = 0; i < 80; i++) {
            fail(address("2001:db8:1:" + Integer.toHexString(i) + "::1"), "user" + i);
        }
    }

    @Test
    void anAttemptKnowsWhetherTheOwnerWasThere() {
        assertThat(guard.attempt(HOME, "alice").known()).isFalse();
        succeed(HOME, "alice");
        assertThat(guard.attempt(HOME, "alice").known()).isTrue();
        assertThat(guard.attempt(HOME, "bob").known()).isFalse();
        assertThat(guard.attempt(ELSEWHERE, "alice").known()).isFalse();
    }

    @Test
    void aLongNameIsOneAccountHoweverItsLettersAreSpelt() {
        var name = "\u1ec7".repeat(150); // which is a letter and two marks
        assertThat(Normalizer.normalize(name, Normalizer.Form.NFD)).hasSize(450);
        for (int i = 0; i < 6; i++) {
            var spelt = Normalizer.normalize(name.substring(0, 30 * i), Normalizer.Form.NFD) + name.substring(30 * i);
            fail(botnet(i), spelt);
        }
        assertRefused(botnet(6), name);
        assertRefused(botnet(7), Normalizer.normalize(name, Normalizer.Form.NFD));
        fail(botnet(8), "\u1ec7".repeat(149));
    }

    @Test
    void namesWithoutEndAreCut() {
        fail(HOME, "x".repeat(60_000));
        fail(HOME, "x".repeat(50_000));
        fail(HOME, "x".repeat(40_000));
        assertRefused(HOME, "x".repeat(301));
        fail(HOME, "x".repeat(299));
    }
}
